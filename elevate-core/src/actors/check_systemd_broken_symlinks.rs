//! Links of systemd that lead nowhere.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::services::State;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_systemd_broken_symlinks",
    summary: "links in /etc/systemd/system lead nowhere",
    about: "A link below /etc/systemd/system whose unit is gone enables nothing, and tools that \
            look at units stumble over it. Where the unit is enabled by another way, enable it \
            again so that the link is right; where there is no such unit any more, delete the link.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["services"],
    kinds: &[ENABLED, ORPHAN],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const ENABLED: Kind = Kind::new(
    "systemd.broken-link-enabled",
    "check_systemd_broken_symlinks",
    Severity::Medium,
    "Links of enabled units lead nowhere",
)
.groups(&["filesystem"])
.key("b0c2f9827c0e8733b36601770406f5c02d08da5a");

const ORPHAN: Kind = Kind::new(
    "systemd.broken-link-orphan",
    "check_systemd_broken_symlinks",
    Severity::Low,
    "Links of units that are gone lead nowhere",
)
.groups(&["filesystem"])
.key("be2083fee03f5f0a708fd193d82d2fe20aee7217");

const UNITS: &str = "/etc/systemd/system";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let services = host.facts().services();
    let links = outcome.found(services.broken_links());
    let (mut enabled, mut orphans) = (Vec::new(), Vec::new());
    for link in &links {
        let unit = link.path.rsplit('/').next().unwrap_or_default();
        // A unit whose own file is the link is gone, whatever wants it.
        if link.path == format!("{UNITS}/{unit}") {
            orphans.push(link.path.as_str());
            continue;
        }
        match outcome.known(services.state(unit)) {
            Some(Some(State::Enabled)) => enabled.push(link.path.as_str()),
            Some(_) => orphans.push(link.path.as_str()),
            None => {}
        }
    }
    if !enabled.is_empty() {
        let mut finding = ENABLED
            .finding(format!("These lead nowhere: {}.", enabled.join(", ")))
            .about("file", &enabled)
            .hint("Enable the units again; that writes their links anew.");
        for path in &enabled {
            let unit = path.rsplit('/').next().unwrap_or_default();
            finding = finding.command(&["systemctl", "reenable", unit]);
        }
        if enabled.iter().all(|path| !path.ends_with(".service")) {
            finding = finding.leapp("knows services only and proposes to delete these links");
        }
        outcome.report(finding);
    }
    if !orphans.is_empty() {
        let mut command = vec!["/usr/bin/rm"];
        command.extend(&orphans);
        outcome.report(
            ORPHAN
                .finding(format!("These lead nowhere: {}.", orphans.join(", ")))
                .about("file", &orphans)
                .hint("Delete the links.")
                .command(&command),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const WANTS: &str = "/etc/systemd/system/multi-user.target.wants";

    /// A host with one link that leads nowhere.
    fn with(name: &str, unit_file: &str) -> String {
        format!(
            "//- dir /etc/systemd/system: multi-user.target.wants/\n//- dir {WANTS}: {name}@\n\
             //- link {WANTS}/{name} -> /opt/gone/{name}\n//- absent /opt/gone\n\
             //- dir /run/systemd/system:\n//- dir /usr/lib/systemd/system: {unit_file}\n"
        )
    }

    #[test]
    fn a_link_of_an_enabled_unit_is_to_be_renewed() {
        insta::assert_snapshot!(told(ACTOR, &with("a.service", "a.service")), @"
        medium systemd.broken-link-enabled [filesystem]
          Links of enabled units lead nowhere: These lead nowhere: /etc/systemd/system/multi-user.target.wants/a.service.
          about: file /etc/systemd/system/multi-user.target.wants/a.service
          hint: Enable the units again; that writes their links anew.
          run: systemctl reenable a.service
        ");
    }

    #[test]
    fn a_link_without_a_unit_is_to_be_deleted() {
        insta::assert_snapshot!(told(ACTOR, &with("b.service", "other.service")), @"
        low systemd.broken-link-orphan [filesystem]
          Links of units that are gone lead nowhere: These lead nowhere: /etc/systemd/system/multi-user.target.wants/b.service.
          about: file /etc/systemd/system/multi-user.target.wants/b.service
          hint: Delete the links.
          run: /usr/bin/rm /etc/systemd/system/multi-user.target.wants/b.service
        ");
    }

    /// leapp's defect: it knows services only.
    #[test]
    fn timers_are_units_too() {
        insta::assert_snapshot!(told(ACTOR, &with("c.timer", "c.timer")), @"
        medium systemd.broken-link-enabled [filesystem]
          Links of enabled units lead nowhere: These lead nowhere: /etc/systemd/system/multi-user.target.wants/c.timer.
          about: file /etc/systemd/system/multi-user.target.wants/c.timer
          hint: Enable the units again; that writes their links anew.
          run: systemctl reenable c.timer
          leapp: knows services only and proposes to delete these links
        ");
    }

    #[test]
    fn links_that_lead_somewhere_are_fine() {
        let host = "//- dir /etc/systemd/system: x.service@\n\
                    //- link /etc/systemd/system/x.service -> /usr/lib/systemd/system/y.service\n\
                    //- dir /usr/lib/systemd/system: y.service\n";
        assert_eq!(told(ACTOR, host), "");
        assert_eq!(told(ACTOR, "//- absent /etc/systemd\n"), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        low actors.undecided [sanity]
          A check lacks evidence: check_systemd_broken_symlinks (links in /etc/systemd/system lead nowhere) was not decided: /etc/systemd/system: was not captured.
          about: evidence /etc/systemd/system
        ");
    }
}
