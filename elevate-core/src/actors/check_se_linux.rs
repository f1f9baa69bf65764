//! What becomes of SELinux.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::facts::selinux::Mode;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_se_linux",
    summary: "SELinux is relabelled, and permissive for the time being",
    about: "The labels of files and the policy of release 8 are others. Where SELinux is on, all \
            files are labelled anew at the first boot, which takes its time, and a host that \
            enforces is made permissive, so that it boots whatever is labelled wrongly. Look at \
            the denials afterwards and set it to enforcing again. Where SELinux is off it stays \
            off.",
    covers: &["schedule_se_linux_relabelling", "set_permissive_se_linux"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["selinux"],
    kinds: &[OFF_BUT_ON, OFF, RELABEL, PERMISSIVE],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const GROUPS: &[&str] = &["selinux", "security"];

const OFF_BUT_ON: Kind = Kind::new(
    "selinux.config-off-but-on",
    "check_se_linux",
    Severity::Low,
    "SELinux is on and configured to be off",
)
.groups(GROUPS);

const OFF: Kind =
    Kind::new("selinux.off", "check_se_linux", Severity::Info, "SELinux is off and stays off")
        .groups(GROUPS)
        .key("4f25fea9b15b9d1d07d52cc1de02073f295dac3d");

const RELABEL: Kind = Kind::new(
    "selinux.relabel",
    "check_se_linux",
    Severity::Info,
    "All files are labelled anew at the first boot",
)
.groups(GROUPS)
.key("8fb81863f8413bd617c2a55b69b8e10ff03d7c72");

const PERMISSIVE: Kind = Kind::new(
    "selinux.permissive",
    "check_se_linux",
    Severity::Low,
    "SELinux is permissive after the upgrade",
)
.groups(GROUPS)
.key("39d7183dafba798aa4bbb1e70b0ef2bbe5b1772f");

const CONFIG: &str = "/etc/selinux/config";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let selinux = host.facts().selinux();
    // Without a configuration, or a mode in it, no policy is loaded.
    let configured = selinux.configured()?.unwrap_or(Mode::Disabled);
    if configured == Mode::Disabled {
        let running = outcome.known(selinux.running());
        if running.is_some_and(|running| running != Mode::Disabled) {
            let summary = "The running kernel has SELinux on; after the reboot it is off.";
            outcome.report(OFF_BUT_ON.finding(summary).about("file", [CONFIG]));
        }
        let summary = "It is switched off in /etc/selinux/config; nothing is labelled.";
        outcome.report(OFF.finding(summary));
        return Ok(());
    }
    let summary = "The policy of release 8 has other labels. The first boot takes longer.";
    outcome.report(RELABEL.finding(summary));
    let change = Change::Write { path: "/.autorelabel".to_owned(), content: String::new() };
    outcome.step(Step::new(When::After, "All files are labelled anew at the first boot.", change));
    if configured == Mode::Enforcing {
        let summary = "SELinux enforces now and only logs afterwards.";
        let hint = "Look for denials when all is up, and set SELINUX=enforcing again.";
        outcome.report(PERMISSIVE.finding(summary).about("file", [CONFIG]).hint(hint));
        let config = selinux.permissive_config()?;
        if let Some(change) = config.and_then(|(old, new)| Change::edit(CONFIG, &old, &new)) {
            outcome.step(Step::new(When::After, "SELinux is made permissive.", change));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn with(configured: &str, enforce: &str) -> String {
        let config =
            format!("//- /etc/selinux/config\nSELINUX={configured}\nSELINUXTYPE=targeted\n");
        told(ACTOR, &format!("{config}{enforce}"))
    }

    const ON: &str = "//- /sys/fs/selinux/enforce\n0\n";
    const OFF: &str = "//- /proc/cmdline\nro\n//- absent /sys/fs/selinux/enforce\n";

    #[test]
    fn a_host_that_enforces_is_relabelled_and_made_permissive() {
        insta::assert_snapshot!(with("enforcing", ON), @r#"
        info selinux.relabel [selinux, security]
          All files are labelled anew at the first boot: The policy of release 8 has other labels. The first boot takes longer.
        low selinux.permissive [selinux, security]
          SELinux is permissive after the upgrade: SELinux enforces now and only logs afterwards.
          about: file /etc/selinux/config
          hint: Look for denials when all is up, and set SELINUX=enforcing again.
        after: All files are labelled anew at the first boot.
          write /.autorelabel: ""
        after: SELinux is made permissive.
          /etc/selinux/config:1: SELINUX=enforcing -> SELINUX=permissive
        "#);
    }

    #[test]
    fn a_permissive_host_is_relabelled() {
        insta::assert_snapshot!(with("permissive", ON), @r#"
        info selinux.relabel [selinux, security]
          All files are labelled anew at the first boot: The policy of release 8 has other labels. The first boot takes longer.
        after: All files are labelled anew at the first boot.
          write /.autorelabel: ""
        "#);
    }

    #[test]
    fn where_it_is_off_it_stays_off() {
        insta::assert_snapshot!(with("disabled", OFF), @"
        info selinux.off [selinux, security]
          SELinux is off and stays off: It is switched off in /etc/selinux/config; nothing is labelled.
        ");
        assert_eq!(
            told(ACTOR, &format!("//- absent /etc/selinux/config\n{OFF}")),
            with("disabled", OFF)
        );
    }

    #[test]
    fn that_it_is_on_and_will_be_off_is_told() {
        insta::assert_snapshot!(with("disabled", ON), @"
        low selinux.config-off-but-on [selinux, security]
          SELinux is on and configured to be off: The running kernel has SELinux on; after the reboot it is off.
          about: file /etc/selinux/config
        info selinux.off [selinux, security]
          SELinux is off and stays off: It is switched off in /etc/selinux/config; nothing is labelled.
        ");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(with("disabled", ""), @"
        info selinux.off [selinux, security]
          SELinux is off and stays off: It is switched off in /etc/selinux/config; nothing is labelled.
        low actors.undecided [sanity]
          A check lacks evidence: check_se_linux (SELinux is relabelled, and permissive for the time being) was not decided: /sys/fs/selinux/enforce: was not captured.
          about: evidence /sys/fs/selinux/enforce
        ");
        insta::assert_snapshot!(told(ACTOR, ""), @"
        low actors.undecided [sanity]
          A check lacks evidence: check_se_linux (SELinux is relabelled, and permissive for the time being) was not decided: /etc/selinux/config: was not captured.
          about: evidence /etc/selinux/config
        ");
    }
}
