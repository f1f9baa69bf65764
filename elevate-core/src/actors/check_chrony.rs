//! chrony's configuration: the administrator's stays, the default changes.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Finding, Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_chrony",
    summary: "chrony's default configuration changes",
    about: "An `/etc/chrony.conf` that nobody changed is replaced by that of release 8. It has \
            `leapsectz`, with which servers that smear leap seconds must not be mixed, and one \
            `pool` for the four servers. A changed file stays and means the same.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["time", "verification", "packages"],
    kinds: &[DEFAULT, CHANGED],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const DEFAULT: Kind = Kind::new(
    "chrony.default-configuration",
    "check_chrony",
    Severity::Medium,
    "chrony gets a new default configuration",
)
.groups(&["services", "time management"]);

const CHANGED: Kind =
    Kind::new("chrony.kept", "check_chrony", Severity::Low, "chrony keeps its configuration")
        .groups(&["services", "time management"]);

const CONF: &str = "/etc/chrony.conf";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if !host.has("chrony") {
        return Ok(());
    }
    let about = |finding: Finding| finding.about("package", ["chrony"]).about("file", [CONF]);
    let is_gone = host.facts().time().chrony() == Ok(None);
    if !is_gone && host.facts().verification().is_modified(CONF, "chrony")? {
        let what = "/etc/chrony.conf was changed on this host: it stays, and chronyd of release 8 \
                    behaves as before.";
        outcome.report(about(CHANGED.finding(what)));
        return Ok(());
    }
    let state = if is_gone { "is not there" } else { "was never changed" };
    let finding = DEFAULT
        .finding(format!(
            "/etc/chrony.conf {state}: that of release 8 takes its place. It sets leapsectz, which \
             does not go with servers that smear leap seconds, and one pool for four servers."
        ))
        .hint("Where the servers of the network smear leap seconds, take leapsectz out again.");
    let finding = about(finding);
    let leapp = "takes a file that is not there for one that was changed";
    outcome.report(if is_gone { finding.leapp(leapp) } else { finding });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const HOST: &str = "//- packages\nchrony\n//- /etc/chrony.conf\npool x\n";

    fn verified(output: &str) -> String {
        told(ACTOR, &format!("{HOST}//- command rpm -V --nomtime chrony\n{output}"))
    }

    #[test]
    fn a_default_configuration_is_replaced() {
        insta::assert_snapshot!(verified("\n"), @"
        medium chrony.default-configuration [services, time management]
          chrony gets a new default configuration: /etc/chrony.conf was never changed: that of release 8 takes its place. It sets leapsectz, which does not go with servers that smear leap seconds, and one pool for four servers.
          about: file /etc/chrony.conf
          about: package chrony
          hint: Where the servers of the network smear leap seconds, take leapsectz out again.
        ");
    }

    #[test]
    fn a_changed_configuration_stays() {
        insta::assert_snapshot!(verified("S.5......  c /etc/chrony.conf\n"), @"
        low chrony.kept [services, time management]
          chrony keeps its configuration: /etc/chrony.conf was changed on this host: it stays, and chronyd of release 8 behaves as before.
          about: file /etc/chrony.conf
          about: package chrony
        ");
    }

    /// rpm looks at the content alone; leapp takes such a file for a changed one.
    #[test]
    fn a_file_with_another_mode_is_replaced_too() {
        assert_eq!(verified(".M.......  c /etc/chrony.conf\n"), verified("\n"));
    }

    /// leapp's defect: it says that the behaviour stays as it is.
    #[test]
    fn a_file_that_is_gone_comes_back_with_the_new_default() {
        let host = "//- packages\nchrony\n//- absent /etc/chrony.conf\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        medium chrony.default-configuration [services, time management]
          chrony gets a new default configuration: /etc/chrony.conf is not there: that of release 8 takes its place. It sets leapsectz, which does not go with servers that smear leap seconds, and one pool for four servers.
          about: file /etc/chrony.conf
          about: package chrony
          hint: Where the servers of the network smear leap seconds, take leapsectz out again.
          leapp: takes a file that is not there for one that was changed
        ");
    }

    #[test]
    fn without_a_verification_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, HOST), @"
        low actors.undecided [sanity]
          A check lacks evidence: check_chrony (chrony's default configuration changes) was not decided: command:rpm -V chrony: was not captured.
          about: evidence command:rpm -V chrony
        ");
    }

    #[test]
    fn a_host_without_chrony_is_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- packages\nchrony unsigned\n"), "");
    }
}
