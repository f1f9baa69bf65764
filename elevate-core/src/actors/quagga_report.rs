//! Quagga becomes FRR, which has no babeld.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Directive, Step, When};
use crate::facts::Fact;
use crate::facts::daemons::QUAGGA;
use crate::facts::parse::shell_vars;
use crate::finding::{Kind, Severity};
use crate::model::Release;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "quagga_report",
    summary: "Routing daemons of Quagga are in use",
    about: "FRR takes the place of Quagga in release 8. It has no babeld: a host that routes with \
            Babel has to be moved to RIP, OSPF or EIGRP first. Daemons that run are switched on \
            in FRR with the options they have now, their configuration is copied, and FRR is \
            started at boot where one of them is.",
    covers: &["quagga_daemons", "quagga_to_frr"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["daemons", "services", "packages"],
    kinds: &[BABEL],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const BABEL: Kind = Kind::new(
    "network.quagga-babeld",
    "quagga_report",
    Severity::High,
    "babeld is gone in release 8",
)
.inhibiting()
.groups(&["network", "services"])
.key("3b015594c21c5fa052fb5d770a5250ca7e64ccba");

const DAEMONS: &str = "/etc/frr/daemons";
const KEPT: &str =
    "rpm keeps /etc/sysconfig/quagga as .rpmsave, as it does with a file that was changed";
const WHY: &str = "FRR takes the place of Quagga.";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if !host.has("quagga") {
        return Ok(());
    }
    let services = host.facts().services();
    let (mut active, mut unclear, mut enabled) = (Vec::new(), Vec::new(), Vec::new());
    for daemon in QUAGGA {
        let unit = format!("{daemon}.service");
        let is_enabled = outcome.known(services.is_enabled(&unit)) == Some(true);
        match outcome.known(services.is_active(&unit)) {
            Some(true) => active.push(daemon),
            None if is_enabled => unclear.push(daemon),
            _ => {}
        }
        if is_enabled {
            enabled.push(daemon);
        }
    }
    report_babel(&active, &enabled, outcome);
    plan_daemons(&active, &unclear, outcome);
    plan_options(host, outcome);
    plan_files(host, outcome);
    if !enabled.is_empty() {
        outcome.ask(Directive::EnableService { unit: "frr.service".to_owned() });
    }
    Ok(())
}

fn report_babel(active: &[&str], enabled: &[&str], outcome: &mut Outcome) {
    let how = match (active.contains(&"babeld"), enabled.contains(&"babeld")) {
        (true, true) => "runs and is started at boot",
        (true, false) => "runs",
        (false, true) => "is started at boot",
        (false, false) => return,
    };
    let finding = BABEL
        .finding(format!("babeld {how}; FRR, which takes Quagga's place, does not have it."))
        .hint("Route with RIP, OSPF or EIGRP instead, and stop and disable babeld.")
        .link("https://red.ht/rhel-8-configuring-routing-protocols");
    outcome.report(finding);
}

/// Daemons that run are switched on.
fn plan_daemons(active: &[&str], unclear: &[&str], outcome: &mut Outcome) {
    let sure = active.iter().map(|daemon| (*daemon, String::new()));
    let unclear = unclear.iter().map(|daemon| (*daemon, format!(", and {daemon} ran before")));
    for (daemon, and) in sure.chain(unclear).filter(|(daemon, _)| *daemon != "babeld") {
        let what = format!("In {DAEMONS}, {daemon}=no becomes {daemon}=yes.");
        let step = Step::new(When::After, WHY, Change::other(what));
        outcome.step(step.on(format!("{DAEMONS} is there{and}")));
    }
}

/// They keep their options.
fn plan_options(host: &Host<'_>, outcome: &mut Outcome) {
    let file = outcome.known(host.facts().daemons().quagga_options()).flatten();
    let options = file.map(|file| file.value).unwrap_or_default();
    for daemon in QUAGGA.into_iter().filter(|daemon| *daemon != "babeld") {
        let name = format!("{}_OPTS", daemon.to_ascii_uppercase());
        let Some(value) = shell_vars::last(&options, &name) else { continue };
        let what = format!("In {DAEMONS}, {daemon}_options becomes (\"{value}\").");
        let step = Step::new(When::After, WHY, Change::other(what));
        outcome.step(step.on(format!("{DAEMONS} is there, and {KEPT}")));
    }
}

/// Configuration is copied and, for FRR 7.5, changed.
fn plan_files(host: &Host<'_>, outcome: &mut Outcome) {
    let daemons = host.facts().daemons();
    for name in outcome.found(daemons.quagga_files()) {
        let from = format!("/etc/quagga/{name}");
        let condition = format!("{from} is still there once Quagga is gone");
        let change = Change::Copy { from, to: format!("/etc/frr/{name}") };
        outcome.step(Step::new(When::After, WHY, change).on(condition));
    }
    if host.target() >= Release::new(8, 4) {
        let file = outcome.known(daemons.bgpd_conf_of_frr()).flatten();
        let change = file.and_then(|file| Change::edit(&file.path, &file.before, &file.after));
        if let Some(change) = change {
            let why = "FRR of release 8.4 spells lists of extended communities otherwise.";
            let step = Step::new(When::After, why, change);
            outcome.step(step.on("/etc/quagga/bgpd.conf was copied"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};

    /// Quagga with these units enabled and running.
    fn host(enabled: &str, active: &str, rest: &str) -> String {
        let lines = |names: &str, state: &str| {
            let line = |name: &str| format!("{name}.service {state}\n");
            names.split_whitespace().map(line).collect::<String>()
        };
        format!(
            "//- packages\nquagga\n//- command systemctl list-unit-files\n{}x.service static\n\
             //- command systemctl list-units\n{}x.service loaded active running x\n//- absent /etc/rc.d\n{rest}",
            lines(enabled, "enabled"),
            lines(active, "loaded active running x"),
        )
    }

    const NO_FILES: &str = "//- absent /etc/quagga\n//- absent /etc/sysconfig/quagga\n";

    /// leapp's defect: it crashes where `/etc/quagga` is not there.
    #[test]
    fn babeld_forbids_the_upgrade() {
        insta::assert_snapshot!(told(ACTOR, &host("babeld", "bgpd", NO_FILES)), @"
        high inhibitor network.quagga-babeld [network, services]
          babeld is gone in release 8: babeld is started at boot; FRR, which takes Quagga's place, does not have it.
          hint: Route with RIP, OSPF or EIGRP instead, and stop and disable babeld.
        after: FRR takes the place of Quagga.
          if: /etc/frr/daemons is there
          In /etc/frr/daemons, bgpd=no becomes bgpd=yes.
        ask: enable-service frr.service
        ");
        assert!(told(ACTOR, &host("", "babeld", NO_FILES)).starts_with("high inhibitor"));
    }

    const FILES: &str = "//- /etc/sysconfig/quagga\n# c\nBGPD_OPTS=\"-A ::1 --vty=2605\"\nBABELD_OPTS=\"-x\"\nWATCH_OPTS=\"\"\n\
                         //- dir /etc/quagga: bgpd.conf d/\n//- /etc/quagga/bgpd.conf\nrouter bgp 1\nip extcommunity-list 1 permit rt 1:1\n";

    /// leapp's defect: it crashes on an option with `=`.
    #[test]
    fn other_daemons_go_on_in_frr() {
        insta::assert_snapshot!(told(ACTOR, &host("bgpd", "bgpd zebra", FILES)), @r#"
        after: FRR takes the place of Quagga.
          if: /etc/frr/daemons is there
          In /etc/frr/daemons, bgpd=no becomes bgpd=yes.
        after: FRR takes the place of Quagga.
          if: /etc/frr/daemons is there
          In /etc/frr/daemons, zebra=no becomes zebra=yes.
        after: FRR takes the place of Quagga.
          if: /etc/frr/daemons is there, and rpm keeps /etc/sysconfig/quagga as .rpmsave, as it does with a file that was changed
          In /etc/frr/daemons, bgpd_options becomes ("-A ::1 --vty=2605").
        after: FRR takes the place of Quagga.
          if: /etc/quagga/bgpd.conf is still there once Quagga is gone
          copy /etc/quagga/bgpd.conf to /etc/frr/bgpd.conf
        after: FRR of release 8.4 spells lists of extended communities otherwise.
          if: /etc/quagga/bgpd.conf was copied
          /etc/frr/bgpd.conf:2: ip extcommunity-list 1 permit rt 1:1 -> bgp extcommunity-list 1 permit rt 1:1
        ask: enable-service frr.service
        "#);
    }

    #[test]
    fn whether_a_daemon_runs_is_a_condition_where_nobody_asked() {
        let host = host("bgpd", "", NO_FILES)
            .replace("//- command systemctl list-units\nx.service loaded active running x\n", "");
        let told = told(ACTOR, &host);
        assert!(told.contains("  if: /etc/frr/daemons is there, and bgpd ran before\n"), "{told}");
    }

    #[test]
    fn before_release_8_4_lists_keep_their_spelling() {
        let host = host("", "", FILES);
        let told = |target| Case::new(ACTOR, &host).to(target).told();
        assert!(!told("almalinux:8.3").contains("extcommunity"));
        assert!(told("almalinux:8.4").contains("bgp extcommunity-list"));
    }

    #[test]
    fn evidence_is_missing_only_where_quagga_is_installed() {
        assert_eq!(told(ACTOR, ""), "");
        assert_eq!(
            told(
                ACTOR,
                &host("babeld", "", NO_FILES).replace("\nquagga\n", "\nquagga third-party\n")
            ),
            ""
        );
        insta::assert_snapshot!(told(ACTOR, "//- packages\nquagga\n"), @"
        medium actors.undecided [sanity]
          A check lacks evidence: quagga_report (Routing daemons of Quagga are in use) was not decided: /etc/systemd/system/babeld.service: was not captured; /sys/fs/cgroup/systemd/system.slice: was not captured; /etc/systemd/system/bgpd.service: was not captured; /etc/systemd/system/isisd.service: was not captured; /etc/systemd/system/ospf6d.service: was not captured; /etc/systemd/system/ospfd.service: was not captured; /etc/systemd/system/ripd.service: was not captured; /etc/systemd/system/ripngd.service: was not captured; /etc/systemd/system/zebra.service: was not captured; /etc/sysconfig/quagga: was not captured; /etc/quagga: was not captured; /etc/quagga/bgpd.conf: was not captured.
          about: evidence /etc/quagga
          about: evidence /etc/quagga/bgpd.conf
          about: evidence /etc/sysconfig/quagga
          about: evidence /etc/systemd/system/babeld.service
          about: evidence /etc/systemd/system/bgpd.service
          about: evidence /etc/systemd/system/isisd.service
          about: evidence /etc/systemd/system/ospf6d.service
          about: evidence /etc/systemd/system/ospfd.service
          about: evidence /etc/systemd/system/ripd.service
          about: evidence /etc/systemd/system/ripngd.service
          about: evidence /etc/systemd/system/zebra.service
          about: evidence /sys/fs/cgroup/systemd/system.slice
        ");
    }
}
