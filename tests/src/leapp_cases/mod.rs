//! Recorded cases of single actors of leapp (`leapp/actor_cases`): the messages one was
//! given, and what it reported and passed on.
//!
//! The messages become a [`Machine`], model by model, a family of models in a file; our
//! actors for the same ground are asked about it, and [`compare`] puts both side by side:
//!
//! - reports by severity, inhibitor flag, groups and, where ours has one, stable key;
//! - what is asked of the plan, where leapp's actor passes on wishes;
//! - an actor that only reads files: our actors say the same of a host with these files
//!   and of one made of what leapp read in them;
//! - an actor whose work the request does: its findings under the default policy, and its
//!   lists under the policy `leapp-0.21`.

mod boot;
mod case;
mod coverage;
pub mod departures;
mod login;
mod machine;
mod messages;
mod model;
mod network;
mod ours;
mod packages;
mod request;
mod services;
mod storage;

use std::collections::{BTreeMap, BTreeSet};

use elevate_core::request::Policy;
use serde_json::Value;

pub use case::Case;
pub use coverage::Coverage;
pub use machine::Machine;

use case::{Messages, Report};
use ours::Said;

/// Severity, inhibitor or not, and groups without that of inhibitors.
fn shortly(severity: &str, inhibitor: bool, groups: &[String]) -> String {
    let mut groups: Vec<&str> = groups.iter().map(String::as_str).collect();
    groups.retain(|group| *group != "inhibitor");
    groups.sort_unstable();
    let mark = if inhibitor { " inhibitor" } else { "" };
    format!("{severity}{mark} [{}]", groups.join(", "))
}

/// How a case was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// With actors of ours, asked about a host made of the messages.
    Actors,
    /// With actors of ours, asked about a host with the files and about one made of what
    /// leapp read in them.
    Reading,
    /// With what the request decides.
    Request,
    /// With nothing: nothing has to cover the actor.
    NotApplicable,
}

/// A case beside what we say.
#[derive(Debug, Clone)]
pub struct Compared {
    /// How.
    pub how: How,
    /// Our findings, a line each.
    pub ours: Vec<String>,
    /// What we ask of the plan, in short.
    pub asked: BTreeSet<String>,
    /// What differs from leapp's outcome.
    pub differences: Vec<String>,
}

impl Compared {
    fn new(how: How, said: &Said, differences: Vec<String>) -> Self {
        Self { how, ours: said.in_short(), asked: said.asked(), differences }
    }
}

/// What both sides are asked for.
pub struct Comparison {
    coverage: BTreeMap<String, Coverage>,
    covering: BTreeMap<String, BTreeSet<String>>,
}

/// Actors of leapp that only read, with ours that use what they read, and packages without
/// which these have nothing to say.
const READING: [(&str, &[&str], &[&str]); 10] = [
    ("cups_scanner", &["cups_check"], &["cups"]),
    ("get_installed_desktops", &["check_kde_gnome"], &["okular"]),
    ("multipath_conf_read", &["multipath_conf_check"], &["device-mapper-multipath"]),
    ("network_manager_read_config", &["network_manager_update_config"], &["NetworkManager"]),
    ("pam_modules_scanner", &["removed_pam_modules"], &[]),
    ("quagga_daemons", &["quagga_report"], &["quagga"]),
    (
        "read_openssh_config",
        &[
            "openssh_permit_root_login",
            "open_ssh_algorithms",
            "open_ssh_deprecated_directives_check",
            "open_ssh_protocol",
            "open_ssh_use_privilege_separation",
        ],
        &["openssh-server"],
    ),
    ("spamassassin_config_read", &["spamassassin_config_check"], &["spamassassin"]),
    ("sssd_facts", &["sssd_check"], &["sssd-common"]),
    (
        "tcp_wrappers_config_read",
        &["tcp_wrappers_check", "check_sendmail", "vsftpd_config_check"],
        &["openssh-server", "sendmail", "stunnel", "vsftpd"],
    ),
];

/// Actors whose wishes are compared: leapp's pass them on as messages.
const WISHING: [&str; 5] =
    ["authselect_check", "check_ntp", "check_se_linux", "persistentnetnamesdisable", "sctp_checks"];

impl Comparison {
    /// Reads what covers what.
    pub fn new() -> Self {
        Self { coverage: coverage::read(), covering: ours::covering() }
    }

    /// Compares a case.
    pub fn of(&self, case: &Case) -> Compared {
        let reading = READING.iter().find(|(actor, ..)| *actor == case.actor);
        if let Some((_, hearers, packages)) = reading {
            return of_reading(case, hearers, packages);
        }
        match self.coverage.get(&case.actor) {
            Some(Coverage::Actors(_)) => self.of_actors(case),
            Some(Coverage::Request) => of_request(case),
            Some(Coverage::NotApplicable(why)) => {
                let differences = vec![format!("not applicable: {why}")];
                Compared::new(How::NotApplicable, &Said::default(), differences)
            }
            other => panic!("{}: {} is covered by {other:?}", case.name, case.actor),
        }
    }

    fn of_actors(&self, case: &Case) -> Compared {
        let named = self.covering.get(&case.actor);
        let named = named.unwrap_or_else(|| panic!("{}: no actor of ours", case.actor));
        let said = ours::say(&captured(case), &case.answers(), named);
        let mut differences = differing_reports(&case.reports(), &said);
        if WISHING.contains(&case.actor.as_str()) {
            let (theirs, ours) = (wishes(case.produced()), of_wishes(&said));
            differences.extend(differing("asks", &theirs, &ours));
        }
        Compared::new(How::Actors, &said, differences)
    }
}

impl Default for Comparison {
    fn default() -> Self {
        Self::new()
    }
}

fn of_reading(case: &Case, hearers: &[&str], packages: &[&str]) -> Compared {
    let named: BTreeSet<String> = hearers.iter().map(|name| (*name).to_owned()).collect();
    let mut of_files = captured(case);
    packages.iter().for_each(|name| of_files.package(name));
    let said = ours::say(&of_files, "", &named);
    let mut differences = Vec::new();
    if !case.failed() {
        let mut read = bare(case);
        packages.iter().for_each(|name| read.package(name));
        tell(case.produced(), &mut read);
        settle(&mut read);
        let expected = ours::say(&read, "", &named);
        let lines = |said: &Said| said.in_short().into_iter().collect::<BTreeSet<_>>();
        differences.extend(differing("findings", &lines(&expected), &lines(&said)));
        differences.extend(differing("asks", &expected.asked(), &said.asked()));
    }
    Compared::new(How::Reading, &said, differences)
}

fn of_request(case: &Case) -> Compared {
    let said = request::said(case, &request::plan(case, Policy::Default));
    let mut differences = differing_reports(&case.reports(), &said);
    let as_leapp = request::plan(case, Policy::Leapp021);
    for (what, theirs, ours) in messages::sides(case, &as_leapp) {
        differences.extend(differing(&what, &theirs, &ours));
    }
    Compared::new(How::Request, &said, differences)
}

/// What differs between leapp's reports and our findings: as many of each severity, flag
/// and groups, and no key that is not leapp's for such a report.
fn differing_reports(theirs: &[Report], said: &Said) -> Vec<String> {
    let mut texts: Vec<&String> = theirs.iter().map(|report| &report.text).collect();
    texts.sort();
    let ours = said.reports();
    let mut differences = Vec::new();
    if texts != ours.iter().collect::<Vec<_>>() {
        differences.push(format!("leapp reports {texts:?}, ours {:?}", said.in_short()));
    }
    for finding in &said.findings {
        let Some(key) = &finding.key else { continue };
        let is_it = |report: &Report| report.key.as_deref() == Some(&**key);
        if !theirs.iter().any(is_it) {
            differences.push(format!("{}: no report of leapp has its key", finding.id));
        }
    }
    differences
}

fn differing(what: &str, theirs: &BTreeSet<String>, ours: &BTreeSet<String>) -> Option<String> {
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| {
        a.difference(b).cloned().collect::<Vec<String>>()
    };
    (theirs != ours).then(|| {
        format!("{what}: leapp only {:?}, ours only {:?}", only(theirs, ours), only(ours, theirs))
    })
}

/// The host of a case: messages, files, directories, commands.
fn captured(case: &Case) -> Machine {
    let mut machine = bare(case);
    tell(case.facts(), &mut machine);
    case.files().iter().for_each(|(path, content)| machine.file(path, content));
    case.directories().iter().for_each(|path| machine.directory(path));
    commands(case, &mut machine);
    missing(case, &mut machine);
    settle(&mut machine);
    machine
}

/// A host of which only the case's settings are known.
fn bare(case: &Case) -> Machine {
    let distro = case.config("distro").unwrap_or("centos");
    let release = case.config("source_version").unwrap_or("7.9");
    let arch = case.config("arch").unwrap_or("x86_64");
    let mut machine = Machine::new(format!("{distro}:{release}"), arch.to_owned());
    machine.kernel(case.config("kernel").unwrap_or("3.10.0-1160.el7.x86_64"));
    machine.settings = case.variables();
    let flavour = case.config("flavour").unwrap_or("default").to_owned();
    machine.settings.insert("LEAPP_UPGRADE_PATH_FLAVOUR".to_owned(), flavour);
    machine
}

/// Makes a host of messages. A model no family knows fails the test.
fn tell(messages: Messages<'_>, to: &mut Machine) {
    let families =
        [boot::add, login::add, network::add, packages::add, services::add, storage::add];
    for model in messages.models() {
        let all = messages.all(model);
        match model {
            "GRUBDevicePartitionLayout" => boot::layout(all, to),
            "DetectedDeviceOrDriver" => boot::devices(all, to),
            "CustomModifications" => packages::modifications(all, to),
            _ => {
                let add = |message: &Value, to: &mut Machine| {
                    families.iter().any(|family| family(model, message, to))
                };
                for message in all {
                    assert!(add(message, to), "no family knows the model {model}");
                }
            }
        }
    }
}

/// What a command of the case tells our actors, which run none.
fn commands(case: &Case, to: &mut Machine) {
    let mut units: BTreeMap<String, (bool, bool)> = BTreeMap::new();
    for (line, status, output) in case.commands() {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["systemctl", question, unit] => {
                let unit =
                    if unit.contains('.') { unit.to_owned() } else { format!("{unit}.service") };
                let state = units.entry(unit).or_default();
                match question {
                    "is-enabled" => state.0 = status == 0,
                    "is-active" => state.1 = status == 0,
                    other => panic!("{other}: another question to systemctl"),
                }
            }
            ["rpm", "-Vf", "/etc/ssh/sshd_config"] => to.command("rpm -V openssh-server", output),
            ["rpm", "-V", "--nomtime", package] => {
                to.command(&line, output);
                configured(package, output, to);
            }
            _ => to.command(&line, output),
        }
    }
    for (unit, (enabled, active)) in units {
        to.unit(&unit, enabled, active);
    }
}

/// A changed file is there.
fn configured(package: &str, output: &str, to: &mut Machine) {
    let files = output.lines().filter_map(|line| line.split_whitespace().last());
    let absent: Vec<&str> = files.filter(|path| !to.has(path)).collect();
    assert!(!output.contains("missing"), "{package}: a file that is gone");
    absent.iter().for_each(|path| to.file(path, "# as captured\n"));
}

/// Evidence nobody has where leapp's actor did not get its message.
fn missing(case: &Case, to: &mut Machine) {
    const NEEDED: [(&str, &str, &[&str]); 6] = [
        ("check_grub_core", "GrubInfo", &["/proc/mounts"]),
        ("check_nfs", "StorageInfo", &["/etc/fstab", "/proc/mounts"]),
        ("checkfstabxfsoptions", "StorageInfo", &["/etc/fstab"]),
        ("checkmemory", "MemoryInfo", &["/proc/meminfo"]),
        ("removed_pam_modules", "PamConfiguration", &["/etc/pam.d"]),
        ("tcp_wrappers_check", "TcpWrappersFacts", &["/etc/hosts.allow", "/etc/hosts.deny"]),
    ];
    for (actor, model, paths) in NEEDED {
        if case.actor == actor && !case.facts().has(model) {
            paths.iter().for_each(|path| to.unseen(path));
        }
    }
}

/// What messages and commands leave open: chrony has its configuration, and files that are
/// kept only where they were changed count as changed, since leapp does not ask.
fn settle(to: &mut Machine) {
    if to.has_package("chrony") && !to.has("/etc/chrony.conf") {
        to.file("/etc/chrony.conf", "# as captured\n");
    }
    for path in ["/etc/mail/spamassassin/spamc.conf", "/etc/sysconfig/spamassassin"] {
        if to.has(path) {
            to.command("rpm -V spamassassin", &format!("S.5......  c {path}"));
        }
    }
}

/// What leapp's messages ask of the plan.
fn wishes(produced: Messages<'_>) -> BTreeSet<String> {
    use model::{flag, objects, text, words};
    let mut wishes = BTreeSet::new();
    for model in produced.models() {
        for message in produced.all(model) {
            let is = |key: &str| flag(message, key) == Some(true);
            match model {
                "RpmTransactionTasks" => {
                    for (list, verb) in
                        [("to_install", "install"), ("to_remove", "remove"), ("to_keep", "keep")]
                    {
                        wishes.extend(words(message, list).iter().map(|n| format!("{verb} {n}")));
                    }
                    assert!(objects(message, "modules_to_enable").is_empty(), "modules");
                }
                "KernelCmdlineArg" => {
                    let part = |key: &str| text(message, key).expect("a text");
                    wishes.insert(format!("kernel argument {}={}", part("key"), part("value")));
                }
                "SelinuxRelabelDecision" if is("set_relabel") => {
                    wishes.insert("write /.autorelabel".to_owned());
                }
                "SelinuxPermissiveDecision" if is("set_permissive") => {
                    wishes.insert("edit /etc/selinux/config".to_owned());
                }
                "AuthselectDecision" if is("confirmed") => {
                    wishes.insert("run authselect".to_owned());
                }
                "NtpMigrationDecision" => {
                    let moved = words(message, "migrate_services");
                    if moved.iter().any(|service| service == "ntpd" || service == "ntpdate") {
                        wishes.insert("write /etc/chrony.conf".to_owned());
                    }
                    if moved.iter().any(|service| service == "ntpd") {
                        wishes.insert("enable chronyd.service".to_owned());
                    }
                }
                // A report that is compared as one.
                "DialogModel" | "AuthselectDecision" => {}
                other => panic!("what {other} asks for is read nowhere"),
            }
        }
    }
    wishes
}

/// The same of ours: what other actors of leapp do about it is left out.
fn of_wishes(said: &Said) -> BTreeSet<String> {
    const KNOWN: [&str; 5] = [
        "write /.autorelabel",
        "edit /etc/selinux/config",
        "write /etc/chrony.conf",
        "enable chronyd.service",
        "run authselect",
    ];
    let of_leapp = |asked: String| {
        let is_wish = ["install ", "remove ", "keep ", "kernel argument "]
            .iter()
            .any(|verb| asked.starts_with(verb));
        let known = KNOWN.iter().find(|known| asked.starts_with(**known));
        known.map(|known| (*known).to_owned()).or(is_wish.then_some(asked))
    };
    said.asked().into_iter().filter_map(of_leapp).collect()
}
