//! SAP HANA runs on the host.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::applications::Hana;
use crate::finding::{Kind, Severity};
use crate::model::Release;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_sap_hana",
    summary: "SAP HANA is installed",
    about: "A host with SAP HANA can be upgraded on x86_64 only, with HANA 2.0 of a version SAP \
            supports on the target, and while it does not run. Update HANA first, look its version \
            up in SAP's note 2235581, and stop all instances before the upgrade.",
    covers: &["scan_sap_hana"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["applications"],
    kinds: &[ARCH, RUNNING, VERSION_1, TOO_OLD, CHECK_YOURSELF],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const ARCH: Kind = Kind::new(
    "app.hana-arch",
    "check_sap_hana",
    Severity::High,
    "SAP HANA cannot be upgraded on this architecture",
)
.inhibiting()
.groups(&["sanity"]);

const RUNNING: Kind =
    Kind::new("app.hana-running", "check_sap_hana", Severity::High, "SAP HANA is running")
        .inhibiting()
        .groups(&["sanity"])
        .key("bf2ced0cd092e6b993f46e8ceebc7f2edb8148cc");

const VERSION_1: Kind =
    Kind::new("app.hana-v1", "check_sap_hana", Severity::High, "SAP HANA 1.0 is installed")
        .inhibiting()
        .groups(&["sanity"])
        .key("da9095a94e7f58fa627901a07545f86493594a29");

const TOO_OLD: Kind = Kind::new(
    "app.hana-too-old",
    "check_sap_hana",
    Severity::High,
    "SAP HANA is too old for the target",
)
.inhibiting()
.groups(&["sanity"]);

const CHECK_YOURSELF: Kind = Kind::new(
    "app.hana-check-yourself",
    "check_sap_hana",
    Severity::Medium,
    "Whether SAP supports this HANA on the target has to be looked up",
)
.groups(&["sanity"])
.key("3d94b6ba54c2e5015ec076e33a33c5964c82e25b");

const NOTE: &str = "https://launchpad.support.sap.com/#/notes/2235581";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let applications = host.facts().applications();
    let all = outcome.found(applications.hana());
    let flavour = host.setting("LEAPP_UPGRADE_PATH_FLAVOUR");
    let is_hana = flavour.map_or(!all.is_empty(), |flavour| flavour == "saphana");
    if !is_hana {
        return Ok(());
    }
    if host.arch().as_str() != "x86_64" {
        let summary = format!("The host is {}; SAP supports the upgrade on x86_64.", host.arch());
        let link = "https://access.redhat.com/solutions/5154031";
        outcome.report(ARCH.finding(summary).link(link));
        return Ok(());
    }
    let mut running = Vec::new();
    for hana in &all {
        for number in &hana.instances {
            if outcome.known(applications.runs_hana(number)) == Some(true) {
                running.push(format!("{} {number}", hana.name));
            }
        }
    }
    if !running.is_empty() {
        let hint = "Stop all instances before the upgrade.";
        let summary = format!("These instances run: {}.", running.join(", "));
        outcome.report(RUNNING.finding(summary).hint(hint));
    }
    let (first, others): (Vec<&Hana>, Vec<_>) =
        all.iter().partition(|hana| hana.release.as_deref() == Some("1.00"));
    if !first.is_empty() {
        let hint = "Update to HANA 2.0, or move it to another host, before the upgrade.";
        outcome.report(VERSION_1.finding(listed(&first)).hint(hint).link(NOTE));
    }
    if host.target() > Release::new(8, 6) {
        if !others.is_empty() {
            let hint = "Look up in SAP's note whether this version is supported on the target.";
            outcome.report(CHECK_YOURSELF.finding(listed(&others)).hint(hint).link(NOTE));
        }
    } else if host.target() == Release::new(8, 6) {
        let old: Vec<&Hana> = others.into_iter().filter(|hana| !is_new_enough(hana)).collect();
        if !old.is_empty() {
            let hint = "Update to HANA 2.0 SPS05 revision 59.02 or newer.";
            outcome.report(TOO_OLD.finding(listed(&old)).hint(hint).link(NOTE));
        }
    }
    Ok(())
}

fn listed(all: &[&Hana]) -> String {
    let told = all.iter().map(|hana| {
        let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "?".to_owned());
        let numbers = hana.instances.join(", ");
        let (release, revision) = (part(&hana.release), part(&hana.revision));
        format!("{} {release}, revision {revision}, instances {numbers}", hana.name)
    });
    format!("{}.", told.collect::<Vec<_>>().join("; "))
}

/// Whether a version is 2.0 SPS05 revision 59.02 at least. The service pack is the
/// first two digits of the revision.
fn is_new_enough(hana: &Hana) -> bool {
    let major = hana.release.as_deref().and_then(|release| release.split('.').next());
    let revision = hana.revision.as_deref().filter(|text| text.len() >= 3);
    let number = revision.and_then(|text| text.parse::<u32>().ok());
    let pack = revision.and_then(|text| text.get(..2)?.parse::<u32>().ok());
    let patch = hana.patch_level.as_deref().and_then(|text| text.parse::<u32>().ok());
    let is_two = major.and_then(|major| major.parse::<u32>().ok()) == Some(2);
    is_two
        && match (pack, number) {
            (Some(5), Some(59)) => patch >= Some(2),
            (Some(5), Some(number)) => number > 59,
            (Some(pack), Some(_)) => pack > 5,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};

    fn host(arch: &str, release: &str, revision: &str, patch: &str) -> String {
        format!(
            "//- host rhel:7.9 {arch}\n//- dir /hana/shared: ABC/\n//- dir /hana/shared/ABC: HDB00/ exe/\n\
             //- /hana/shared/ABC/exe/linuxx86_64/hdb/manifest\nrelease: {release}\n\
             rev-number: {revision}\nrev-patchlevel: {patch}\n"
        )
    }

    const PROCESSES: &str = "//- command sapcontrol -nr 00 -function GetProcessList\n\n22.11.2026\n\
                             GetProcessList\nOK\nname, description, dispstatus\n";
    const RUNS: &str = "hdbdaemon, HDB Daemon, GREEN, Running, 1\n";
    const STOPPED: &str = "hdbdaemon, HDB Daemon, GRAY, Stopped, 1\n";

    fn stopped(release: &str, revision: &str, patch: &str) -> String {
        format!("{}{PROCESSES}{STOPPED}", host("x86_64", release, revision, patch))
    }

    #[test]
    fn a_running_instance_forbids_the_upgrade() {
        let host = format!("{}{PROCESSES}{RUNS}", host("x86_64", "2.00", "059", "02"));
        insta::assert_snapshot!(told(ACTOR, &host), @"
        high inhibitor app.hana-running [sanity]
          SAP HANA is running: These instances run: ABC 00.
          hint: Stop all instances before the upgrade.
        medium app.hana-check-yourself [sanity]
          Whether SAP supports this HANA on the target has to be looked up: ABC 2.00, revision 059, instances 00.
          hint: Look up in SAP's note whether this version is supported on the target.
        ");
    }

    #[test]
    fn so_does_the_first_version() {
        insta::assert_snapshot!(told(ACTOR, &stopped("1.00", "122", "00")), @"
        high inhibitor app.hana-v1 [sanity]
          SAP HANA 1.0 is installed: ABC 1.00, revision 122, instances 00.
          hint: Update to HANA 2.0, or move it to another host, before the upgrade.
        ");
    }

    #[test]
    fn so_does_another_architecture() {
        let host = host("ppc64le", "2.00", "059", "02");
        insta::assert_snapshot!(told(ACTOR, &host), @"
        high inhibitor app.hana-arch [sanity]
          SAP HANA cannot be upgraded on this architecture: The host is ppc64le; SAP supports the upgrade on x86_64.
        ");
    }

    #[test]
    fn for_8_6_the_version_is_known_to_be_new_enough_or_not() {
        for (release, revision, patch, is_fine) in [
            ("2.00", "059", "02", true),
            ("2.00", "059", "01", false),
            ("2.00", "059", "", false),
            ("2.00", "060", "00", true),
            ("2.00", "058", "09", false),
            ("2.00", "048", "09", false),
            ("2.00", "067", "00", true),
            ("2.00", "59", "02", false),
            ("3.00", "059", "02", false),
            ("2.00", "x59", "02", false),
        ] {
            let host = stopped(release, revision, patch);
            let told = Case::new(ACTOR, &host).to("rhel:8.6").told();
            assert_eq!(told.is_empty(), is_fine, "{release} {revision} {patch}: {told}");
            assert!(is_fine || told.starts_with("high inhibitor app.hana-too-old"), "{told}");
        }
    }

    #[test]
    fn a_host_without_hana_is_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- absent /hana\n"), "");
        let host = stopped("1.00", "122", "00");
        let told = Case::new(ACTOR, &host).setting("LEAPP_UPGRADE_PATH_FLAVOUR", "default").told();
        assert_eq!(told, "");
    }

    #[test]
    fn whether_it_runs_may_be_unknown() {
        insta::assert_snapshot!(told(ACTOR, &host("x86_64", "2.00", "070", "00")), @"
        medium app.hana-check-yourself [sanity]
          Whether SAP supports this HANA on the target has to be looked up: ABC 2.00, revision 070, instances 00.
          hint: Look up in SAP's note whether this version is supported on the target.
        medium actors.undecided [sanity]
          A check lacks evidence: check_sap_hana (SAP HANA is installed) was not decided: command:sapcontrol -nr 00 -function GetProcessList: was not captured.
          about: evidence command:sapcontrol -nr 00 -function GetProcessList
        ");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_sap_hana (SAP HANA is installed) was not decided: /hana/shared: was not captured.
          about: evidence /hana/shared
        ");
    }
}
