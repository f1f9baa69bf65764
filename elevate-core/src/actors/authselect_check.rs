//! authselect takes the place of authconfig.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::facts::authselect::{Authselect, NoProfile};
use crate::facts::pam::Managed;
use crate::finding::{Finding, Kind, Severity};
use crate::question::Question;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "authselect_check",
    summary: "authconfig set up how users log in",
    about: "Release 8 sets up PAM and the name service switch with authselect, and has no \
            authconfig. Where a profile of authselect does what the files of PAM do now, it is \
            selected after the upgrade: by itself where authconfig wrote these files and nobody \
            changed them, else once the administrator agrees, because what was changed by hand \
            is lost. Without such a profile the files stay as they are.",
    covers: &["authselect_scanner", "authselect_apply"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["pam", "services", "packages"],
    kinds: &[KEPT, CONVERTED, CONFIRMED, DECLINED],
    questions: &[CONFIRM],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const CONFIRM: Question = Question {
    scope: "authselect_check",
    key: "confirm",
    label: "Select a profile of authselect after the upgrade?",
    consequences: "The files of PAM and /etc/nsswitch.conf are replaced by those of the profile, \
                   and what was changed in them by hand is lost. Otherwise they stay, and may use \
                   modules that are gone.",
    proposed: Some(true),
    report_key: Some("68c3ee4354bd3c4e56697a9c34a9be5ce450ecf8"),
};

const fn kind(id: &'static str, severity: Severity, title: &'static str) -> Kind {
    Kind::new(id, "authselect_check", severity, title).groups(&[
        "authentication",
        "security",
        "tools",
    ])
}

const KEPT: Kind =
    kind("authentication.authselect-none", Severity::Info, "No profile of authselect fits")
        .key("40c4ab1da4a30dc1ca40e543f6385e1336d8810c");
const CONVERTED: Kind = kind(
    "authentication.authselect-automatic",
    Severity::Info,
    "authselect takes over what authconfig set up",
)
.key("319689b95eb55badec00c29d53ee79534433cd7c");
const CONFIRMED: Kind = kind(
    "authentication.authselect-confirmed",
    Severity::Info,
    "authselect replaces the files of PAM",
)
.key("319689b95eb55badec00c29d53ee79534433cd7c");
const DECLINED: Kind = kind(
    "authentication.authselect-declined",
    Severity::Medium,
    "The files of PAM stay without authselect",
);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let found = host.facts().authselect()?;
    outcome.lacks_all(&found.missing);
    let Some(command) = found.command() else {
        outcome.report(about(KEPT.finding(why_none(&found))));
        return Ok(());
    };
    let managed = host.facts().pam().managed()?;
    let Some(finding) = decide(host, &managed, &command, outcome) else { return Ok(()) };
    let finding = if !found.unclear.is_empty() {
        let settings = found.unclear.join(", ");
        let mut finding = finding.leapp("stops with an error over a setting that is neither");
        finding.summary += &format!(" {settings} is neither on nor off and counts as off.");
        finding
    } else if managed == Managed::ByAuthconfig && host.facts().pam().has_relative_links() {
        finding.leapp("asks, because it takes relative links for a change by hand")
    } else {
        finding
    };
    outcome.report(about(finding));
    plan(&command, outcome);
    Ok(())
}

/// What is said where the profile will be selected; nothing where it will not.
fn decide(
    host: &Host<'_>,
    managed: &Managed,
    command: &[&str],
    outcome: &mut Outcome,
) -> Option<Finding> {
    let shown = command.join(" ");
    let Managed::ByHand(what) = managed else {
        return Some(CONVERTED.finding(format!(
            "The files of PAM are as authconfig wrote them. After the upgrade `{shown}` is run, \
             and oddjobd is enabled."
        )));
    };
    let detail = || format!("The command is `{shown}`. What tells of changes: {what}.");
    if outcome.answer_to(host, &CONFIRM, detail)? {
        return Some(CONFIRMED.finding(format!(
            "After the upgrade `{shown}` is run, and oddjobd is enabled; what was changed by \
             hand is lost ({what})."
        )));
    }
    let finding = DECLINED.finding(format!(
        "The files stay as they are ({what}). `{shown}` would do the same with files of release 8."
    ));
    outcome.report(about(finding).command(command));
    None
}

fn why_none(found: &Authselect) -> String {
    let why = match &found.profile {
        Err(NoProfile::Several(profiles)) => {
            format!("Users come from several places: {}.", profiles.join(", "))
        }
        Err(NoProfile::Modules(modules)) => {
            format!("PAM uses modules no profile has: {}.", modules.join(", "))
        }
        _ => "Users come neither from SSSD nor from winbind nor from NIS.".to_owned(),
    };
    format!("{why} The files of PAM and /etc/nsswitch.conf stay as they are.")
}

fn about(finding: Finding) -> Finding {
    finding.about("package", ["authselect", "authconfig"]).about("file", ["/etc/nsswitch.conf"])
}

fn plan(command: &[&str], outcome: &mut Outcome) {
    let why = "authselect sets up PAM and the name service switch as authconfig had.";
    outcome.step(Step::new(When::After, why, Change::run(command)));
    let enable = Change::run(&["systemctl", "enable", "oddjobd.service"]);
    let why = "oddjobd makes home directories for profiles that want them.";
    outcome.step(Step::new(When::After, why, enable).on("authselect succeeded"));
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};
    use crate::facts::pam::CENTRAL;

    const FILES: &str = "//- absent /etc/dconf\n//- /etc/nsswitch.conf\nsudoers: files sss\n\
                         //- /etc/sysconfig/authconfig\nUSESMARTCARD=no\n";

    /// A host with files of authconfig that use these modules; links lead from a directory
    /// of this name.
    fn host(modules: &str, directory: &str) -> String {
        let rules = modules.split_whitespace().map(|name| format!("auth required {name}.so\n"));
        let rules: String = rules.collect();
        let links = CENTRAL.iter().map(|name| {
            format!(
                "//- link /etc/pam.d/{name} -> {directory}{name}-ac\n//- /etc/pam.d/{name}\n{rules}\
                 //- entry /etc/pam.d/{name}-ac 1\n"
            )
        });
        format!("{FILES}//- entry /etc/sysconfig/authconfig 1\n{}", links.collect::<String>())
    }

    fn by_hand() -> String {
        host("pam_unix pam_sss pam_oddjob_mkhomedir", "/etc/pam.d/local-")
    }

    #[test]
    fn what_authconfig_wrote_is_converted_without_a_question() {
        insta::assert_snapshot!(told(ACTOR, &host("pam_unix pam_sss pam_faillock", "/etc/pam.d/")), @"
        info authentication.authselect-automatic [authentication, security, tools]
          authselect takes over what authconfig set up: The files of PAM are as authconfig wrote them. After the upgrade `authselect select --force sssd with-faillock with-sudo` is run, and oddjobd is enabled.
          about: file /etc/nsswitch.conf
          about: package authconfig
          about: package authselect
        after: authselect sets up PAM and the name service switch as authconfig had.
          run authselect select --force sssd with-faillock with-sudo
        after: oddjobd makes home directories for profiles that want them.
          if: authselect succeeded
          run systemctl enable oddjobd.service
        ");
    }

    /// leapp's defect: it takes relative links for a change by hand.
    #[test]
    fn relative_links_are_authconfigs_too() {
        let relative = told(ACTOR, &host("pam_winbind", ""));
        assert!(relative.starts_with("info authentication.authselect-automatic"), "{relative}");
        assert!(relative.contains("  leapp: asks, because it takes relative links"), "{relative}");
    }

    #[test]
    fn what_was_changed_by_hand_needs_an_answer() {
        insta::assert_snapshot!(told(ACTOR, &by_hand()), @"
        high inhibitor answers.missing []
          A question has to be answered: Select a profile of authselect after the upgrade? The files of PAM and /etc/nsswitch.conf are replaced by those of the profile, and what was changed in them by hand is lost. Otherwise they stay, and may use modules that are gone. The command is `authselect select --force sssd with-mkhomedir with-sudo`. What tells of changes: /etc/pam.d/system-auth links to /etc/pam.d/local-system-auth-ac.
          about: dialog authselect_check.confirm
          hint: Answer it in an answer file, or on the command line with --answer.
          run: leapp answer --section authselect_check.confirm=True
        ");
    }

    /// leapp's defect: it takes `yes` for no.
    #[test]
    fn with_a_yes_it_is_converted() {
        let answers = "[authselect_check]\nconfirm = yes\n";
        insta::assert_snapshot!(Case::new(ACTOR, &by_hand()).answers(answers).told(), @"
        info authentication.authselect-confirmed [authentication, security, tools]
          authselect replaces the files of PAM: After the upgrade `authselect select --force sssd with-mkhomedir with-sudo` is run, and oddjobd is enabled; what was changed by hand is lost (/etc/pam.d/system-auth links to /etc/pam.d/local-system-auth-ac).
          about: file /etc/nsswitch.conf
          about: package authconfig
          about: package authselect
        after: authselect sets up PAM and the name service switch as authconfig had.
          run authselect select --force sssd with-mkhomedir with-sudo
        after: oddjobd makes home directories for profiles that want them.
          if: authselect succeeded
          run systemctl enable oddjobd.service
        ");
    }

    #[test]
    fn with_a_no_it_stays_and_the_command_is_told() {
        let answers = "[authselect_check]\nconfirm = False\n";
        insta::assert_snapshot!(Case::new(ACTOR, &by_hand()).answers(answers).told(), @"
        medium authentication.authselect-declined [authentication, security, tools]
          The files of PAM stay without authselect: The files stay as they are (/etc/pam.d/system-auth links to /etc/pam.d/local-system-auth-ac). `authselect select --force sssd with-mkhomedir with-sudo` would do the same with files of release 8.
          about: file /etc/nsswitch.conf
          about: package authconfig
          about: package authselect
          run: authselect select --force sssd with-mkhomedir with-sudo
        ");
    }

    #[test]
    fn without_a_profile_the_files_stay() {
        insta::assert_snapshot!(told(ACTOR, &host("pam_unix", "/etc/pam.d/")), @"
        info authentication.authselect-none [authentication, security, tools]
          No profile of authselect fits: Users come neither from SSSD nor from winbind nor from NIS. The files of PAM and /etc/nsswitch.conf stay as they are.
          about: file /etc/nsswitch.conf
          about: package authconfig
          about: package authselect
        ");
        assert!(
            told(ACTOR, &host("pam_sss pam_winbind", "")).contains("several places: sssd, winbind")
        );
        assert!(told(ACTOR, &host("pam_sss pam_ldap", "")).contains("no profile has: pam_ldap"));
    }

    /// leapp's defect: it stops with an error.
    #[test]
    fn a_link_to_nothing_is_a_change_by_hand() {
        let dangling = host("pam_sss", "/etc/pam.d/")
            .replace("//- entry /etc/pam.d/postlogin-ac 1", "//- absent /etc/pam.d/postlogin-ac");
        assert!(told(ACTOR, &dangling).contains("changes: /etc/pam.d/postlogin-ac is not there"));
    }

    /// leapp's defect: it stops with an error.
    #[test]
    fn a_setting_that_is_neither_on_nor_off_is_off() {
        let odd = host("pam_sss", "/etc/pam.d/").replace("USESMARTCARD=no", "USESMARTCARD=perhaps");
        insta::assert_snapshot!(told(ACTOR, &odd), @"
        info authentication.authselect-automatic [authentication, security, tools]
          authselect takes over what authconfig set up: The files of PAM are as authconfig wrote them. After the upgrade `authselect select --force sssd with-sudo` is run, and oddjobd is enabled. USESMARTCARD is neither on nor off and counts as off.
          about: file /etc/nsswitch.conf
          about: package authconfig
          about: package authselect
          leapp: stops with an error over a setting that is neither
        after: authselect sets up PAM and the name service switch as authconfig had.
          run authselect select --force sssd with-sudo
        after: oddjobd makes home directories for profiles that want them.
          if: authselect succeeded
          run systemctl enable oddjobd.service
        ");
    }

    #[test]
    fn missing_evidence_is_named() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: authselect_check (authconfig set up how users log in) was not decided: /etc/pam.d/system-auth: was not captured.
          about: evidence /etc/pam.d/system-auth
        ");
    }
}
