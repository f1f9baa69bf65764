//! SSSD is configured with what is gone.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::facts::sssd::{Config, Setting};
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "sssd_check",
    summary: "SSSD's configuration means something else in release 8",
    about: "SSSD of release 8 has no local domains and no matching rules in chains for groups, \
            and leaves out sudo rules of LDAP whose host names have wildcards unless it is told \
            otherwise. Domains and options of that kind are told of. Its caches in \
            /var/lib/sss/db are of a newer form than release 8 reads; they are deleted after the \
            upgrade, and made anew.",
    covers: &["sssd_facts", "sssd_handle_cache_files"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["sssd", "packages"],
    kinds: &[LOCAL, GROUPS_CHAIN, INITGROUPS_CHAIN, SUDO],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const fn kind(id: &'static str, severity: Severity, title: &'static str) -> Kind {
    Kind::new(id, "sssd_check", severity, title).groups(&["authentication", "security"])
}

const LOCAL: Kind =
    kind("sssd.local-provider", Severity::Medium, "SSSD has no local domains any more");
const GROUPS_CHAIN: Kind =
    kind("sssd.groups-chain", Severity::Medium, "SSSD passes an option for groups by");
const INITGROUPS_CHAIN: Kind =
    kind("sssd.initgroups-chain", Severity::Medium, "SSSD passes an option for a user's groups by");
const SUDO: Kind =
    kind("sssd.sudo-wildcards", Severity::High, "SSSD leaves sudo rules with wildcards out");

const MAIN: &str = "/etc/sssd/sssd.conf";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let config = outcome.known_of(host, "sssd-common", host.facts().sssd().config()).flatten();
    let Some(config) = config else { return Ok(()) };
    outcome.lacks_all(&config.missing);
    for domain in config.domains() {
        check(host, &config, domain, outcome);
    }
    plan(host, outcome);
    Ok(())
}

fn check(host: &Host<'_>, config: &Config, domain: &str, outcome: &mut Outcome) {
    let section = format!("domain/{domain}");
    let get = |option: &str| config.get(&section, option);
    let mut report = |kind: Kind, at: Setting<'_>, summary: String, hint: &str| {
        let finding =
            kind.finding(summary).about("package", ["sssd"]).about("file", [MAIN]).hint(hint);
        let finding = host.seen(finding, [(at.file, at.line)]);
        outcome.report(if at.file == MAIN {
            finding
        } else {
            finding.leapp("does not read files in conf.d")
        });
    };
    if let Some(at) = get("id_provider").filter(|at| at.value == "local") {
        let what = format!(
            "Domain {domain} is local; SSSD of release 8 passes it by, and its users are unknown."
        );
        report(LOCAL, at, what, "Move its users to /etc/passwd or to another domain.");
    }
    for (kind, option) in [
        (GROUPS_CHAIN, "ldap_groups_use_matching_rule_in_chain"),
        (INITGROUPS_CHAIN, "ldap_initgroups_use_matching_rule_in_chain"),
    ] {
        if let Some(at) = get(option) {
            let what =
                format!("Domain {domain} sets {option}; SSSD of release 8 does not know it.");
            report(kind, at, what, "Remove the option.");
        }
    }
    let provider = get("sudo_provider").or_else(|| get("id_provider"));
    let provider = provider.filter(|at| matches!(at.value, "ad" | "ldap"));
    if let Some(at) = provider.filter(|_| get("ldap_sudo_include_regexp").is_none()) {
        let what = format!(
            "Domain {domain} takes sudo rules from LDAP; those with wildcards in host names do not \
             count in release 8."
        );
        report(
            SUDO,
            at,
            what,
            "Where rules have wildcards, set ldap_sudo_include_regexp = true in the domain.",
        );
    }
}

fn plan(host: &Host<'_>, outcome: &mut Outcome) {
    let why = "The cache is of a newer form than SSSD of release 8 reads.";
    let caches = host.facts().sssd().caches();
    for path in caches.items {
        outcome.step(Step::new(When::After, why, Change::Delete { path }));
    }
    if !caches.missing.is_empty() {
        let change = Change::other("Every file /var/lib/sss/db/*.ldb is deleted.");
        outcome.step(Step::new(When::After, why, change).on("there are such files"));
    }
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn host(config: &str) -> String {
        format!(
            "//- packages\nsssd-common\n//- /etc/sssd/sssd.conf\n{config}\n//- absent /etc/sssd/conf.d\n//- dir /var/lib/sss/db:\n"
        )
    }

    #[test]
    fn domains_are_told_of_one_by_one() {
        let config = "[sssd]\ndomains = a, b\n[domain/a]\nid_provider = local\n[domain/b]\nid_provider = ldap\nsudo_provider = ldap\n\
                      ldap_groups_use_matching_rule_in_chain = True\nldap_initgroups_use_matching_rule_in_chain=false\n[domain/c]\nid_provider = ipa";
        insta::assert_snapshot!(told(ACTOR, &host(config)), @"
        medium sssd.local-provider [authentication, security]
          SSSD has no local domains any more: Domain a is local; SSSD of release 8 passes it by, and its users are unknown.
          seen: /etc/sssd/sssd.conf:4: id_provider = local
          about: file /etc/sssd/sssd.conf
          about: package sssd
          hint: Move its users to /etc/passwd or to another domain.
        medium sssd.groups-chain [authentication, security]
          SSSD passes an option for groups by: Domain b sets ldap_groups_use_matching_rule_in_chain; SSSD of release 8 does not know it.
          seen: /etc/sssd/sssd.conf:8: ldap_groups_use_matching_rule_in_chain = True
          about: file /etc/sssd/sssd.conf
          about: package sssd
          hint: Remove the option.
        medium sssd.initgroups-chain [authentication, security]
          SSSD passes an option for a user's groups by: Domain b sets ldap_initgroups_use_matching_rule_in_chain; SSSD of release 8 does not know it.
          seen: /etc/sssd/sssd.conf:9: ldap_initgroups_use_matching_rule_in_chain=false
          about: file /etc/sssd/sssd.conf
          about: package sssd
          hint: Remove the option.
        high sssd.sudo-wildcards [authentication, security]
          SSSD leaves sudo rules with wildcards out: Domain b takes sudo rules from LDAP; those with wildcards in host names do not count in release 8.
          seen: /etc/sssd/sssd.conf:7: sudo_provider = ldap
          about: file /etc/sssd/sssd.conf
          about: package sssd
          hint: Where rules have wildcards, set ldap_sudo_include_regexp = true in the domain.
        ");
    }

    #[test]
    fn sudo_rules_of_ldap_need_a_word_about_wildcards() {
        for (domain, expected) in [
            ("id_provider = ad", true),
            ("id_provider = ipa\nsudo_provider = ldap", true),
            ("id_provider = ldap\nsudo_provider = none", false),
            ("id_provider = ad\nldap_sudo_include_regexp = false", false),
            ("id_provider = ipa", false),
            ("", false),
        ] {
            let found = told(ACTOR, &host(&format!("[domain/x]\n{domain}")));
            assert_eq!(
                found.starts_with("high sssd.sudo-wildcards"),
                expected,
                "{domain}: {found}"
            );
        }
    }

    /// leapp's defect: it does not read snippets.
    #[test]
    fn snippets_count() {
        let config = host("[domain/x]\nid_provider = ipa").replace(
            "//- absent /etc/sssd/conf.d",
            "//- dir /etc/sssd/conf.d: x.conf\n//- /etc/sssd/conf.d/x.conf\n[domain/x]\nid_provider = local",
        );
        insta::assert_snapshot!(told(ACTOR, &config), @"
        medium sssd.local-provider [authentication, security]
          SSSD has no local domains any more: Domain x is local; SSSD of release 8 passes it by, and its users are unknown.
          seen: /etc/sssd/conf.d/x.conf:2: id_provider = local
          about: file /etc/sssd/sssd.conf
          about: package sssd
          hint: Move its users to /etc/passwd or to another domain.
          leapp: does not read files in conf.d
        ");
    }

    /// leapp's defect: a line it cannot read hides the file.
    #[test]
    fn a_line_that_is_not_understood_hides_no_other() {
        assert!(
            told(ACTOR, &host("what\n[domain/x]\nid_provider = local"))
                .starts_with("medium sssd.local")
        );
    }

    #[test]
    fn caches_are_deleted() {
        let with = host("[sssd]")
            .replace("/var/lib/sss/db:", "/var/lib/sss/db: cache_a.ldb config.ldb x.txt");
        insta::assert_snapshot!(told(ACTOR, &with), @"
        after: The cache is of a newer form than SSSD of release 8 reads.
          delete /var/lib/sss/db/cache_a.ldb
        after: The cache is of a newer form than SSSD of release 8 reads.
          delete /var/lib/sss/db/config.ldb
        ");
        let unlisted = host("[sssd]").replace("//- dir /var/lib/sss/db:\n", "");
        insta::assert_snapshot!(told(ACTOR, &unlisted), @"
        after: The cache is of a newer form than SSSD of release 8 reads.
          if: there are such files
          Every file /var/lib/sss/db/*.ldb is deleted.
        ");
    }

    /// leapp's defect: it deletes them.
    #[test]
    fn caches_of_a_host_that_does_not_use_sssd_stay() {
        let unused = "//- packages\nsssd-common\n//- absent /etc/sssd/sssd.conf\n//- absent /etc/sssd/conf.d\n//- dir /var/lib/sss/db: config.ldb\n";
        assert_eq!(told(ACTOR, unused), "");
    }

    #[test]
    fn evidence_is_missing_only_where_sssd_is_installed() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nsssd-common\n"), @"
        low actors.undecided [sanity]
          A check lacks evidence: sssd_check (SSSD's configuration means something else in release 8) was not decided: /etc/sssd/sssd.conf: was not captured.
          about: evidence /etc/sssd/sssd.conf
        ");
        assert_eq!(told(ACTOR, ""), "");
    }
}
