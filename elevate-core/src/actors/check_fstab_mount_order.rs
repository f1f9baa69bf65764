//! Entries of fstab that hide or double others.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::storage::{Overlap, overlaps};
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_fstab_mount_order",
    summary: "/etc/fstab mounts a directory above one that is mounted before",
    about: "During the upgrade file systems are mounted in the order of /etc/fstab. An entry that \
            stands after one below it hides that one, and of two entries at one place only the \
            last is seen: packages would be written to the wrong file system. Put the entry of a \
            directory before those of the directories in it, and keep one entry a place.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["storage"],
    kinds: &[ORDER],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const ORDER: Kind = Kind::new(
    "storage.fstab-order",
    "check_fstab_mount_order",
    Severity::High,
    "Entries of /etc/fstab hide one another",
)
.inhibiting()
.groups(&["filesystem"])
.key("fb07b688331fe65635aec13c2a1cb4e86ca6f4dc");

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let Some(fstab) = host.facts().storage().fstab()? else { return Ok(()) };
    let overlaps = overlaps(&fstab.value);
    if overlaps.is_empty() {
        return Ok(());
    }
    let told: Vec<String> = overlaps.iter().map(story).collect();
    let mut finding = ORDER.finding(told.join(" ")).about("file", ["/etc/fstab"]);
    if overlaps.iter().any(|overlap| !overlap.hides.is_empty()) {
        finding = finding.hint("Move each entry before those of the directories in it.");
    }
    if overlaps.iter().any(|overlap| !overlap.doubles.is_empty()) {
        finding = finding.hint("Keep one entry for each mount point.");
    }
    let lines: Vec<usize> = overlaps
        .iter()
        .flat_map(|overlap| overlap.doubles.iter().chain(&overlap.hides).chain([&overlap.line]))
        .copied()
        .collect();
    for entry in fstab.value.iter().filter(|entry| lines.contains(&entry.line)) {
        finding = finding.seen("/etc/fstab", entry.line, &entry.text);
    }
    outcome.report(finding);
    Ok(())
}

fn story(overlap: &Overlap) -> String {
    let lines = |lines: &[usize]| {
        let numbers: Vec<String> = lines.iter().map(usize::to_string).collect();
        let word = if numbers.len() == 1 { "line" } else { "lines" };
        format!("{word} {}", numbers.join(", "))
    };
    let what = match (&overlap.doubles[..], &overlap.hides[..]) {
        (doubles, []) => format!("is mounted by {} already", lines(doubles)),
        ([], hides) => format!("hides what {} mounted in it", lines(hides)),
        (doubles, hides) => format!(
            "is mounted by {} already and hides what {} mounted in it",
            lines(doubles),
            lines(hides)
        ),
    };
    format!("{} of line {} {what}.", overlap.target, overlap.line)
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    /// A host that mounts these places in this order.
    fn mounts(targets: &[&str]) -> String {
        let lines = targets.iter().map(|target| format!("/dev/x {target} xfs defaults 0 0\n"));
        told(ACTOR, &format!("//- /etc/fstab\n{}", lines.collect::<String>()))
    }

    #[test]
    fn a_directory_after_one_in_it_forbids_the_upgrade() {
        insta::assert_snapshot!(mounts(&["/", "/var/log", "/var"]), @"
        high inhibitor storage.fstab-order [filesystem]
          Entries of /etc/fstab hide one another: /var of line 3 hides what line 2 mounted in it.
          seen: /etc/fstab:2: /dev/x /var/log xfs defaults 0 0
          seen: /etc/fstab:3: /dev/x /var xfs defaults 0 0
          about: file /etc/fstab
          hint: Move each entry before those of the directories in it.
        ");
    }

    #[test]
    fn the_root_comes_first() {
        insta::assert_snapshot!(mounts(&["/var", "/"]), @"
        high inhibitor storage.fstab-order [filesystem]
          Entries of /etc/fstab hide one another: / of line 2 hides what line 1 mounted in it.
          seen: /etc/fstab:1: /dev/x /var xfs defaults 0 0
          seen: /etc/fstab:2: /dev/x / xfs defaults 0 0
          about: file /etc/fstab
          hint: Move each entry before those of the directories in it.
        ");
    }

    #[test]
    fn two_entries_at_one_place_forbid_it() {
        insta::assert_snapshot!(mounts(&["/", "/var", "/var/"]), @"
        high inhibitor storage.fstab-order [filesystem]
          Entries of /etc/fstab hide one another: /var of line 3 is mounted by line 2 already.
          seen: /etc/fstab:2: /dev/x /var xfs defaults 0 0
          seen: /etc/fstab:3: /dev/x /var/ xfs defaults 0 0
          about: file /etc/fstab
          hint: Keep one entry for each mount point.
        ");
    }

    #[test]
    fn names_that_only_begin_alike_are_none_of_its_business() {
        assert_eq!(mounts(&["/", "/var/lib/leapp", "/var/lib/lea"]), "");
        assert_eq!(mounts(&["/", "none", "swap", "/var", "/var/log"]), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_fstab_mount_order (/etc/fstab mounts a directory above one that is mounted before) was not decided: /etc/fstab: was not captured.
          about: evidence /etc/fstab
        ");
    }
}
