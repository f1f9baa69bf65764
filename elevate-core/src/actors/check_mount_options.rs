//! Programs cannot be run below `/var`.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Finding, Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_mount_options",
    summary: "/var is mounted so that no program runs from it",
    about: "The upgrade prepares the target's system below /var/lib/leapp and runs its programs \
            there. With noexec on /var, /var/lib or /var/lib/leapp they do not start. Take the \
            option away for the upgrade, in /etc/fstab and for what is mounted now.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["storage"],
    kinds: &[NOEXEC],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const NOEXEC: Kind = Kind::new(
    "storage.var-noexec",
    "check_mount_options",
    Severity::High,
    "Programs below /var cannot be run",
)
.inhibiting()
.groups(&["filesystem"])
.key("981b3e9e95ccdfab3d4c83c591d8082596aca1ad");

const PLACES: [&str; 3] = ["/var/lib/leapp", "/var/lib", "/var"];

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let fstab = host.facts().storage().fstab().map(|fstab| fstab.map(|f| f.value));
    let mounted = host.facts().storage().mounted();
    let entries = fstab.as_ref().ok().and_then(Option::as_deref).unwrap_or_default();
    let entry_of = |place: &&str| entries.iter().find(|entry| entry.target == *place);
    if let Some(entry) = PLACES.iter().filter_map(entry_of).find(|entry| entry.is_noexec()) {
        let mut finding = finding(&entry.target, "by /etc/fstab")
            .seen("/etc/fstab", entry.line, &entry.text)
            .hint("Take the option away in /etc/fstab for the upgrade, and mount it again.")
            .command(&["mount", "-o", "remount,exec", &entry.target]);
        if !entry.has_option("noexec") {
            finding = finding.leapp("looks for the word noexec, which the option user implies");
        }
        outcome.report(finding);
        return Ok(());
    }
    let mount_of = |place: &&str| mounted.as_ref().ok().and_then(|mounted| mounted.get(*place));
    let mount = PLACES.iter().filter_map(mount_of).find(|mount| mount.has_option("noexec"));
    if let Some(mount) = mount {
        let hint = "Mount it again without the option.";
        let command = ["mount", "-o", "remount,exec", &mount.target];
        outcome.report(finding(&mount.target, "now").hint(hint).command(&command));
        return Ok(());
    }
    outcome.known(fstab);
    outcome.known(mounted);
    Ok(())
}

fn finding(target: &str, how: &str) -> Finding {
    NOEXEC.finding(format!("{target} is mounted with noexec {how}.")).about("file", ["/etc/fstab"])
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn host(fstab: &str, mounts: &str) -> String {
        told(ACTOR, &format!("//- /etc/fstab\n{fstab}//- /proc/mounts\n{mounts}"))
    }

    const ROOT: &str = "/dev/sda1 / xfs rw 0 0\n";

    #[test]
    fn noexec_in_fstab_forbids_the_upgrade() {
        let fstab = format!("{ROOT}/dev/sdb /var xfs rw,noexec 0 0\n");
        insta::assert_snapshot!(host(&fstab, ROOT), @"
        high inhibitor storage.var-noexec [filesystem]
          Programs below /var cannot be run: /var is mounted with noexec by /etc/fstab.
          seen: /etc/fstab:2: /dev/sdb /var xfs rw,noexec 0 0
          about: file /etc/fstab
          hint: Take the option away in /etc/fstab for the upgrade, and mount it again.
          run: mount -o remount,exec /var
        ");
    }

    #[test]
    fn so_does_what_is_still_mounted_that_way() {
        let mounts = format!("{ROOT}/dev/sdb /var/lib xfs rw,noexec 0 0\n");
        insta::assert_snapshot!(host(ROOT, &mounts), @"
        high inhibitor storage.var-noexec [filesystem]
          Programs below /var cannot be run: /var/lib is mounted with noexec now.
          about: file /etc/fstab
          hint: Mount it again without the option.
          run: mount -o remount,exec /var/lib
        ");
    }

    #[test]
    fn var_counts_even_if_var_lib_is_another_file_system() {
        let fstab = format!("{ROOT}/dev/sdb /var xfs noexec 0 0\n/dev/sdc /var/lib xfs rw 0 0\n");
        assert!(host(&fstab, ROOT).starts_with("high inhibitor storage.var-noexec"));
    }

    /// leapp's defect: it looks for the word alone.
    #[test]
    fn the_options_are_read_as_mount_reads_them() {
        insta::assert_snapshot!(host("/dev/sdb /var xfs users 0 0\n", ROOT), @"
        high inhibitor storage.var-noexec [filesystem]
          Programs below /var cannot be run: /var is mounted with noexec by /etc/fstab.
          seen: /etc/fstab:1: /dev/sdb /var xfs users 0 0
          about: file /etc/fstab
          hint: Take the option away in /etc/fstab for the upgrade, and mount it again.
          run: mount -o remount,exec /var
          leapp: looks for the word noexec, which the option user implies
        ");
        assert_eq!(host("/dev/sdb /var xfs noexec,exec 0 0\n", ROOT), "");
    }

    #[test]
    fn other_places_may_be_mounted_as_they_like() {
        let other = format!("{ROOT}/dev/sdb /tmp xfs rw,noexec 0 0\n");
        assert_eq!(host(&other, &other), "");
    }

    #[test]
    fn what_is_mounted_matters_where_fstab_is_not_known_too() {
        let host = format!("//- /proc/mounts\n{ROOT}/dev/sdb /var xfs noexec 0 0\n");
        assert!(told(ACTOR, &host).starts_with("high inhibitor storage.var-noexec"));
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_mount_options (/var is mounted so that no program runs from it) was not decided: /etc/fstab: was not captured; /proc/self/mountinfo: was not captured.
          about: evidence /etc/fstab
          about: evidence /proc/self/mountinfo
        ");
    }
}
