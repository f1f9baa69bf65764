//! cups-browsed keeps naming and creating queues as on release 7.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "cupsfilters_migrate",
    summary: "cups-browsed keeps its queues",
    about: "cups-browsed of release 8 names queues of remote printers otherwise and creates fewer \
            of them. Two settings at the end of `/etc/cups/cups-browsed.conf` keep it as before, \
            where the file does not say otherwise.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["cups", "verification", "packages"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if !host.has("cups-filters") {
        return Ok(());
    }
    if let Some(file) = host.facts().cups().browsed()? {
        let replaced = "Add `LocalQueueNamingRemoteCUPS RemoteName` and `CreateIPPPrinterQueues \
                        All` to the /etc/cups/cups-browsed.conf that comes with release 8, where \
                        it does not set them";
        let why = "Keep the names of print queues, and the queues";
        outcome.rewrite_shipped(host, "cups-filters", why, &file, Some(replaced));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn with(output: &str, conf: &str) -> String {
        told(
            ACTOR,
            &format!(
                "//- packages\ncups-filters\n//- command rpm -V cups-filters\n{output}\n\
                 //- /etc/cups/cups-browsed.conf\n{conf}\n"
            ),
        )
    }

    const CHANGED: &str = "S.5......  c /etc/cups/cups-browsed.conf";

    #[test]
    fn a_changed_file_gets_what_it_does_not_say() {
        insta::assert_snapshot!(with(CHANGED, "BrowseAllow all\n# CreateIPPPrinterQueues No"), @"
        after: Keep the names of print queues, and the queues
          /etc/cups/cups-browsed.conf:3: (nothing) -> # Added for release 8:
          /etc/cups/cups-browsed.conf:3: (nothing) -> LocalQueueNamingRemoteCUPS RemoteName
          /etc/cups/cups-browsed.conf:3: (nothing) -> CreateIPPPrinterQueues All
        ");
        insta::assert_snapshot!(with(CHANGED, "  CreateIPPPrinterQueues No"), @"
        after: Keep the names of print queues, and the queues
          /etc/cups/cups-browsed.conf:2: (nothing) -> # Added for release 8:
          /etc/cups/cups-browsed.conf:2: (nothing) -> LocalQueueNamingRemoteCUPS RemoteName
        ");
    }

    #[test]
    fn a_file_that_says_both_stays() {
        let conf = "LocalQueueNamingRemoteCUPS DNS-SD\nCreateIPPPrinterQueues";
        assert_eq!(with(CHANGED, conf), "");
    }

    #[test]
    fn a_file_nobody_changed_is_a_new_one_by_then() {
        insta::assert_snapshot!(with("", "BrowseAllow all"), @"
        after: Keep the names of print queues, and the queues
          Add `LocalQueueNamingRemoteCUPS RemoteName` and `CreateIPPPrinterQueues All` to the /etc/cups/cups-browsed.conf that comes with release 8, where it does not set them
        ");
    }

    #[test]
    fn without_the_file_there_is_nothing_to_do() {
        let host = "//- packages\ncups-filters\n";
        assert_eq!(told(ACTOR, &format!("{host}//- absent /etc/cups/cups-browsed.conf\n")), "");
        insta::assert_snapshot!(told(ACTOR, host), @"
        low actors.undecided [sanity]
          A check lacks evidence: cupsfilters_migrate (cups-browsed keeps its queues) was not decided: /etc/cups/cups-browsed.conf: was not captured.
          about: evidence /etc/cups/cups-browsed.conf
        ");
    }

    #[test]
    fn a_host_without_it_is_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- packages\ncups-filters third-party\n"), "");
    }
}
