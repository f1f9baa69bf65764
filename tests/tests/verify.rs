//! A plan held against the host after the upgrade, through the binary. The host afterwards is
//! made of the plan: as it says, and then with one thing otherwise at a time.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::sync::Arc;

use elevate_core::model::{InstalledPackage, PackageData, StoredDependency};
use elevate_core::plan::{Fate, Plan};
use elevate_core::snapshot::{Content, Snapshot, fixture};
use elevate_tests::binary::{Run, elevate, root};
use elevate_tests::data::TempDir;
use elevate_tests::recorded::read;

/// What the fixture host lacks, before.
const BEFORE: &str = "
//- dir /: boot/ etc/ root/ usr/ var/
//- dir /sys/firmware:
//- dir /usr/lib/systemd/system: nginx.service httpd.service
//- /usr/lib/systemd/system/nginx.service
[Install]
WantedBy=multi-user.target
//- /usr/lib/systemd/system/httpd.service
[Install]
WantedBy=multi-user.target
//- dir /etc/systemd/system: multi-user.target.wants/
//- dir /etc/systemd/system/multi-user.target.wants: nginx.service@
//- link /etc/systemd/system/multi-user.target.wants/nginx.service -> /usr/lib/systemd/system/nginx.service
//- dir /run/systemd/system:
//- find /etc/*.rpm[nos]*:
//- /etc/machine-id
0123456789abcdef0123456789abcdef
//- /etc/yum.repos.d/CentOS-Base.repo
[base]
name=Base
baseurl=https://vault.example/7.9.2009/os/x86_64/
[rookery]
name=Rookery
baseurl=https://rookery.example/$releasever/
";

/// The same afterwards.
const AFTER: &str = "
//- dir /boot: grub2/
//- dir /boot/grub2: grub.cfg
//- /boot/grub2/grub.cfg
menuentry 'AlmaLinux 8' {
 linux /vmlinuz-KERNEL ro
}
//- dir /root:
//- dir /var:
//- absent /etc/yum.conf
//- /etc/dnf/dnf.conf
[main]
//- absent /etc/leapp
//- absent /etc/migration-results
//- absent /etc/rhsm
//- /etc/yum.repos.d/almalinux.repo
[baseos]
name=BaseOS
baseurl=https://repo.example/8/BaseOS/
[appstream]
name=AppStream
baseurl=https://repo.example/8/AppStream/
[rookery]
name=Rookery
baseurl=https://rookery.example/$releasever/
";

/// A plan, and the host as it leaves it.
struct World {
    place: TempDir,
    plan: Plan,
    after: Snapshot,
}

impl World {
    fn new() -> Self {
        let place = TempDir::new("verify").expect("a directory");
        let path = |name: &str| place.path().join(name).display().to_string();
        let host = read(&root().join("fixtures/hosts/wiki/snapshot.json"));
        let mut before = Snapshot::read(&host).expect("a snapshot").snapshot;
        before.evidence = fixture::parse(BEFORE).expect("a host").evidence;
        place.write("before.json", before.to_json().as_bytes()).expect("a file");
        let (snapshot, plan, cache) = (path("before.json"), path("plan.json"), path("cache"));
        let common = ["plan", "--snapshot", &snapshot, "--data", "fixtures/data"];
        let target = ["--target", "almalinux:8.10", "--cache-dir", &cache];
        let repositories = [
            "--repo",
            "almalinux8-baseos=fixtures/repositories/baseos",
            "--repo",
            "almalinux8-appstream=fixtures/repositories/appstream",
        ];
        let more = ["--format", "json", "-o", &plan, "--fail-on", "never"];
        let run = elevate(&[&common[..], &target, &repositories, &more].concat());
        assert_eq!(run.code, 0, "{}", run.all());
        let plan = Plan::read(&read(std::path::Path::new(&plan))).expect("a plan");
        let after = upgraded(&plan, &before);
        Self { place, plan, after }
    }

    /// Verifies a snapshot with more arguments.
    fn verify(&self, after: &Snapshot, arguments: &[&str]) -> Run {
        let after = self.place.write("after.json", after.to_json().as_bytes()).expect("a file");
        let plan = self.place.path().join("plan.json").display().to_string();
        let after = after.display().to_string();
        elevate(&[&["verify", &plan, "--snapshot", &after], arguments].concat())
    }

    /// What is found with one thing otherwise: exit code, and ids of the findings that are not
    /// there otherwise.
    fn otherwise(&self, change: impl FnOnce(&mut Snapshot)) -> (i32, Vec<String>) {
        let mut after = self.after.clone();
        change(&mut after);
        let ids = |after: &Snapshot| {
            let run = self.verify(after, &["--format", "json"]);
            let told: serde_json::Value = serde_json::from_str(&run.stdout)
                .unwrap_or_else(|error| panic!("{error}: {}", run.all()));
            let findings = told["findings"].as_array().expect("findings");
            let ids = findings.iter().map(|f| f["id"].as_str().expect("an id").to_owned());
            (run.code, ids.collect::<Vec<_>>())
        };
        let always = ids(&self.after).1;
        let (code, mut found) = ids(&after);
        found.retain(|id| !always.contains(id));
        (code, found)
    }
}

/// The host as a plan leaves it: what stays, what takes the place of the rest, what comes.
fn upgraded(plan: &Plan, before: &Snapshot) -> Snapshot {
    let stays = |fate: &Fate| {
        matches!(fate, Fate::Kept | Fate::Stays | Fate::NoKnownFuture | Fate::Unknown)
    };
    let stay = plan.packages.iter().filter(|o| o.to.is_empty() && stays(&o.fate));
    let stay = stay.map(|o| InstalledPackage::new(o.name.clone(), o.evr.clone(), o.arch.clone()));
    let to = plan.packages.iter().flat_map(|operation| &operation.to);
    let come = plan.arrivals.iter().filter_map(|arrival| arrival.package.as_ref());
    let come = to.chain(come).map(|package| {
        let (name, evr) = (package.name.clone(), package.evr.clone());
        InstalledPackage::new(name, evr, Some(package.arch.clone()))
    });
    let mut packages: Vec<InstalledPackage> = stay.chain(come).collect();
    packages.sort_by_key(InstalledPackage::nevra);
    packages.dedup_by(|a, b| a.nevra() == b.nevra());
    packages.iter_mut().for_each(|package| package.data = Some(Arc::new(data(&[]))));
    let kernel = kernel(plan);
    let text = format!("{BEFORE}{}", AFTER.replace("KERNEL", &kernel));
    let mut after = fixture::parse(&text).expect("a host");
    after.evidence.files.remove("/etc/yum.repos.d/CentOS-Base.repo");
    let is_own = |id: &str| ["almalinux8-baseos", "almalinux8-appstream"].contains(&id);
    let others = plan.repositories.iter().filter(|one| !is_own(one.id.as_str()));
    let others = others.map(|one| format!("[{0}]\nname={0}\n", one.id)).collect::<String>();
    after.evidence.files.insert("/etc/yum.repos.d/others.repo".to_owned(), Content::from(&*others));
    after.identity = before.identity.clone();
    after.identity.system = plan.path.target.clone();
    after.identity.kernel = Some(kernel);
    after.packages = packages;
    after
}

/// The target's kernel, as `uname -r` prints it.
fn kernel(plan: &Plan) -> String {
    let coming = plan.arrivals.iter().filter_map(|arrival| arrival.package.as_ref());
    let mut all = plan.packages.iter().flat_map(|operation| &operation.to).chain(coming);
    let kernel = all.find(|p| p.name.as_str() == "kernel-core").expect("a kernel");
    format!("{}-{}.{}", kernel.evr.version, kernel.evr.release, kernel.arch)
}

fn data(requires: &[&str]) -> PackageData {
    let requires = requires.iter().map(|text| StoredDependency::Text((*text).to_owned()));
    PackageData { requires: requires.collect(), ..PackageData::default() }
}

fn package(text: &str) -> InstalledPackage {
    let host = fixture::parse(&format!("//- packages\n{text}\n")).expect("a host");
    let package = host.packages.into_iter().next().expect("a package");
    InstalledPackage { data: Some(Arc::new(data(&[]))), ..package }
}

fn edit(after: &mut Snapshot, path: &str, from: &str, to: &str) {
    let content = after.evidence.files.get_mut(path).expect("a file");
    let text = content.text().into_owned();
    assert!(text.contains(from), "{text}");
    *content = Content::from(&*text.replace(from, to));
}

#[test]
fn a_host_that_was_upgraded_as_planned_is_found_so() {
    let world = World::new();
    let run = world.verify(&world.after, &[]);
    assert_eq!(run.code, 0, "{}", run.all());
    insta::assert_snapshot!("as_planned", run.all());
    let again = world.verify(&world.after, &["--format", "json"]);
    assert_eq!(again.stdout, world.verify(&world.after, &["--format", "json"]).stdout);
}

#[test]
fn one_thing_otherwise_is_one_finding() {
    let world = World::new();
    let missing = |after: &mut Snapshot| after.packages.retain(|p| p.name.as_str() != "bash");
    assert_eq!(world.otherwise(missing), (2, vec!["verify.package-missing".to_owned()]));
    let old = world.plan.packages.iter().find(|o| o.name.as_str() == "bash").expect("bash");
    let old = old.nevra();
    let not_followed = |after: &mut Snapshot| {
        after.packages.retain(|p| p.name.as_str() != "bash");
        after.packages.push(package(&old));
    };
    assert_eq!(world.otherwise(not_followed), (2, vec!["verify.leftover".to_owned()]));
    let more = |after: &mut Snapshot| after.packages.push(package("vim-8.0-1.el8.x86_64"));
    assert_eq!(world.otherwise(more), (2, vec!["verify.package-unplanned".to_owned()]));
    let broken = |after: &mut Snapshot| {
        let bash = after.packages.iter_mut().find(|p| p.name.as_str() == "bash").expect("bash");
        bash.data = Some(Arc::new(data(&["libnowhere.so.1"])));
    };
    assert_eq!(world.otherwise(broken), (2, vec!["verify.dependencies".to_owned()]));
    let twice = |after: &mut Snapshot| after.packages.push(package("bash-4.0-1.el8.x86_64"));
    assert_eq!(world.otherwise(twice), (2, vec!["verify.duplicates".to_owned()]));
}

#[test]
fn what_files_say_otherwise_is_found_in_them() {
    let world = World::new();
    let repo = "/etc/yum.repos.d/almalinux.repo";
    let disabled = |after: &mut Snapshot| {
        edit(after, repo, "name=BaseOS", "name=BaseOS\nenabled=0");
    };
    assert_eq!(world.otherwise(disabled), (2, vec!["verify.repository-disabled".to_owned()]));
    let undefined = |after: &mut Snapshot| edit(after, repo, "[appstream]", "[other]");
    assert_eq!(world.otherwise(undefined), (0, vec!["verify.repository-missing".to_owned()]));
    let lost = |after: &mut Snapshot| {
        edit(after, repo, "name=Rookery", "name=Rookery\nenabled=0");
    };
    assert_eq!(world.otherwise(lost), (0, vec!["verify.repository-state".to_owned()]));
    let old = |after: &mut Snapshot| {
        let text = "[base]\nname=Base\nbaseurl=https://vault.example/7.9.2009/os/x86_64/\n";
        let path = "/etc/yum.repos.d/CentOS-Base.repo".to_owned();
        after.evidence.files.insert(path, Content::from(text));
    };
    assert_eq!(world.otherwise(old), (2, vec!["verify.repository-of-source".to_owned()]));
    let boot = |after: &mut Snapshot| {
        let kernel = kernel(&world.plan);
        edit(after, "/boot/grub2/grub.cfg", &kernel, "3.10.0-1160.119.1.el7.x86_64");
    };
    assert_eq!(world.otherwise(boot), (2, vec!["verify.boot-default".to_owned()]));
    let unit = |after: &mut Snapshot| {
        let wants = "/etc/systemd/system/multi-user.target.wants";
        after.evidence.directories.get_mut(wants).expect("a directory").clear();
    };
    assert_eq!(world.otherwise(unit), (2, vec!["verify.unit-disabled".to_owned()]));
    let aside = |after: &mut Snapshot| {
        let found = after.evidence.found.values_mut().next().expect("a search");
        found.push("/etc/nginx/nginx.conf.rpmnew".to_owned());
    };
    assert_eq!(world.otherwise(aside), (0, vec!["verify.set-aside".to_owned()]));
    let host = |after: &mut Snapshot| {
        edit(after, "/etc/machine-id", "0123", "3210");
    };
    assert_eq!(world.otherwise(host), (2, vec!["verify.other-host".to_owned()]));
}

#[test]
fn missing_evidence_is_said_and_what_counts_can_be_chosen() {
    let world = World::new();
    let mut bare = world.after.clone();
    bare.evidence = Default::default();
    let run = world.verify(&bare, &[]);
    assert_eq!(run.code, 3, "{}", run.all());
    insta::assert_snapshot!("bare", run.all());
    assert_eq!(world.verify(&bare, &["--fail-on", "inhibitor"]).code, 0);
    let mut wrong = world.after.clone();
    wrong.packages.retain(|package| package.name.as_str() != "bash");
    assert_eq!(world.verify(&wrong, &["--fail-on", "never"]).code, 0);
    let file = world.place.path().join("out.json").display().to_string();
    let run = world.verify(&wrong, &["--format", "json", "-o", &file]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(
        read(std::path::Path::new(&file)).starts_with(b"{\n  \"format\": \"elevate-verification\"")
    );
}

#[test]
fn what_is_set_aside_no_longer_counts_and_is_told_as_such() {
    let world = World::new();
    let mut wrong = world.after.clone();
    wrong.packages.retain(|package| package.name.as_str() != "bash");
    let waiver = |id: &str, more: &str| {
        format!(
            "[[waiver]]\nfinding = \"{id}\"\n{more}reason = \"seen\"\nwho = \"we\"\n\
             expires = \"2030-01-31\"\n"
        )
    };
    let verify = |waivers: &str, more: &[&str]| {
        let file = world.place.write("waivers.toml", waivers.as_bytes()).expect("a file");
        let waivers = ["--waivers", file.to_str().expect("UTF-8")];
        world.verify(&wrong, &[&waivers, more].concat())
    };
    let missing = waiver("verify.package-missing", "");
    assert_eq!(world.verify(&wrong, &[]).code, 2);
    for fail_on in ["incomplete", "inhibitor", "high"] {
        let run = verify(&missing, &["--as-of", "2030-01-31", "--fail-on", fail_on]);
        assert_eq!(run.code, 0, "{fail_on}: {}", run.all());
    }
    insta::assert_snapshot!("set_aside", verify(&missing, &["--as-of", "2030-01-31"]).all());
    let told = |waivers: &str, day: &str| {
        let run = verify(waivers, &["--as-of", day, "--format", "json"]);
        let told: serde_json::Value = serde_json::from_str(&run.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", run.all()));
        let verdict = told["verdict"].as_str().expect("a verdict").to_owned();
        let findings = told["findings"].as_array().expect("findings").clone();
        let is_of_waivers = |id: &&str| id.starts_with("waivers.");
        let ids = findings.iter().filter_map(|f| f["id"].as_str()).filter(is_of_waivers);
        let ids: Vec<String> = ids.map(str::to_owned).collect();
        let reasons = findings.iter().filter_map(|f| f["waived"]["reason"].as_str());
        (run.code, verdict, ids, reasons.map(str::to_owned).collect::<Vec<_>>())
    };
    let is = |code: i32, verdict: &str, ids: &[&str], reasons: &[&str]| {
        let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        (code, verdict.to_owned(), owned(ids), owned(reasons))
    };
    assert_eq!(told(&missing, "2030-01-31"), is(0, "as-planned", &[], &["seen"]));
    let late = is(2, "not-as-planned", &["waivers.expired"], &[]);
    assert_eq!(told(&missing, "2030-02-01"), late);
    let elsewhere = waiver("verify.package-missing", "host = \"no-such-host\"\n");
    let unmatched = is(2, "not-as-planned", &["waivers.unmatched"], &[]);
    assert_eq!(told(&elsewhere, "2030-01-31"), unmatched);
    assert_eq!(told(&waiver("no.such-finding", ""), "2030-01-31"), unmatched);
    // A waiver may leave a finding as severe as it was.
    let high = waiver("verify.package-missing", "severity = \"high\"\n");
    assert_eq!(told(&high, "2030-01-31"), is(0, "as-planned", &[], &["seen"]));
    let unread = verify("[[waiver]]\nfinds = \"a.b\"\n", &[]);
    assert_eq!(unread.code, 1, "{}", unread.all());
    assert!(unread.stderr.contains("waivers.toml"), "{}", unread.stderr);
}

#[test]
fn two_hosts_at_once_and_other_documents_are_refused() {
    let two = ["verify", "plan.json", "--snapshot", "a.json", "--root", "/mnt"];
    assert_eq!(elevate(&two).code, 64);
    let how = ["verify", "plan.json", "--snapshot", "a.json", "--salvage"];
    assert_eq!(elevate(&how).code, 64);
    let host = "fixtures/hosts/wiki/snapshot.json";
    let run = elevate(&["verify", host, "--snapshot", host]);
    assert_eq!(run.code, 1, "{}", run.all());
}
