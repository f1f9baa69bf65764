//! Output of `systemctl`, where somebody else ran it.

use std::collections::BTreeMap;

use super::super::OddLine;
use super::{Odd, lines};

/// States of unit files by name, from `systemctl list-unit-files`.
pub fn files(text: &str) -> (BTreeMap<String, String>, Vec<OddLine>) {
    let mut units = BTreeMap::new();
    let mut odd = Odd::default();
    for (line, text) in lines::numbered(text) {
        let mut words = text.split_whitespace();
        let (Some(unit), state) = (words.next(), words.next()) else { continue };
        if unit == "UNIT" || text.ends_with("unit files listed.") {
            continue;
        }
        match state {
            Some(state) if is_unit(unit) => {
                units.insert(unit.to_owned(), state.to_owned());
            }
            _ => odd.note(line, text, "is not a unit and its state"),
        }
    }
    (units, odd.finish())
}

/// What runs now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// `active`, `inactive`, `failed` ...
    pub active: String,
    /// `running`, `exited`, `dead` ...
    pub sub: String,
}

/// Units in memory, from `systemctl list-units`.
pub fn running(text: &str) -> (BTreeMap<String, Running>, Vec<OddLine>) {
    let mut units = BTreeMap::new();
    let mut odd = Odd::default();
    for (line, text) in lines::numbered(text) {
        // The legend comes after an empty line.
        if text.trim().is_empty() && !units.is_empty() {
            break;
        }
        let words: Vec<&str> = text.trim_start_matches(['●', '*', ' ']).splitn(5, ' ').collect();
        let words: Vec<&str> = if words.iter().any(|word| word.is_empty()) {
            text.trim_start_matches(['●', '*', ' ']).split_whitespace().take(4).collect()
        } else {
            words
        };
        match words[..] {
            [] | ["UNIT", ..] => {}
            [unit, _, active, sub, ..] if is_unit(unit) => {
                let running = Running { active: active.to_owned(), sub: sub.to_owned() };
                units.insert(unit.to_owned(), running);
            }
            _ => odd.note(line, text, "is not a unit and its states"),
        }
    }
    (units, odd.finish())
}

fn is_unit(name: &str) -> bool {
    let kinds = [
        "service",
        "socket",
        "device",
        "mount",
        "automount",
        "swap",
        "target",
        "path",
        "timer",
        "snapshot",
        "slice",
        "scope",
        "busname",
    ];
    name.rsplit_once('.').is_some_and(|(_, kind)| kinds.contains(&kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_of_unit_files_are_read() {
        let text = "UNIT FILE                STATE   \nsshd.service             enabled \ntmp.mount masked\nfoo bar\n\n337 unit files listed.\n";
        let (units, odd) = files(text);
        let list: Vec<_> = units.iter().map(|(unit, state)| format!("{unit}={state}")).collect();
        assert_eq!(list, ["sshd.service=enabled", "tmp.mount=masked"]);
        assert_eq!(odd.iter().map(|odd| odd.line).collect::<Vec<_>>(), [4]);
    }

    #[test]
    fn running_units_are_read_to_the_legend() {
        let text = "  UNIT LOAD ACTIVE SUB DESCRIPTION\n  ntpd.service   loaded active   running Network Time\n● x.service not-found inactive dead x.service\n\nLOAD   = Reflects ...\n";
        let (units, odd) = running(text);
        let list: Vec<_> =
            units.iter().map(|(u, r)| format!("{u} {} {}", r.active, r.sub)).collect();
        assert_eq!(list, ["ntpd.service active running", "x.service inactive dead"]);
        assert_eq!(odd, []);
        assert_eq!(running("nothing like it\n").1.len(), 1);
    }
}
