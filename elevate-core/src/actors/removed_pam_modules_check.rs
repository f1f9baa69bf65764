//! pam_krb5 or pam_pkcs11 is in use.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::facts::pam::ModuleUse;
use crate::finding::{Finding, Kind, Severity};
use crate::question::Question;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "removed_pam_modules_check",
    summary: "PAM uses modules whose work SSSD does",
    about: "Release 8 has neither pam_krb5 nor pam_pkcs11. Once the administrator agrees, rules \
            of theirs in the files authconfig writes are commented out before the upgrade; users \
            who log in with Kerberos or smart cards cannot until SSSD is set up for it. Rules \
            that jump over a rule that goes are told of: they would pass over the next one.",
    covers: &["removed_pam_modules_scanner", "removed_pam_modules_apply"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["pam"],
    kinds: &[GOES, STAYS, JUMPS],
    questions: &[PKCS11, KRB5],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const fn question(scope: &'static str, label: &'static str, key: &'static str) -> Question {
    Question {
        scope,
        key: "confirm",
        label,
        consequences: "Users who log in with it cannot until SSSD does its work. Otherwise the \
                       upgrade is forbidden: a rule with a module that is not there lets nobody \
                       in.",
        proposed: None,
        report_key: Some(key),
    }
}

const PKCS11: Question = question(
    "remove_pam_pkcs11_module_check",
    "Disable pam_pkcs11 before the upgrade?",
    "d35f6c6b1b1fa6924ef442e3670d90fa92f0d54b",
);
const KRB5: Question = question(
    "remove_pam_krb5_module_check",
    "Disable pam_krb5 before the upgrade?",
    "03f345f78710ed205db60143ad9ff58f37658fbf",
);

const GROUPS: &[&str] = &["authentication", "security", "tools"];

const GOES: Kind = Kind::new(
    "authentication.pam-module-disabled",
    "removed_pam_modules_check",
    Severity::Medium,
    "A module of PAM is disabled before the upgrade",
)
.groups(GROUPS);
const STAYS: Kind = Kind::new(
    "authentication.pam-module-gone",
    "removed_pam_modules_check",
    Severity::High,
    "A module of PAM is gone in release 8",
)
.inhibiting()
.groups(GROUPS);
const JUMPS: Kind = Kind::new(
    "authentication.pam-jumps",
    "removed_pam_modules_check",
    Severity::Medium,
    "Rules of PAM jump over one that goes",
)
.groups(GROUPS);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let mut gone = Vec::new();
    for (module, question) in [("pam_krb5", KRB5), ("pam_pkcs11", PKCS11)] {
        let uses = outcome.found(host.facts().pam().central_uses(module));
        if uses.is_empty() {
            continue;
        }
        match outcome.answer(host, &question) {
            None => {}
            Some(true) => {
                let finding = GOES
                    .finding(format!("Rules with {module} are commented out before the upgrade."))
                    .hint("Set up SSSD for the users who log in with it.");
                outcome.report(place(host, finding, &uses));
                gone.push(module);
            }
            Some(false) => {
                let finding = STAYS
                    .finding(format!(
                        "{module} is not to be disabled, and release 8 does not have it."
                    ))
                    .hint(format!(
                        "Set up SSSD for the users who log in with {module}, and disable it."
                    ));
                outcome.report(place(host, finding, &uses));
            }
        }
    }
    plan(host, &gone, outcome);
    Ok(())
}

fn place(host: &Host<'_>, finding: Finding, uses: &[ModuleUse]) -> Finding {
    let finding = finding.about("package", ["sssd"]);
    host.seen(finding, uses.iter().map(ModuleUse::place))
}

fn plan(host: &Host<'_>, gone: &[&str], outcome: &mut Outcome) {
    if gone.is_empty() {
        return;
    }
    let pam = host.facts().pam();
    let jumps = pam.jumps_over(gone);
    if !jumps.is_empty() {
        let finding = JUMPS
            .finding("Once it is commented out, they pass over the rule after it instead.")
            .hint("Count the rules these jump over again, or take the modules out by hand.")
            .leapp("comments rules out without a look at those that jump over them");
        outcome.report(place(host, finding, &jumps));
    }
    for file in outcome.found(pam.without_modules(gone)) {
        if let Some(change) = Change::edit(&file.path, &file.before, &file.after) {
            let why = format!("Release 8 does not have {}.", gone.join(" and "));
            outcome.step(Step::new(When::Before, why, change));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::Case;

    /// A host with these rules in system-auth.
    fn host(rules: &str) -> String {
        let rest = ["smartcard-auth", "password-auth", "fingerprint-auth", "postlogin"];
        let rest = rest.iter().map(|name| format!("//- absent /etc/pam.d/{name}\n"));
        format!(
            "{}//- link /etc/pam.d/system-auth -> system-auth-ac\n//- entry /etc/pam.d/system-auth-ac 1\n\
             //- /etc/pam.d/system-auth\n{rules}\n",
            rest.collect::<String>()
        )
    }

    fn told(rules: &str, answers: &str) -> String {
        Case::new(ACTOR, &host(rules)).answers(answers).told()
    }

    const KRB5: &str = "auth sufficient pam_unix.so\nauth sufficient pam_krb5.so use_first_pass\n  -account required pam_krb5.so";
    const BOTH: &str = "auth required pam_pkcs11.so\nauth required pam_krb5.so";
    const YES: &str = "[remove_pam_krb5_module_check]\nconfirm = True\n[remove_pam_pkcs11_module_check]\nconfirm = yes\n";

    #[test]
    fn without_an_answer_the_upgrade_is_forbidden() {
        insta::assert_snapshot!(told(BOTH, ""), @"
        high inhibitor answers.missing []
          A question has to be answered: Disable pam_krb5 before the upgrade? Users who log in with it cannot until SSSD does its work. Otherwise the upgrade is forbidden: a rule with a module that is not there lets nobody in.
          about: dialog remove_pam_krb5_module_check.confirm
          hint: Answer it in an answer file, or on the command line with --answer.
          run: leapp answer --section remove_pam_krb5_module_check.confirm=True
        high inhibitor answers.missing []
          A question has to be answered: Disable pam_pkcs11 before the upgrade? Users who log in with it cannot until SSSD does its work. Otherwise the upgrade is forbidden: a rule with a module that is not there lets nobody in.
          about: dialog remove_pam_pkcs11_module_check.confirm
          hint: Answer it in an answer file, or on the command line with --answer.
          run: leapp answer --section remove_pam_pkcs11_module_check.confirm=True
        ");
    }

    #[test]
    fn with_a_yes_rules_are_commented_out_where_the_link_leads() {
        insta::assert_snapshot!(told(KRB5, YES), @"
        medium authentication.pam-module-disabled [authentication, security, tools]
          A module of PAM is disabled before the upgrade: Rules with pam_krb5 are commented out before the upgrade.
          seen: /etc/pam.d/system-auth:2: auth sufficient pam_krb5.so use_first_pass
          seen: /etc/pam.d/system-auth:3:   -account required pam_krb5.so
          about: package sssd
          hint: Set up SSSD for the users who log in with it.
        before: Release 8 does not have pam_krb5.
          /etc/pam.d/system-auth-ac:2: auth sufficient pam_krb5.so use_first_pass -> #auth sufficient pam_krb5.so use_first_pass
          /etc/pam.d/system-auth-ac:3:   -account required pam_krb5.so -> #  -account required pam_krb5.so
        ");
    }

    #[test]
    fn with_a_no_the_upgrade_is_forbidden() {
        insta::assert_snapshot!(told(KRB5, "[remove_pam_krb5_module_check]\nconfirm = False\n"), @"
        high inhibitor authentication.pam-module-gone [authentication, security, tools]
          A module of PAM is gone in release 8: pam_krb5 is not to be disabled, and release 8 does not have it.
          seen: /etc/pam.d/system-auth:2: auth sufficient pam_krb5.so use_first_pass
          seen: /etc/pam.d/system-auth:3:   -account required pam_krb5.so
          about: package sssd
          hint: Set up SSSD for the users who log in with pam_krb5, and disable it.
        ");
    }

    /// leapp's defect: it takes `yes` for no.
    #[test]
    fn both_go_at_once() {
        insta::assert_snapshot!(told(BOTH, YES), @"
        medium authentication.pam-module-disabled [authentication, security, tools]
          A module of PAM is disabled before the upgrade: Rules with pam_krb5 are commented out before the upgrade.
          seen: /etc/pam.d/system-auth:2: auth required pam_krb5.so
          about: package sssd
          hint: Set up SSSD for the users who log in with it.
        medium authentication.pam-module-disabled [authentication, security, tools]
          A module of PAM is disabled before the upgrade: Rules with pam_pkcs11 are commented out before the upgrade.
          seen: /etc/pam.d/system-auth:1: auth required pam_pkcs11.so
          about: package sssd
          hint: Set up SSSD for the users who log in with it.
        before: Release 8 does not have pam_krb5 and pam_pkcs11.
          /etc/pam.d/system-auth-ac:1: auth required pam_pkcs11.so -> #auth required pam_pkcs11.so
          /etc/pam.d/system-auth-ac:2: auth required pam_krb5.so -> #auth required pam_krb5.so
        ");
    }

    /// leapp's defect: `authconfig --enablesmartcard` makes such files, and without
    /// pam_pkcs11 the first rule passes over pam_unix.
    #[test]
    fn rules_that_jump_over_one_that_goes_are_told_of() {
        let rules = "auth [success=1 default=ignore] pam_succeed_if.so service notin login\n\
                     auth [success=done default=die] pam_pkcs11.so\nauth sufficient pam_unix.so";
        insta::assert_snapshot!(told(rules, YES), @"
        medium authentication.pam-module-disabled [authentication, security, tools]
          A module of PAM is disabled before the upgrade: Rules with pam_pkcs11 are commented out before the upgrade.
          seen: /etc/pam.d/system-auth:2: auth [success=done default=die] pam_pkcs11.so
          about: package sssd
          hint: Set up SSSD for the users who log in with it.
        medium authentication.pam-jumps [authentication, security, tools]
          Rules of PAM jump over one that goes: Once it is commented out, they pass over the rule after it instead.
          seen: /etc/pam.d/system-auth:1: auth [success=1 default=ignore] pam_succeed_if.so service notin login
          about: package sssd
          hint: Count the rules these jump over again, or take the modules out by hand.
          leapp: comments rules out without a look at those that jump over them
        before: Release 8 does not have pam_pkcs11.
          /etc/pam.d/system-auth-ac:2: auth [success=done default=die] pam_pkcs11.so -> #auth [success=done default=die] pam_pkcs11.so
        ");
    }

    /// leapp's defects: comments count, modules whose names end alike are hit, and a rule
    /// over two lines loses one of them.
    #[test]
    fn only_rules_with_the_module_count_and_go_whole() {
        for rules in [
            "auth required pam_unix.so # pam_krb5.so",
            "auth required xpam_krb5.so",
            "#auth required pam_krb5.so",
            "",
        ] {
            assert_eq!(told(rules, ""), "", "{rules}");
        }
        let two_lines = told("auth required \\\n  pam_krb5.so", YES);
        assert!(two_lines.contains(":1: auth required \\ -> #auth required \\"), "{two_lines}");
        assert!(two_lines.contains(":2:   pam_krb5.so -> #  pam_krb5.so"), "{two_lines}");
    }

    #[test]
    fn missing_evidence_is_named() {
        insta::assert_snapshot!(Case::new(ACTOR, "").told(), @"
        medium actors.undecided [sanity]
          A check lacks evidence: removed_pam_modules_check (PAM uses modules whose work SSSD does) was not decided: /etc/pam.d/system-auth: was not captured; /etc/pam.d/smartcard-auth: was not captured; /etc/pam.d/password-auth: was not captured; /etc/pam.d/fingerprint-auth: was not captured; /etc/pam.d/postlogin: was not captured.
          about: evidence /etc/pam.d/fingerprint-auth
          about: evidence /etc/pam.d/password-auth
          about: evidence /etc/pam.d/postlogin
          about: evidence /etc/pam.d/smartcard-auth
          about: evidence /etc/pam.d/system-auth
        ");
    }
}
