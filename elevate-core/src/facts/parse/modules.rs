//! Loaded kernel modules: `/proc/modules`, or what `lsmod` prints of it.

use super::{numbered, odd, push};
use crate::facts::OddLine;

/// A loaded module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// Name, as the kernel writes it: with `_`.
    pub name: String,
    /// Memory it takes, in bytes.
    pub size: u64,
    /// How often it is in use; `None` for a module that cannot be unloaded.
    pub uses: Option<u64>,
    /// Modules that use it.
    pub users: Vec<String>,
    /// What it taints the kernel with, such as `OE`; `lsmod` does not tell.
    pub taint: Option<String>,
}

impl Module {
    /// Whether this is the module of a name; `-` and `_` are one.
    pub fn is(&self, name: &str) -> bool {
        super::cmdline::same_name(&self.name, name)
    }

    /// Whether nothing uses it, so that it can be unloaded.
    pub fn is_idle(&self) -> bool {
        self.uses == Some(0) && self.users.is_empty()
    }
}

/// Reads either form.
pub fn parse(text: &str) -> (Vec<Module>, Vec<OddLine>) {
    let (mut modules, mut notes) = (Vec::new(), Vec::new());
    for (number, line) in numbered(text) {
        let words: Vec<&str> = line.split_whitespace().take(16).collect();
        if words.is_empty() || words.starts_with(&["Module", "Size"]) {
            continue;
        }
        match module(&words) {
            Some(module) => push(&mut modules, module, &mut notes, number, line),
            None => odd(&mut notes, number, line, "is not NAME SIZE USES"),
        }
    }
    (modules, notes)
}

fn module(words: &[&str]) -> Option<Module> {
    let &[name, size, uses, ..] = words else { return None };
    let users = words.get(3).copied().unwrap_or_default();
    let users = users.split(',').filter(|user| !matches!(*user, "" | "-" | "[permanent]"));
    let permanent = words.get(3).is_some_and(|users| users.contains("[permanent]"));
    let uses = match uses {
        // The kernel was built so that it does not count.
        "-" => None,
        count => {
            let count: i64 = count.parse().ok()?;
            u64::try_from(count).ok().filter(|_| !permanent)
        }
    };
    let taint = words.get(4..).unwrap_or_default().iter().find(|word| word.starts_with('('));
    Some(Module {
        name: name.to_owned(),
        size: size.parse().ok()?,
        uses,
        users: users.map(str::to_owned).collect(),
        taint: taint.map(|taint| taint.trim_matches(['(', ')']).to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let text = "inet_diag 18949 2 tcp_diag,udp_diag, Live 0xffffffffc0a3b000\n\
                    zfs 100 0 - Live 0x0 (POE)\n\
                    core 1 1 [permanent], Live 0x0\n";
        let (modules, odd) = parse(text);
        assert_eq!(odd, []);
        assert_eq!(modules[0].users, ["tcp_diag", "udp_diag"]);
        assert_eq!((modules[0].uses, modules[0].is_idle()), (Some(2), false));
        assert_eq!((modules[1].taint.as_deref(), modules[1].is_idle()), (Some("POE"), true));
        assert_eq!(modules[2].uses, None);
        let text = "Module                  Size  Used by\ntcp_diag 12591  0 \ninet_diag 18949  2 tcp_diag,udp_diag\nx 1 -2\n";
        let (lsmod, odd) = parse(text);
        assert_eq!(odd, []);
        assert_eq!(lsmod[1].users, ["tcp_diag", "udp_diag"]);
        assert_eq!(lsmod[2].uses, None);
    }

    #[test]
    fn names_are_equal_with_dash_and_underscore() {
        let (modules, _) = parse("acard_ahci 1 0 -\n");
        assert!(modules[0].is("acard-ahci") && modules[0].is("acard_ahci"));
        assert!(!modules[0].is("ahci"));
    }

    #[test]
    fn lines_that_are_no_modules_are_named() {
        let (modules, odd) = parse("ext4\nxfs big 0\nlibata 1 many\n\nok 1 0\n");
        assert_eq!(odd.iter().map(|o| o.line).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(modules.len(), 1);
    }
}
