//! Mount options of xfs that the kernel of release 8 refuses.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::parse::fstab::option_name;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "checkfstabxfsoptions",
    summary: "mount options of xfs that are gone",
    about: "The kernel of release 8 does not mount an xfs file system with these options: a host \
            whose /etc/fstab has them does not come up. Remove the options; without them xfs \
            behaves as it does today.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["storage"],
    kinds: &[OPTIONS],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const OPTIONS: Kind = Kind::new(
    "storage.xfs-options",
    "checkfstabxfsoptions",
    Severity::High,
    "/etc/fstab has mount options of xfs that are gone in release 8",
)
.inhibiting()
.groups(&["filesystem"]);

/// Gone since kernel 4.0, the last two since 4.19.
const GONE: [&str; 8] = [
    "nodelaylog",
    "delaylog",
    "ihashsize",
    "irixsgid",
    "osyncisdsync",
    "osyncisosync",
    "nobarrier",
    "barrier",
];

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let entries = host.facts().storage().fstab()?.map(|fstab| fstab.value).unwrap_or_default();
    let mut found: Vec<&str> = Vec::new();
    let mut lines = Vec::new();
    for entry in entries.iter().filter(|entry| entry.fstype == "xfs") {
        let names = entry.options.iter().map(|option| option_name(option));
        let gone: Vec<&str> = names.filter(|name| GONE.contains(name)).collect();
        if !gone.is_empty() {
            lines.push((entry.line, &entry.text));
            found.extend(gone);
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    found.sort_unstable();
    found.dedup();
    let mut finding = OPTIONS
        .finding(format!("Remove these options of xfs file systems: {}.", found.join(", ")))
        .about("file", ["/etc/fstab"])
        .hint(format!("Remove {} from the lines shown.", found.join(", ")));
    for (line, text) in lines {
        finding = finding.seen("/etc/fstab", line, text);
    }
    outcome.report(finding);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{ACTOR, GONE};
    use crate::actor::testing::told;

    fn fstab(lines: &str) -> String {
        told(ACTOR, &format!("//- /etc/fstab\n{lines}"))
    }

    #[test]
    fn all_lines_with_such_options_are_one_inhibitor() {
        insta::assert_snapshot!(fstab(
            "/dev/a / xfs defaults 0 0\n\
             /dev/b /b xfs noatime,nobarrier,ihashsize=4096 0 0\n\
             /dev/c /c xfs barrier 0 0\n"
        ), @"
        high inhibitor storage.xfs-options [filesystem]
          /etc/fstab has mount options of xfs that are gone in release 8: Remove these options of xfs file systems: barrier, ihashsize, nobarrier.
          seen: /etc/fstab:2: /dev/b /b xfs noatime,nobarrier,ihashsize=4096 0 0
          seen: /etc/fstab:3: /dev/c /c xfs barrier 0 0
          about: file /etc/fstab
          hint: Remove barrier, ihashsize, nobarrier from the lines shown.
        ");
    }

    #[test]
    fn each_option_is_found_wherever_it_stands() {
        for option in GONE {
            for options in [option.to_owned(), format!("a,{option}"), format!("{option}=1,b")] {
                let told = fstab(&format!("/dev/a / xfs {options} 0 0\n"));
                assert!(
                    told.starts_with("high inhibitor storage.xfs-options"),
                    "{options}: {told}"
                );
            }
        }
    }

    #[test]
    fn other_file_systems_and_other_options_are_fine() {
        let lines = "/dev/a / ext4 barrier,nobarrier 0 0\n/dev/b /b xfs barriers,inode64 0 0\n";
        assert_eq!(fstab(lines), "");
        assert_eq!(told(ACTOR, "//- absent /etc/fstab"), "");
    }

    /// leapp ends with an error here.
    #[test]
    fn without_fstab_it_says_what_it_lacks() {
        assert!(told(ACTOR, "").starts_with("medium actors.undecided"));
    }
}
