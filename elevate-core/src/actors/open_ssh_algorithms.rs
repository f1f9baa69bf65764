//! sshd is told to use ciphers or codes that are gone.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::ssh::{Config, Mode, Placed};
use crate::finding::{Finding, Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "open_ssh_algorithms",
    summary: "sshd's configuration names ciphers or codes that are gone",
    about: "OpenSSH of release 8 does not know some old ciphers and message authentication codes. \
            With one of them in its configuration sshd does not start, and the host cannot be \
            reached after the upgrade. Take them out of the lists. A list that only takes \
            algorithms away (`-arcfour`) may name them.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["ssh", "packages"],
    kinds: &[CIPHERS, MACS],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const GROUPS: &[&str] = &["authentication", "security", "network", "services"];

const CIPHERS: Kind = Kind::new(
    "ssh.removed-ciphers",
    "open_ssh_algorithms",
    Severity::High,
    "sshd is told to use ciphers that are gone",
)
.inhibiting()
.groups(GROUPS)
.key("5480e1bb92adfa79c088b53a5af390cccb15095d");
const MACS: Kind = Kind::new(
    "ssh.removed-macs",
    "open_ssh_algorithms",
    Severity::High,
    "sshd is told to use message authentication codes that are gone",
)
.inhibiting()
.groups(GROUPS)
.key("5e212f4c38746acafd30e981b42b6a61b5802e77");

const GONE_CIPHERS: &[&str] =
    &["blowfish-cbc", "cast128-cbc", "arcfour", "arcfour128", "arcfour256"];
const GONE_MACS: &[&str] =
    &["hmac-ripemd160", "hmac-ripemd160@openssh.com", "hmac-ripemd160-etm@openssh.com"];

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let config = outcome.known_of(host, "openssh-server", host.facts().ssh().server()).flatten();
    let Some(config) = config else { return Ok(()) };
    for (kind, keyword, gone) in [(CIPHERS, "Ciphers", GONE_CIPHERS), (MACS, "MACs", GONE_MACS)] {
        match finding(host, &config, kind, keyword, gone) {
            Some(finding) => outcome.report(finding),
            None => outcome.lacks_all(&config.missing),
        }
    }
    Ok(())
}

/// sshd looks at every list, though only the first one counts.
fn finding(
    host: &Host<'_>,
    config: &Config,
    kind: Kind,
    keyword: &str,
    gone: &[&str],
) -> Option<Finding> {
    let named = |at: &Placed| {
        let list = Config::algorithms_at(at);
        let is_gone = |name: &&str| list.mode != Mode::Remove && gone.contains(name);
        list.names.iter().copied().filter(is_gone).map(str::to_owned).collect::<Vec<_>>()
    };
    let lists: Vec<(&Placed, Vec<String>)> =
        config.all(keyword).map(|at| (at, named(at))).collect();
    let mut names: Vec<&str> =
        lists.iter().flat_map(|(_, names)| names).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return None;
    }
    let names = names.join(", ");
    let finding = kind
        .finding(format!("{keyword} names {names}; sshd of release 8 does not start with it."))
        .about("package", ["openssh-server"])
        .about("file", ["/etc/ssh/sshd_config"])
        .hint(format!("Take {names} out of {keyword}."));
    let with = lists.iter().filter(|(_, names)| !names.is_empty());
    let finding = host.seen(finding, with.map(|(at, _)| at.place()));
    let is_first = lists.first().is_some_and(|(_, names)| !names.is_empty());
    Some(if is_first { finding } else { finding.leapp("looks at the first list only") })
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn host(config: &str) -> String {
        format!("//- packages\nopenssh-server\n//- /etc/ssh/sshd_config\n{config}\n")
    }

    #[test]
    fn lists_with_algorithms_that_are_gone_forbid_the_upgrade() {
        let config =
            "Ciphers aes128-ctr,arcfour256,cast128-cbc\nMACs +hmac-ripemd160-etm@openssh.com";
        insta::assert_snapshot!(told(ACTOR, &host(config)), @"
        high inhibitor ssh.removed-ciphers [authentication, security, network, services]
          sshd is told to use ciphers that are gone: Ciphers names arcfour256, cast128-cbc; sshd of release 8 does not start with it.
          seen: /etc/ssh/sshd_config:1: Ciphers aes128-ctr,arcfour256,cast128-cbc
          about: file /etc/ssh/sshd_config
          about: package openssh-server
          hint: Take arcfour256, cast128-cbc out of Ciphers.
        high inhibitor ssh.removed-macs [authentication, security, network, services]
          sshd is told to use message authentication codes that are gone: MACs names hmac-ripemd160-etm@openssh.com; sshd of release 8 does not start with it.
          seen: /etc/ssh/sshd_config:2: MACs +hmac-ripemd160-etm@openssh.com
          about: file /etc/ssh/sshd_config
          about: package openssh-server
          hint: Take hmac-ripemd160-etm@openssh.com out of MACs.
        ");
    }

    #[test]
    fn their_place_in_the_list_does_not_matter() {
        for list in [
            "arcfour",
            "arcfour,arcfour128,arcfour256",
            "arcfour,aes128-ctr",
            "aes128-ctr,arcfour",
            "+blowfish-cbc",
        ] {
            assert!(
                told(ACTOR, &host(&format!("ciphers={list}")))
                    .starts_with("high inhibitor ssh.removed-ciphers")
            );
        }
    }

    #[test]
    fn other_algorithms_are_fine() {
        for config in [
            "",
            "Ciphers aes128-ctr",
            "Ciphers aes128-ctr,aes256-ctr\nMACs hmac-sha2-256",
            "#Ciphers arcfour",
        ] {
            assert_eq!(told(ACTOR, &host(config)), "");
        }
    }

    /// leapp's defect: it looks for parts of names.
    #[test]
    fn names_are_compared_whole_and_lists_that_take_away_may_have_them() {
        let found = told(ACTOR, &host("Ciphers arcfour128"));
        assert!(found.contains("names arcfour128; "), "{found}");
        assert_eq!(told(ACTOR, &host("Ciphers -arcfour,blowfish-cbc")), "");
    }

    /// leapp's defect: it looks at the first list only; sshd at every one.
    #[test]
    fn later_lists_are_looked_at_too() {
        let found = told(ACTOR, &host("Ciphers aes128-ctr\nCiphers arcfour"));
        assert!(found.contains("seen: /etc/ssh/sshd_config:2: Ciphers arcfour"), "{found}");
        assert!(found.contains("leapp: looks at the first list only"), "{found}");
    }

    #[test]
    fn evidence_is_missing_only_where_the_server_is_installed() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nopenssh-server\n"), @"
        medium actors.undecided [sanity]
          A check lacks evidence: open_ssh_algorithms (sshd's configuration names ciphers or codes that are gone) was not decided: /etc/ssh/sshd_config: was not captured.
          about: evidence /etc/ssh/sshd_config
        ");
        assert_eq!(told(ACTOR, ""), "");
        assert_eq!(
            told(ACTOR, "//- packages\nopenssh-server\n//- absent /etc/ssh/sshd_config\n"),
            ""
        );
    }
}
