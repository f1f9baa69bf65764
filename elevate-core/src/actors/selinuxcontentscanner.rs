//! What was added to the policy of SELinux.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::facts::selinux::Mode;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "selinuxcontentscanner",
    summary: "SELinux has modules and settings of its own",
    about: "Modules and settings somebody has added to the policy would not get along with the \
            one of release 8 while it is installed. They are kept aside before and put back after \
            the packages are replaced; what names a type that release 8 does not have is left out. \
            Modules made from the templates of udica need container-selinux, which is installed.",
    covers: &["selinuxprepare", "selinuxapplycustom"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["selinux"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

/// Templates that udica makes modules for containers from.
const TEMPLATES: [&str; 9] = [
    "base_container",
    "config_container",
    "home_container",
    "log_container",
    "net_container",
    "tmp_container",
    "tty_container",
    "virt_container",
    "x_container",
];

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let selinux = host.facts().selinux();
    if selinux.running()? == Mode::Disabled {
        return Ok(());
    }
    let modules = outcome.known(selinux.custom_modules()).unwrap_or_default();
    let changes = outcome.known(selinux.local_changes()).unwrap_or_default();
    if modules.iter().any(|module| TEMPLATES.contains(&module.name.as_str())) {
        outcome.install("container-selinux");
    }
    if !modules.is_empty() {
        let names: Vec<String> =
            modules.iter().map(|module| format!("{} ({})", module.name, module.priority)).collect();
        let names = names.join(", ");
        let why = "Modules of release 7 may not fit the policy of release 8.";
        let aside = Change::other(format!("These modules are kept aside and removed: {names}"));
        outcome.step(Step::new(When::Before, why, aside));
        let back = Change::other(format!("These modules are installed again: {names}"));
        let condition = "lines with types that release 8 does not have are left out";
        outcome.step(Step::new(When::After, "The modules are wanted again.", back).on(condition));
    }
    if !changes.is_empty() {
        let files = changes.join(", ");
        let why = "Local settings of SELinux may not fit the policy of release 8.";
        let aside = Change::other(format!("What these say is kept aside and deleted: {files}"));
        outcome.step(Step::new(When::Before, why, aside));
        let back = Change::other(format!("What these said is set again, line by line: {files}"));
        let condition = "lines with types that release 8 does not have are left out";
        outcome.step(Step::new(When::After, "The settings are wanted again.", back).on(condition));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const ON: &str = "//- /sys/fs/selinux/enforce\n1\n//- /etc/selinux/config\nSELINUX=enforcing\n";
    const OFF: &str = "//- /proc/cmdline\nro\n//- absent /sys/fs/selinux/enforce\n";

    fn store(of_400: &str, local: &str) -> String {
        format!(
            "//- dir /etc/selinux/targeted/active: modules/ {local}\n\
             //- dir /etc/selinux/targeted/active/modules: 100/ 400/ disabled/\n\
             //- dir /etc/selinux/targeted/active/modules/400: {of_400}\n"
        )
    }

    #[test]
    fn modules_and_settings_are_kept_aside_and_put_back() {
        let host = format!("{ON}{}", store("mine/", "ports.local booleans.local"));
        insta::assert_snapshot!(told(ACTOR, &host), @"
        before: Modules of release 7 may not fit the policy of release 8.
          These modules are kept aside and removed: mine (400)
        after: The modules are wanted again.
          if: lines with types that release 8 does not have are left out
          These modules are installed again: mine (400)
        before: Local settings of SELinux may not fit the policy of release 8.
          What these say is kept aside and deleted: /etc/selinux/targeted/active/booleans.local, /etc/selinux/targeted/active/ports.local
        after: The settings are wanted again.
          if: lines with types that release 8 does not have are left out
          What these said is set again, line by line: /etc/selinux/targeted/active/booleans.local, /etc/selinux/targeted/active/ports.local
        ");
    }

    #[test]
    fn modules_for_containers_need_a_package() {
        let told = told(ACTOR, &format!("{ON}{}", store("net_container/", "")));
        assert!(told.contains("ask: install container-selinux"), "{told}");
    }

    #[test]
    fn a_policy_nobody_changed_is_none_of_its_business() {
        assert_eq!(told(ACTOR, &format!("{ON}{}", store("", ""))), "");
    }

    #[test]
    fn where_it_is_off_nothing_is_done() {
        assert_eq!(told(ACTOR, &format!("{OFF}{}", store("mine/", "ports.local"))), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ON), @"
        low actors.undecided [sanity]
          A check lacks evidence: selinuxcontentscanner (SELinux has modules and settings of its own) was not decided: /etc/selinux/targeted/active/modules: was not captured; /etc/selinux/targeted/active: was not captured.
          about: evidence /etc/selinux/targeted/active
          about: evidence /etc/selinux/targeted/active/modules
        ");
        insta::assert_snapshot!(told(ACTOR, ""), @"
        low actors.undecided [sanity]
          A check lacks evidence: selinuxcontentscanner (SELinux has modules and settings of its own) was not decided: /sys/fs/selinux/enforce: was not captured.
          about: evidence /sys/fs/selinux/enforce
        ");
    }
}
