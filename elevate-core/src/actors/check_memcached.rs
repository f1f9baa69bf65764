//! memcached's defaults change: loopback only, no UDP.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Finding, Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_memcached",
    summary: "memcached's defaults change",
    about: "memcached of release 8 has no UDP port unless told so, and its default options let \
            it listen on the loopback interface only. An `/etc/sysconfig/memcached` that nobody \
            changed is replaced by that of release 8: write there on which addresses and ports \
            its clients need it. UDP was abused to flood others; turn it off with `-U 0`.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["daemons", "verification", "packages"],
    kinds: &[DEFAULT, UDP, KEPT],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const DEFAULT: Kind = Kind::new(
    "memcached.default-options",
    "check_memcached",
    Severity::Medium,
    "memcached will listen on loopback only",
)
.groups(&["services"]);

const UDP: Kind = Kind::new(
    "memcached.udp",
    "check_memcached",
    Severity::Medium,
    "memcached may lose its UDP port",
)
.groups(&["services"]);

const KEPT: Kind =
    Kind::new("memcached.kept", "check_memcached", Severity::Low, "memcached behaves as before")
        .groups(&["services"]);

const SYSCONFIG: &str = "/etc/sysconfig/memcached";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if !host.has("memcached") {
        return Ok(());
    }
    let daemons = host.facts().daemons();
    let about =
        |finding: Finding| finding.about("package", ["memcached"]).about("file", [SYSCONFIG]);
    let is_gone = daemons.has_memcached_options() == Ok(false);
    if is_gone || !host.facts().verification().is_modified(SYSCONFIG, "memcached")? {
        let state = if is_gone { "is not there" } else { "was never changed" };
        let finding = DEFAULT
            .finding(format!(
                "{SYSCONFIG} {state}: that of release 8 takes its place, with which memcached \
                 answers on the loopback interface only and on no UDP port."
            ))
            .hint("Where other hosts use it, say with -l in OPTIONS on which addresses.");
        let finding = about(finding);
        outcome.report(if is_gone {
            finding.leapp("crashes: the file is not there")
        } else {
            finding
        });
        return Ok(());
    }
    outcome.report(about(if daemons.memcached_disables_udp()? {
        KEPT.finding(format!("{SYSCONFIG} turns UDP off; it was changed on this host and stays."))
    } else {
        UDP.finding(format!(
            "{SYSCONFIG} was changed on this host and stays, but does not say `-U 0`. memcached of \
             release 7 answers on UDP then; that of release 8 does so only where a port is named."
        ))
        .hint("Add -U 0 to OPTIONS, or -U 11211 where clients need UDP and others cannot reach it.")
    }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn changed(options: &str) -> String {
        let output = "S.5......  c /etc/sysconfig/memcached";
        verified(output, options)
    }

    fn verified(output: &str, options: &str) -> String {
        told(
            ACTOR,
            &format!(
                "//- packages\nmemcached\n//- /etc/sysconfig/memcached\n{options}\n\
                 //- command rpm -V --nomtime memcached\n{output}\n"
            ),
        )
    }

    #[test]
    fn default_options_are_replaced() {
        insta::assert_snapshot!(verified("", "OPTIONS=\"\""), @"
        medium memcached.default-options [services]
          memcached will listen on loopback only: /etc/sysconfig/memcached was never changed: that of release 8 takes its place, with which memcached answers on the loopback interface only and on no UDP port.
          about: file /etc/sysconfig/memcached
          about: package memcached
          hint: Where other hosts use it, say with -l in OPTIONS on which addresses.
        ");
        assert_eq!(verified("", "OPTIONS=\"-U 0\""), verified("", "OPTIONS=\"\""));
    }

    #[test]
    fn changed_options_with_udp_are_told() {
        insta::assert_snapshot!(changed("OPTIONS=\"-l 10.0.0.1\""), @"
        medium memcached.udp [services]
          memcached may lose its UDP port: /etc/sysconfig/memcached was changed on this host and stays, but does not say `-U 0`. memcached of release 7 answers on UDP then; that of release 8 does so only where a port is named.
          about: file /etc/sysconfig/memcached
          about: package memcached
          hint: Add -U 0 to OPTIONS, or -U 11211 where clients need UDP and others cannot reach it.
        ");
        assert_eq!(changed("OPTIONS=\"-U 11211\""), changed("OPTIONS=\"-l 10.0.0.1\""));
    }

    #[test]
    fn changed_options_without_udp_stay() {
        insta::assert_snapshot!(changed("OPTIONS=\"-U 0\""), @"
        low memcached.kept [services]
          memcached behaves as before: /etc/sysconfig/memcached turns UDP off; it was changed on this host and stays.
          about: file /etc/sysconfig/memcached
          about: package memcached
        ");
    }

    /// leapp's defects: it wants a character after the zero and no other spelling.
    #[test]
    fn udp_is_off_however_it_is_written() {
        for options in ["OPTIONS=-U0", "export OPTIONS='-U 0'", "OPTIONS=\"-U 00\""] {
            assert_eq!(changed(options), changed("OPTIONS=\"-U 0\""), "{options}");
        }
    }

    /// leapp's defect: it crashes there.
    #[test]
    fn a_file_that_is_gone_comes_back_with_the_new_default() {
        let host = "//- packages\nmemcached\n//- absent /etc/sysconfig/memcached\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        medium memcached.default-options [services]
          memcached will listen on loopback only: /etc/sysconfig/memcached is not there: that of release 8 takes its place, with which memcached answers on the loopback interface only and on no UDP port.
          about: file /etc/sysconfig/memcached
          about: package memcached
          hint: Where other hosts use it, say with -l in OPTIONS on which addresses.
          leapp: crashes: the file is not there
        ");
    }

    #[test]
    fn without_a_verification_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nmemcached\n"), @"
        low actors.undecided [sanity]
          A check lacks evidence: check_memcached (memcached's defaults change) was not decided: command:rpm -V memcached: was not captured.
          about: evidence command:rpm -V memcached
        ");
    }

    #[test]
    fn a_host_without_memcached_is_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- packages\nmemcached third-party\n"), "");
    }
}
