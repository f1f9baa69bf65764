//! ntpd, ntpdate and ntp-wait make place for chrony.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Directive, Step, When};
use crate::facts::Fact;
use crate::facts::time::{Chrony, NtpService};
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_ntp",
    summary: "ntp is replaced by chrony",
    about: "Release 8 has no ntp. Where ntpd or ntpdate keep the time of this host, chronyd takes \
            over: `/etc/chrony.conf` is made from their configuration after the upgrade, keys go \
            to `/etc/chrony.keys`, and the services of chrony are enabled. Compare the new file \
            with what your network expects; lines without a counterpart are listed.",
    covers: &["migrate_ntp"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["time", "services", "packages"],
    kinds: &[REPLACED],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const REPLACED: Kind = Kind::new(
    "ntp.replaced-by-chrony",
    "check_ntp",
    Severity::Low,
    "chrony takes the place of ntp",
)
.groups(&["services", "time management"]);

const CONF: &str = "/etc/chrony.conf";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let all = [NtpService::Ntpd, NtpService::Ntpdate, NtpService::NtpWait];
    let time = host.facts().time();
    let mut services = Vec::new();
    for service in all.into_iter().filter(|service| host.has(service.package())) {
        // ntp-wait alone keeps no time.
        if service == NtpService::NtpWait && services.is_empty() {
            continue;
        }
        let is_used = outcome.known(time.uses(service)) == Some(true);
        services.extend(is_used.then_some(service));
    }
    if services.is_empty() {
        return Ok(());
    }
    let units: Vec<&str> = services.iter().map(|service| service.unit()).collect();
    let mut finding = REPLACED
        .finding(format!(
            "{} in use. chronyd of release 8 takes over with a configuration made from theirs.",
            if units.len() == 1 {
                format!("{} is", units[0])
            } else {
                format!("{} are", units.join(", "))
            }
        ))
        .about("package", services.iter().map(|service| service.package()).chain(["chrony"]))
        .about("file", services.iter().filter_map(|service| service.config()));
    let made = outcome.known(time.chrony_from(&services));
    if let Some((chrony, _)) = &made
        && !chrony.ignored.is_empty()
    {
        for ignored in &chrony.ignored {
            finding = finding.seen(&ignored.file, ignored.line, &ignored.text);
        }
        finding = finding.hint("Look for what chrony has instead of these lines.");
    }
    outcome.report(finding);
    enable(outcome, &services);
    if let Some((chrony, missing)) = made {
        outcome.lacks_all(&missing);
        let is_keyed = services.contains(&NtpService::Ntpd);
        let keys = time.ntp_keys().ok().flatten().filter(|_| is_keyed);
        write(outcome, chrony, keys);
    }
    Ok(())
}

fn enable(outcome: &mut Outcome, services: &[NtpService]) {
    outcome.ask(Directive::EnableService { unit: "chronyd.service".into() });
    if services.contains(&NtpService::NtpWait) {
        outcome.ask(Directive::EnableService { unit: "chrony-wait.service".into() });
    }
}

fn write(outcome: &mut Outcome, chrony: Chrony, keys: Option<String>) {
    let copy = Change::Copy { from: CONF.into(), to: format!("{CONF}.old") };
    outcome.step(Step::new(When::After, "Keep the file of the package", copy));
    let change = Change::Write { path: CONF.into(), content: chrony.text };
    outcome.step(Step::new(When::After, "Let chronyd do what ntp did", change));
    // Keys are secrets: what they are is on the host alone.
    let Some(from) = keys else { return };
    let kept = format!("{from}.leapp");
    let what = format!(
        "Write the keys of {kept} to /etc/chrony.keys with mode 0640: the trusted ones as chrony \
         wants them, the others as comments"
    );
    let there = format!("{from} is there");
    let copy = Change::Copy { from, to: kept };
    let step = Step::new(When::Before, "Keep the keys, which go with the package ntp", copy);
    outcome.step(step.on(&there));
    let step = Step::new(When::After, "Let chronyd know its keys", Change::other(what));
    outcome.step(step.on(there));
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const NTP: &str = "//- /etc/ntp.conf\ndriftfile /var/lib/ntp/drift\n\
                       restrict default nomodify notrap nopeer noquery\n\
                       server 0.centos.pool.ntp.org iburst\nserver 1.centos.pool.ntp.org iburst\n\
                       server 2.centos.pool.ntp.org iburst\nserver 3.centos.pool.ntp.org iburst\n";

    /// A host whose packages are these, with all services enabled and these active.
    fn with(packages: &str, active: &[&str], files: &str) -> String {
        let active: String =
            active.iter().map(|unit| format!("{unit}.service loaded active running x\n")).collect();
        told(
            ACTOR,
            &format!(
                "//- packages\n{}\n{files}//- command systemctl list-unit-files\n\
                 ntpd.service enabled\nntpdate.service enabled\nntp-wait.service enabled\n\
                 //- command systemctl list-units\n{active}x.service loaded active running x\n",
                packages.replace('+', "\n")
            ),
        )
    }

    const ALL: &str = "ntp+ntpdate+ntp-perl";
    const FILES: &str = "//- /etc/ntp/step-tickers\na.example\n";

    #[test]
    fn ntpd_makes_place_for_chronyd() {
        insta::assert_snapshot!(with("ntp", &["ntpd"], NTP), @r##"
        low ntp.replaced-by-chrony [services, time management]
          chrony takes the place of ntp: ntpd.service is in use. chronyd of release 8 takes over with a configuration made from theirs.
          about: file /etc/ntp.conf
          about: package chrony
          about: package ntp
        ask: enable-service chronyd.service
        after: Keep the file of the package
          copy /etc/chrony.conf to /etc/chrony.conf.old
        after: Let chronyd do what ntp did
          write /etc/chrony.conf: "# Made from the configuration of ntp for release 8.\npool 2.centos.pool.ntp.org iburst\ndriftfile /var/lib/chrony/drift\nmakestep 1.0 3\nrtcsync\nkeyfile /etc/chrony.keys\nleapsectz right/UTC\nlogdir /var/log/chrony\nallow 0.0.0.0/0\nallow ::/0\n"
        "##);
    }

    #[test]
    fn all_three_services_are_taken_over() {
        let files =
            format!("{FILES}//- /etc/ntp.conf\nserver a\nkeys /etc/ntp/keys\ntrustedkey 1\n");
        insta::assert_snapshot!(with(ALL, &["ntpd", "ntpdate", "ntp-wait"], &files), @r##"
        low ntp.replaced-by-chrony [services, time management]
          chrony takes the place of ntp: ntpd.service, ntpdate.service, ntp-wait.service are in use. chronyd of release 8 takes over with a configuration made from theirs.
          about: file /etc/ntp.conf
          about: file /etc/ntp/step-tickers
          about: package chrony
          about: package ntp
          about: package ntp-perl
          about: package ntpdate
        ask: enable-service chronyd.service
        ask: enable-service chrony-wait.service
        after: Keep the file of the package
          copy /etc/chrony.conf to /etc/chrony.conf.old
        after: Let chronyd do what ntp did
          write /etc/chrony.conf: "# Made from the configuration of ntp for release 8.\nserver a\n#driftfile /var/lib/chrony/drift\ninitstepslew 0.1 a.example\nmakestep 1.0 3\nrtcsync\nkeyfile /etc/chrony.keys\nleapsectz right/UTC\nlogdir /var/log/chrony\nallow 0.0.0.0/0\nallow ::/0\ncmdallow 0.0.0.0/0\ncmdallow ::/0\nbindcmdaddress 0.0.0.0\nbindcmdaddress ::\n"
        before: Keep the keys, which go with the package ntp
          if: /etc/ntp/keys is there
          copy /etc/ntp/keys to /etc/ntp/keys.leapp
        after: Let chronyd know its keys
          if: /etc/ntp/keys is there
          Write the keys of /etc/ntp/keys.leapp to /etc/chrony.keys with mode 0640: the trusted ones as chrony wants them, the others as comments
        "##);
    }

    #[test]
    fn ntpdate_alone_sets_the_clock_at_the_start() {
        insta::assert_snapshot!(with("ntpdate", &["ntpdate"], FILES), @r##"
        low ntp.replaced-by-chrony [services, time management]
          chrony takes the place of ntp: ntpdate.service is in use. chronyd of release 8 takes over with a configuration made from theirs.
          about: file /etc/ntp/step-tickers
          about: package chrony
          about: package ntpdate
        ask: enable-service chronyd.service
        after: Keep the file of the package
          copy /etc/chrony.conf to /etc/chrony.conf.old
        after: Let chronyd do what ntp did
          write /etc/chrony.conf: "# Made from the configuration of ntp for release 8.\ndriftfile /var/lib/chrony/drift\ninitstepslew 0.1 a.example\nmakestep 1.0 3\nrtcsync\nkeyfile /etc/chrony.keys\nleapsectz right/UTC\nlogdir /var/log/chrony\n"
        "##);
    }

    #[test]
    fn services_count_with_their_packages_only() {
        let files = format!("{FILES}{NTP}");
        let units = |packages: &str, active: &[&str]| {
            let told = with(packages, active, &files);
            told.lines().filter(|line| line.starts_with("ask:")).count()
        };
        assert_eq!(units("ntp", &["ntpd", "ntpdate", "ntp-wait"]), 1);
        assert_eq!(units("ntp+ntp-perl", &["ntpd", "ntp-wait"]), 2);
        assert_eq!(units("ntpdate+ntp-perl", &["ntp-wait"]), 0);
        assert_eq!(units(ALL, &[]), 0);
        assert_eq!(with("bash", &["ntpd"], &files), "");
        assert_eq!(with("ntp third-party", &["ntpd"], &files), "");
    }

    #[test]
    fn without_its_file_a_service_has_nothing_to_hand_over() {
        assert_eq!(with("ntp", &["ntpd"], "//- absent /etc/ntp.conf\n"), "");
    }

    /// leapp's defect: it drops this server, since it cuts the last letter of the file.
    #[test]
    fn lines_without_a_counterpart_are_shown() {
        insta::assert_snapshot!(with(
            "ntp",
            &["ntpd"],
            "//- /etc/ntp.conf\ncrypto pw secret\ninclude x\nrestrict default ignore\nserver a iburst\n"
        ), @r##"
        low ntp.replaced-by-chrony [services, time management]
          chrony takes the place of ntp: ntpd.service is in use. chronyd of release 8 takes over with a configuration made from theirs.
          seen: /etc/ntp.conf:1: crypto pw (hidden)
          seen: /etc/ntp.conf:2: include x
          about: file /etc/ntp.conf
          about: package chrony
          about: package ntp
          hint: Look for what chrony has instead of these lines.
        ask: enable-service chronyd.service
        after: Keep the file of the package
          copy /etc/chrony.conf to /etc/chrony.conf.old
        after: Let chronyd do what ntp did
          write /etc/chrony.conf: "# Made from the configuration of ntp for release 8.\nserver a iburst\n#driftfile /var/lib/chrony/drift\nmakestep 1.0 3\nrtcsync\nkeyfile /etc/chrony.keys\nleapsectz right/UTC\nlogdir /var/log/chrony\n# Without a counterpart:\n# crypto pw (hidden)\n# include x\n"
        "##);
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nntp\nntp-perl\n"), @"
        low actors.undecided [sanity]
          A check lacks evidence: check_ntp (ntp is replaced by chrony) was not decided: /etc/ntp.conf: was not captured.
          about: evidence /etc/ntp.conf
        ");
        let unseen = with("ntp", &["ntpd"], "//- /etc/ntp.conf\nincludefile /etc/unseen\n");
        assert!(unseen.contains("/etc/unseen: was not captured"), "{unseen}");
    }
}
