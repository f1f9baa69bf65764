//! Hosts after an upgrade, as text; each check with what it is silent about.

use super::*;
use crate::finding::Remediation;
use crate::model::{Nevra, RepoId, Unmet};
use crate::plan::testing::plan as nothing;
use crate::plan::{
    Arrival, AskedBy, Baseline, BaselineRepository, Directive, Fate, Operation, Reason, Source,
    Successors, TargetPackage, TargetRepository, Totals, Units, Whole,
};
use crate::report::text::Style;
use crate::snapshot::fixture;

const NEW_KERNEL: &str = "4.18.0-553.el8_10.x86_64";

/// A host as [`plan`] wants it, with all evidence.
const GOOD: &str = "
//- host almalinux:8.10 x86_64
//- kernel 4.18.0-553.el8_10.x86_64
//- packages
bash-4.4.20-5.el8.x86_64
kernel-3.10.0-1160.el7.x86_64
kernel-core-4.18.0-553.el8_10.x86_64
python2-2.7.18-17.el8.x86_64
raven-agent-3.1-1.x86_64
gpg-pubkey-2fa658e0-45700c69.noarch
//- dir /: boot/ etc/ root/ sys/ usr/ var/
//- dir /sys/firmware:
//- dir /boot: grub2/
//- dir /boot/grub2: grub.cfg
//- /boot/grub2/grub.cfg
menuentry 'AlmaLinux' {
 linux /vmlinuz-4.18.0-553.el8_10.x86_64 ro
}
//- dir /root:
//- dir /var:
//- dir /usr/lib/systemd/system: a.service b.service
//- /usr/lib/systemd/system/a.service
[Install]
WantedBy=multi-user.target
//- /usr/lib/systemd/system/b.service
[Service]
ExecStart=/bin/b
//- dir /etc/systemd/system: multi-user.target.wants/
//- dir /etc/systemd/system/multi-user.target.wants: a.service@
//- link /etc/systemd/system/multi-user.target.wants/a.service -> /usr/lib/systemd/system/a.service
//- dir /run/systemd/system:
//- link /usr/bin/python -> /usr/bin/python2
//- absent /etc/yum.conf
//- /etc/dnf/dnf.conf
[main]
//- absent /etc/leapp
//- absent /etc/migration-results
//- absent /etc/rhsm
//- find /etc/*.rpm[nos]*: /etc/old.rpmnew
//- /etc/yum.repos.d/almalinux.repo
[baseos]
name=BaseOS
baseurl=https://repo.example/8/BaseOS/
[raven]
name=Raven
baseurl=https://raven.example/$releasever/
";

fn target(text: &str) -> TargetPackage {
    let Nevra { name, evr, arch } = text.parse().unwrap();
    let repository = RepoId::new("baseos").unwrap();
    TargetPackage { name, evr, arch, repository, download: 1, size: 1, file: None }
}

fn operation(text: &str, fate: Fate, to: &[&str]) -> Operation {
    let Nevra { name, evr, arch } = text.parse().unwrap();
    Operation {
        name,
        evr,
        arch: Some(arch),
        fate,
        to: to.iter().map(|text| target(text)).collect(),
        reasons: Vec::<Reason>::new(),
        because: None,
    }
}

fn arrival(text: &str) -> Arrival {
    let package = target(text);
    Arrival {
        name: package.name.clone(),
        source: Source::default(),
        instead_of: Vec::new(),
        package: Some(package),
        reasons: Vec::new(),
        because: None,
    }
}

fn replaced(by: &str) -> Fate {
    Fate::Replaced(Successors { successors: vec![by.parse().unwrap()] })
}

/// A plan with everything that is verified.
fn plan() -> Plan {
    let whole = Whole {
        libsolv: "0.7.20".to_owned(),
        totals: Totals::default(),
        asked: Vec::new(),
        unmatched: Vec::new(),
        refused: Vec::new(),
        lost: Vec::new(),
        steps: Vec::new(),
        loops: Vec::new(),
    };
    let repository = |id: &str| BaselineRepository {
        id: RepoId::new(id).unwrap(),
        file: Some("/etc/yum.repos.d/x.repo".to_owned()),
        enabled: true,
    };
    Plan {
        transaction: Some(whole),
        packages: vec![
            operation(
                "bash-4.2.46-35.el7_9.x86_64",
                Fate::Upgraded(Source::default()),
                &["bash-4.4.20-5.el8.x86_64"],
            ),
            operation("htop-2.2.0-3.x86_64", Fate::Removed, &[]),
            operation("kernel-3.10.0-1160.el7.x86_64", Fate::Stays, &[]),
            operation(
                "python-2.7.5-94.el7_9.x86_64",
                replaced("python2"),
                &["python2-2.7.18-17.el8.x86_64"],
            ),
            operation("raven-agent-3.1-1.x86_64", Fate::NoKnownFuture, &[]),
            operation("gpg-pubkey-f4a80eb5-53a7ff4b.noarch", Fate::Stays, &[]),
        ],
        arrivals: vec![arrival("kernel-core-4.18.0-553.el8_10.x86_64")],
        repositories: vec![TargetRepository {
            id: RepoId::new("almalinux8-baseos").unwrap(),
            reasons: Vec::new(),
            defined_in: None,
            address: None,
        }],
        baseline: Some(Baseline {
            machine: None,
            running_kernel: Some("3.10.0-1160.el7.x86_64".to_owned()),
            default_kernel: Some("3.10.0-1160.el7.x86_64".to_owned()),
            units: Some(Units { enabled: vec!["a.service".to_owned()], unknown: Vec::new() }),
            repositories: Some(vec![repository("base"), repository("raven")]),
            set_aside: Some(vec!["/etc/old.rpmnew".to_owned()]),
        }),
        ..nothing()
    }
}

fn verified(plan: &Plan, host: &str, unmet: &[(&str, &str)]) -> Verification {
    let unmet = unmet.iter().map(|(package, capability)| Unmet {
        package: (*package).to_owned(),
        capability: (*capability).to_owned(),
    });
    let dependencies = Dependencies { unmet: unmet.collect(), unknown: Vec::new() };
    verify(plan, &fixture::parse(host).unwrap(), &dependencies)
}

/// What is found beside that which is always there: a kernel and a file of before.
fn lines(verification: &Verification) -> String {
    let always = ["verify.leftover-planned", "verify.set-aside-before"];
    let findings = verification.findings.iter().filter(|f| !always.contains(&f.id.as_ref()));
    let finding = |finding: &Finding| {
        let commands = finding.remediation.iter().map(|one| match one {
            Remediation::Command(words) => format!("\n  $ {}", words.join(" ")),
            Remediation::Hint(hint) => format!("\n  {hint}"),
        });
        let (severity, id) = (finding.severity.as_str(), &finding.id);
        format!("{severity} {id}: {}{}\n", finding.summary, commands.collect::<String>())
    };
    let missing = verification.missing.iter().map(|what| format!("missing: {what}\n"));
    findings.map(finding).chain(missing).collect()
}

/// What is found on the good host with one text in place of another.
fn changed(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    lines(&verified(&plan(), &GOOD.replace(from, to), &[]))
}

#[test]
fn a_host_that_is_as_planned_is_told_as_that() {
    let good = verified(&plan(), GOOD, &[]);
    assert_eq!(lines(&good), "");
    assert_eq!(good.verdict, Verdict::AsPlanned);
    let ids: Vec<&str> = good.findings.iter().map(|f| f.id.as_ref()).collect();
    assert_eq!(ids, ["verify.leftover-planned", "verify.set-aside-before"]);
    assert!(good.findings[0].summary.contains("kernel-3.10.0-1160.el7.x86_64"));
    assert_eq!((good.counts["planned"], good.counts["leftovers-planned"]), (5, 1));
    insta::assert_snapshot!("as_planned", render(&good, Style::default()));
}

#[test]
fn planned_packages_have_to_be_there_in_their_version() {
    insta::assert_snapshot!(changed("python2-2.7.18-17.el8.x86_64\n", ""), @"
    high verify.package-missing: Not installed: python2-2.7.18-17.el8.x86_64.
      $ dnf install python2-2.7.18-17.el8.x86_64
    ");
    insta::assert_snapshot!(changed("bash-4.4.20-5.el8", "bash-4.4.20-4.el8"), @"
    high verify.package-older: There is bash-4.4.20-4.el8.x86_64 where bash-4.4.20-5.el8.x86_64 was planned.
      $ dnf upgrade bash
    ");
    insta::assert_snapshot!(changed("bash-4.4.20-5.el8", "bash-4.4.20-6.el8"), @"medium verify.package-newer: There is bash-4.4.20-6.el8.x86_64 where bash-4.4.20-5.el8.x86_64 was planned.");
    insta::assert_snapshot!(changed("raven-agent-3.1-1.x86_64\n", ""), @"high verify.package-gone: Not installed any more: raven-agent-3.1-1.x86_64.");
}

#[test]
fn what_was_to_go_and_what_nobody_planned_is_told() {
    let more = |package: &str| changed("bash-4.4", &format!("{package}\nbash-4.4"));
    insta::assert_snapshot!(more("htop-2.2.0-3.x86_64"), @"
    high verify.package-remains: Still installed: htop-2.2.0-3.x86_64.
      $ dnf remove --noautoremove htop-2.2.0-3.x86_64
    ");
    insta::assert_snapshot!(more("vim-8.0-1.el8.x86_64"), @"high verify.package-unplanned: Not in the plan: vim-8.0-1.el8.x86_64.");
}

#[test]
fn packages_of_the_old_release_are_told_apart_by_the_plan() {
    let more = |package: &str| changed("bash-4.4", &format!("{package}\nbash-4.4"));
    insta::assert_snapshot!(more("python-2.7.5-94.el7_9.x86_64"), @"
    high verify.leftover: Still of release 7: python-2.7.5-94.el7_9.x86_64.
      $ dnf remove --noautoremove python-2.7.5-94.el7_9.x86_64
    ");
    // It did not follow: one finding, not two.
    insta::assert_snapshot!(changed("bash-4.4.20-5.el8", "bash-4.2.46-35.el7_9"), @"
    high verify.leftover: Still of release 7: bash-4.2.46-35.el7_9.x86_64.
      $ dnf remove --noautoremove bash-4.2.46-35.el7_9.x86_64
    ");
    insta::assert_snapshot!(changed("kernel-3.10.0-1160.el7.x86_64\n", ""), @"info verify.leftover-removed: Not installed any more: kernel-3.10.0-1160.el7.x86_64.");
}

#[test]
fn the_old_release_is_that_of_the_plan() {
    let mut next = plan();
    next.path.source = "almalinux:8.10".parse().unwrap();
    next.path.target = "almalinux:9.4".parse().unwrap();
    let found = verified(&next, GOOD, &[]);
    let ids: Vec<&str> = found.findings.iter().map(|f| f.id.as_ref()).collect();
    assert!(ids.contains(&"verify.release") && ids.contains(&"verify.boot-default"), "{ids:?}");
    assert_eq!(found.counts["leftovers-planned"], 4);
}

#[test]
fn another_kernel_beside_the_planned_one_is_an_update() {
    let more = "kernel-core-4.18.0-600.el8_10.x86_64\nkernel-core";
    insta::assert_snapshot!(changed("kernel-core", more), @"medium verify.package-newer: There is kernel-core-4.18.0-600.el8_10.x86_64 where kernel-core-4.18.0-553.el8_10.x86_64 was planned.");
}

#[test]
fn a_plan_of_names_is_held_against_names() {
    let mut names = plan();
    names.transaction = None;
    names.packages.iter_mut().for_each(|operation| operation.to.clear());
    names.arrivals[0].package = None;
    // What comes along is not known, and not told.
    let host = GOOD.replace("bash-4.4.20-5", "vim-8.0-1.el8.x86_64\nbash-4.4.20-9");
    insta::assert_snapshot!(lines(&verified(&names, &host, &[])), @"missing: the versions of packages, and what comes along with them: the plan was made without target repositories, or has no transaction");
    let without = GOOD.replace("python2-2.7.18-17.el8.x86_64\n", "");
    insta::assert_snapshot!(lines(&verified(&names, &without, &[])), @"
    high verify.package-missing: Not installed: python2.
      $ dnf install python2
    missing: the versions of packages, and what comes along with them: the plan was made without target repositories, or has no transaction
    ");
}

#[test]
fn two_versions_of_a_package_are_told_but_for_kernels() {
    let twice = "bash-4.4.19-1.el8.x86_64\nbash-4.4.20";
    insta::assert_snapshot!(changed("bash-4.4.20", twice), @"
    high verify.duplicates: In the package database: bash-4.4.20-5.el8.x86_64, bash-4.4.19-1.el8.x86_64.
      $ dnf remove --duplicates
    ");
}

#[test]
fn requirements_nobody_meets_weigh_less_of_packages_that_stayed() {
    let unmet = [
        ("bash-4.4.20-5.el8.x86_64", "libtinfo.so.6()(64bit)"),
        ("raven-agent-3.1-1.x86_64", "raven"),
    ];
    let found = verified(&plan(), GOOD, &unmet);
    insta::assert_snapshot!(lines(&found), @"
    high verify.dependencies: Nobody provides it: bash-4.4.20-5.el8.x86_64 requires libtinfo.so.6()(64bit).
      $ dnf check --dependencies
    medium verify.dependencies-of-kept: Nobody provides it: raven-agent-3.1-1.x86_64 requires raven.
      $ dnf check --dependencies
    ");
    let unknown = Dependencies { unmet: Vec::new(), unknown: vec!["bash".to_owned()] };
    let found = verify(&plan(), &fixture::parse(GOOD).unwrap(), &unknown);
    assert_eq!(found.verdict, Verdict::Incomplete);
    assert_eq!(lines(&found), "missing: what 1 of 6 packages require\n");
}

#[test]
fn a_kernel_of_the_old_release_is_not_to_boot_nor_to_run() {
    let old = "3.10.0-1160.el7.x86_64";
    let boot = changed(&format!("/vmlinuz-{NEW_KERNEL}"), &format!("/vmlinuz-{old}"));
    insta::assert_snapshot!(boot, @"
    high verify.boot-default: By default AlmaLinux boots, with 3.10.0-1160.el7.x86_64.
      $ grubby --set-default /boot/vmlinuz-4.18.0-553.el8_10.x86_64
    ");
    insta::assert_snapshot!(changed("//- kernel 4.18.0-553.el8_10.x86_64", "//- kernel 3.10.0-1160.el7.x86_64"), @"
    high verify.running-kernel: 3.10.0-1160.el7.x86_64 is running.
      $ systemctl reboot
    ");
    // On a mounted root nothing runs.
    assert_eq!(changed("//- kernel 4.18.0-553.el8_10.x86_64\n", ""), "");
    insta::assert_snapshot!(changed("menuentry", "#"), @"missing: which kernel boots by default: there is no menu");
}

#[test]
fn python_leads_to_what_the_plan_leaves_for_it() {
    insta::assert_snapshot!(changed("-> /usr/bin/python2", "-> /usr/bin/python3"), @"
    medium verify.python: /usr/bin/python leads to /usr/bin/python3, though Python 2 is installed for what calls it.
      $ alternatives --set python /usr/bin/python2
    ");
    let dangling = "//- absent /usr/bin/python2\n//- link /usr/bin/python -> /usr/bin/python2";
    insta::assert_snapshot!(changed("//- link /usr/bin/python -> /usr/bin/python2", dangling), @"
    medium verify.python: /usr/bin/python leads nowhere.
      $ alternatives --set python /usr/bin/python2
    ");
    assert_eq!(changed("//- link /usr/bin/python -> /usr/bin/python2\n", ""), "");
}

#[test]
fn units_that_were_enabled_and_are_not_come_with_the_command() {
    let disabled = changed("multi-user.target.wants: a.service@", "multi-user.target.wants:");
    insta::assert_snapshot!(disabled.clone(), @"
    high verify.unit-disabled: Enabled before, and not now: a.service.
      $ systemctl enable a.service
    ");
    let mut asked = plan();
    let ask = |directive| AskedBy { actor: "x".to_owned(), directive };
    asked.directives = vec![ask(Directive::EnableService { unit: "c.service".to_owned() })];
    let units = asked.baseline.as_mut().and_then(|b| b.units.as_mut()).unwrap();
    units.enabled.push("b.service".to_owned());
    insta::assert_snapshot!(lines(&verified(&asked, GOOD, &[])), @"low verify.unit-changed: Enabled before: b.service (is not to be enabled by itself), c.service (gone).");
    // What the plan was to disable is not missed.
    let mut wanted = plan();
    wanted.directives = vec![ask(Directive::DisableService { unit: "a.service".to_owned() })];
    let host = GOOD.replace("multi-user.target.wants: a.service@", "multi-user.target.wants:");
    assert_eq!(lines(&verified(&wanted, &host, &[])), "");
}

#[test]
fn a_masked_unit_is_told_as_that() {
    let masked = changed(
        "//- dir /etc/systemd/system: ",
        "//- link /etc/systemd/system/a.service -> /dev/null\n//- dir /etc/systemd/system: a.service@ ",
    );
    insta::assert_snapshot!(masked, @"
    high verify.unit-masked: Enabled before, and masked now: a.service.
      $ systemctl unmask a.service
      systemctl enable a.service
    ");
}

#[test]
fn repositories_are_those_of_the_target_in_their_state() {
    let old = "[base]\nname=Base\nbaseurl=https://vault.example/7.9.2009/os/\n[baseos]";
    insta::assert_snapshot!(changed("[baseos]", old), @"
    high verify.repository-of-source: Still enabled: base.
      $ dnf config-manager --set-disabled base
    ");
    insta::assert_snapshot!(changed("name=BaseOS", "name=BaseOS\nenabled=0"), @"
    high verify.repository-disabled: Disabled: baseos.
      $ dnf config-manager --set-enabled baseos
    ");
    insta::assert_snapshot!(changed("name=Raven", "name=Raven\nenabled=0"), @"
    medium verify.repository-state: Enabled before, and not now: raven.
      $ dnf config-manager --set-enabled raven
    ");
    insta::assert_snapshot!(changed("[baseos]\nname=BaseOS", "[other]\nname=Other"), @"medium verify.repository-missing: As far as ids and addresses tell, the host has nothing like almalinux8-baseos.");
    // An old one that is disabled is as it should be.
    assert_eq!(changed("[baseos]", &old.replace("name=Base", "name=Base\nenabled=0")), "");
    let none = changed("name=Raven", "name=Raven\nenabled=0").len();
    let all = GOOD.replace("name=Raven", "name=Raven\nenabled=0");
    let all = lines(&verified(&plan(), &all.replace("=BaseOS\n", "=BaseOS\nenabled=0\n"), &[]));
    assert!(all.len() > none && all.contains("high verify.repository-none"), "{all}");
}

#[test]
fn a_file_of_repositories_that_cannot_be_read_is_missing_and_an_odd_one_is_not() {
    let file =
        |text: &str| format!("//- /etc/yum.repos.d/x.repo\n{text}\n//- absent /etc/yum.conf");
    let told = changed("//- absent /etc/yum.conf", &file("[x]\nenabled=1"));
    assert_eq!(told, "");
    let told = changed("//- absent /etc/yum.conf", &file("x=1"));
    assert!(
        told.starts_with("missing: the repositories of /etc/yum.repos.d/x.repo: line 1"),
        "{told}"
    );
}

#[test]
fn what_the_tool_left_is_told_where_it_is() {
    let excludes = "[main]\nexclude=leapp,snactor\n leapp-upgrade-el7toel8 mine";
    insta::assert_snapshot!(changed("[main]", excludes), @"
    medium verify.excludes: dnf leaves out leapp, leapp-upgrade-el7toel8, snactor.
      $ dnf config-manager --save --setopt=exclude=mine
    ");
    let left = "//- dir /boot: vmlinuz-upgrade.x86_64 grub2/";
    insta::assert_snapshot!(changed("//- dir /boot: grub2/", left), @"
    low verify.tool-leftovers: There is /boot/vmlinuz-upgrade.x86_64.
      $ rm -r -- /boot/vmlinuz-upgrade.x86_64
    ");
    assert_eq!(changed("[main]", "[main]\nexclude=mine"), "");
}

#[test]
fn configuration_beside_other_is_told_unless_it_was_there_before() {
    let more = "//- find /etc/*.rpm[nos]*: /etc/yum.repos.d/x.repo.rpmnew /etc/y.rpmsave";
    insta::assert_snapshot!(changed("//- find /etc/*.rpm[nos]*:", more), @"
    medium verify.set-aside: There is /etc/yum.repos.d/x.repo.rpmnew, /etc/y.rpmsave. Among them are definitions of repositories: 1.
      compare each with the file it stands beside, take over what is wanted, remove it
      $ diff -u /etc/yum.repos.d/x.repo /etc/yum.repos.d/x.repo.rpmnew
      $ diff -u /etc/y.rpmsave /etc/y
    ");
}

#[test]
fn a_plan_of_another_host_is_told() {
    let mut plan = plan();
    plan.hostname = Some("web1".to_owned());
    let mut host = fixture::parse(GOOD).unwrap();
    host.identity.hostname = Some("web2".to_owned());
    let named = verify(&plan, &host, &Dependencies::default());
    insta::assert_snapshot!(lines(&named), @"medium verify.host-name: The plan is that of web1, and this is web2.");
    let id = "0123456789abcdef0123456789abcdef\n";
    host.evidence.files.insert("/etc/machine-id".to_owned(), id.into());
    plan.baseline.as_mut().unwrap().machine = host.machine();
    assert_eq!(lines(&verify(&plan, &host, &Dependencies::default())), "");
    plan.baseline.as_mut().unwrap().machine = Some("another".to_owned());
    insta::assert_snapshot!(lines(&verify(&plan, &host, &Dependencies::default())), @"high verify.other-host: Their /etc/machine-id differ.");
}

#[test]
fn what_was_not_looked_at_is_said_and_leaves_it_open() {
    let bare = "//- host almalinux:8.10 x86_64\n//- packages\n";
    let packages = GOOD.split("//- packages\n").nth(1).unwrap().split("//- ").next().unwrap();
    let mut plan = plan();
    let found = verified(&plan, &format!("{bare}{packages}"), &[]);
    assert_eq!(found.verdict, Verdict::Incomplete);
    insta::assert_snapshot!(lines(&found), @"
    missing: which kernel boots by default: /sys/firmware/efi: was not captured
    missing: the state of units: 1, first /etc/systemd/system/a.service: was not captured
    missing: the repositories: they were not captured
    missing: what dnf leaves out: /etc/yum.conf: was not captured
    missing: configuration that was put aside: /etc/*.rpm[nos]*: was not captured
    missing: what leapp left: /boot: was not captured
    ");
    plan.baseline = Some(Baseline::default());
    insta::assert_snapshot!(lines(&verified(&plan, GOOD, &[])), @"
    medium verify.set-aside: There is /etc/old.rpmnew.
      compare each with the file it stands beside, take over what is wanted, remove it
      $ diff -u /etc/old /etc/old.rpmnew
    missing: the units that were enabled before: they were not captured
    missing: the repositories before: they were not captured
    missing: configuration that was put aside before: it was not captured
    ");
    plan.baseline = None;
    insta::assert_snapshot!(lines(&verified(&plan, GOOD, &[])), @"
    medium verify.set-aside: There is /etc/old.rpmnew.
      compare each with the file it stands beside, take over what is wanted, remove it
      $ diff -u /etc/old /etc/old.rpmnew
    missing: what the host was like before: the plan has no `baseline`
    ");
}

#[test]
fn a_host_that_was_not_upgraded_fits_a_screen_and_is_told_in_full_where_asked() {
    let mut host = String::from("//- host centos:7.9 x86_64\n//- packages\n");
    (0..300).for_each(|n| host += &format!("old-{n}-1-1.el7.x86_64\n"));
    let found = verified(&plan(), &host, &[]);
    assert_eq!(found.verdict, Verdict::NotAsPlanned);
    let screen = render(&found, Style::default());
    assert!(screen.lines().count() <= 50, "{screen}");
    // Commands are left in one piece.
    let mut text = screen.lines().filter(|line| !line.starts_with("     $ "));
    assert!(text.all(|line| line.chars().count() <= 80), "{screen}");
    insta::assert_snapshot!("not_upgraded", screen);
    let full = render(&found, Style { full: true, ..Style::default() });
    assert!(full.lines().count() > screen.lines().count());
}

#[test]
fn ids_are_named_once_and_begin_alike() {
    let ids: std::collections::BTreeSet<&str> = KINDS.iter().map(|kind| kind.id).collect();
    assert_eq!(ids.len(), KINDS.len());
    assert!(KINDS.iter().all(|kind| kind.id.starts_with("verify.") && !kind.inhibitor));
}
