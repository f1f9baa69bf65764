//! Services of Foreman and Satellite.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::Directive;
use crate::facts::Fact;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "satellite_upgrade_services",
    summary: "services of Foreman are started at boot",
    about: "The services of Foreman and Satellite must not start before their installer has run on \
            release 8, at the first boot. They are disabled; the installer enables them again.",
    applies: Applies::SEVEN_TO_EIGHT.on(&["x86_64"]),
    needs: &["packages", "services"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const SERVICES: [&str; 10] = [
    "dynflow-sidekiq@*",
    "foreman",
    "foreman-proxy",
    "httpd",
    "postgresql",
    "pulpcore-api",
    "pulpcore-content",
    "pulpcore-worker@*",
    "tomcat",
    "redis",
];

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if ["foreman", "foreman-proxy"].iter().all(|name| host.all_named(name).is_empty()) {
        return Ok(());
    }
    let units = outcome.found(host.facts().services().wanted_by("multi-user.target"));
    for unit in units.into_iter().filter(|unit| is_of_foreman(unit)) {
        outcome.ask(Directive::DisableService { unit });
    }
    Ok(())
}

fn is_of_foreman(unit: &str) -> bool {
    let Some(name) = unit.strip_suffix(".service") else { return false };
    SERVICES.iter().any(|service| match service.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == *service,
    })
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const WANTS: &str = "//- dir /etc/systemd/system/multi-user.target.wants: crond.service@ \
                         dynflow-sidekiq@worker-1.service@ foreman.service@ foreman.timer@ \
                         httpd.service@\n";

    #[test]
    fn services_of_foreman_are_disabled() {
        let host = format!("//- packages\nforeman-proxy third-party\n{WANTS}");
        insta::assert_snapshot!(told(ACTOR, &host), @"
        ask: disable-service dynflow-sidekiq@worker-1.service
        ask: disable-service foreman.service
        ask: disable-service httpd.service
        ");
    }

    #[test]
    fn a_host_without_foreman_keeps_its_services() {
        assert_eq!(told(ACTOR, WANTS), "");
        assert_eq!(
            told(ACTOR, &format!("//- host rhel:7.9 s390x\n//- packages\nforeman\n{WANTS}")),
            ""
        );
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nforeman\n"), @"
        low actors.undecided [sanity]
          A check lacks evidence: satellite_upgrade_services (services of Foreman are started at boot) was not decided: /etc/systemd/system/multi-user.target.wants: was not captured.
          about: evidence /etc/systemd/system/multi-user.target.wants
        ");
    }
}
