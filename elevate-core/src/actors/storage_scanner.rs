//! Lines of fstab the upgrade would not understand.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::storage::bad_lines;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "storage_scanner",
    summary: "/etc/fstab has lines that are no entries",
    about: "While the packages are replaced, everything in /etc/fstab has to be mounted. A line \
            that has not four to six fields, or has a comment at its end, is read in different \
            ways by different programs, or not at all. Correct each line; a comment needs a line \
            of its own.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["storage"],
    kinds: &[UNPARSABLE],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const UNPARSABLE: Kind = Kind::new(
    "storage.fstab-unparsable",
    "storage_scanner",
    Severity::High,
    "Lines of /etc/fstab are not understood",
)
.inhibiting()
.groups(&["filesystem"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let Some(fstab) = host.facts().storage().fstab()? else { return Ok(()) };
    let bad = bad_lines(&fstab);
    let Some(first) = bad.first() else { return Ok(()) };
    let why = match (first.has_comment, first.fields) {
        (true, _) => "ends in a comment, which is read as fields".to_owned(),
        (false, count) => format!("has {count} fields, not 4 to 6"),
    };
    let summary = match bad.len() {
        1 => format!("Line {} {why}.", first.line),
        count => format!("{count} lines are no entries; line {} {why}.", first.line),
    };
    let mut finding = UNPARSABLE
        .finding(summary)
        .about("file", ["/etc/fstab"])
        .hint("Give each of these lines its six fields, and a comment a line of its own.");
    for line in &bad {
        finding = finding.seen("/etc/fstab", line.line, line.text);
    }
    if !bad.iter().any(|line| line.is_miscounted()) {
        finding = finding.leapp("counts fields only, takes the comment for some and says nothing");
    }
    outcome.report(finding);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    #[test]
    fn lines_of_a_wrong_number_of_fields_forbid_the_upgrade() {
        let host = "//- /etc/fstab\n/dev/sda1 / xfs defaults 0 0\n/dev/sdb /data xfs\n/dev/sdc\n\
                    /dev/sdd /srv xfs defaults 0 0 0\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        high inhibitor storage.fstab-unparsable [filesystem]
          Lines of /etc/fstab are not understood: 3 lines are no entries; line 2 has 3 fields, not 4 to 6.
          seen: /etc/fstab:2: /dev/sdb /data xfs
          seen: /etc/fstab:3: /dev/sdc
          seen: /etc/fstab:4: /dev/sdd /srv xfs defaults 0 0 0
          about: file /etc/fstab
          hint: Give each of these lines its six fields, and a comment a line of its own.
        ");
    }

    #[test]
    fn so_does_a_comment_at_the_end_of_a_line() {
        let host = "//- /etc/fstab\n/dev/sda1 / xfs defaults 0 0 # the root\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        high inhibitor storage.fstab-unparsable [filesystem]
          Lines of /etc/fstab are not understood: Line 1 ends in a comment, which is read as fields.
          seen: /etc/fstab:1: /dev/sda1 / xfs defaults 0 0 # the root
          about: file /etc/fstab
          hint: Give each of these lines its six fields, and a comment a line of its own.
        ");
    }

    /// leapp's defect: a comment that makes six fields passes there.
    #[test]
    fn so_does_a_comment_that_looks_like_fields() {
        let host = "//- /etc/fstab\n/dev/sdb /data xfs defaults # data\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        high inhibitor storage.fstab-unparsable [filesystem]
          Lines of /etc/fstab are not understood: Line 1 ends in a comment, which is read as fields.
          seen: /etc/fstab:1: /dev/sdb /data xfs defaults # data
          about: file /etc/fstab
          hint: Give each of these lines its six fields, and a comment a line of its own.
          leapp: counts fields only, takes the comment for some and says nothing
        ");
    }

    /// leapp's defect: it takes an indented comment for an entry.
    #[test]
    fn an_indented_comment_is_a_comment() {
        assert_eq!(told(ACTOR, "//- /etc/fstab\n  # of three\n\t#x\n\n"), "");
    }

    #[test]
    fn four_to_six_fields_are_an_entry() {
        let host = "//- /etc/fstab\n# comment\n/dev/sda1 / xfs defaults\n/dev/sdb /a xfs ro 0\n";
        assert_eq!(told(ACTOR, host), "");
        assert_eq!(told(ACTOR, "//- absent /etc/fstab\n"), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: storage_scanner (/etc/fstab has lines that are no entries) was not decided: /etc/fstab: was not captured.
          about: evidence /etc/fstab
        ");
    }
}
