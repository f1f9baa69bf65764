//! One host through three doors: itself, its mounted root, a sosreport of it.

#![expect(clippy::expect_used, reason = "tests")]

#[path = "capture/world.rs"]
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use elevate_core::host::{self, Kind, Root};
use elevate_core::snapshot::capture::{Options, capture};
use elevate_core::snapshot::{Missing, Snapshot, collect};
use elevate_tests::binary::{elevate, executable};
use elevate_tests::data::TempDir;
use world::{WORLD, install, run, write};

/// A world on disk; `None`, with a printed reason, where its packages cannot be
/// installed.
fn built(name: &str) -> Option<TempDir> {
    let root = TempDir::new(name).expect("a directory");
    write(WORLD, root.path());
    install(root.path()).then_some(root)
}

fn through_root(root: &Path) -> Snapshot {
    capture(&Root::open(root).expect("a root"), &Options::default(), &mut |_| ())
        .expect("a snapshot")
}

fn collected(path: &Path) -> Snapshot {
    let host = host::open(path, Kind::Collected).expect("a sosreport");
    capture(&*host, &Options::default(), &mut |_| ()).expect("a snapshot")
}

/// Puts the binary into a root, with the libraries it needs.
fn with_binary(root: &Path) -> Option<()> {
    let binary = executable();
    let needed = run("ldd", &[binary.to_str()?])?;
    let needed = String::from_utf8(needed).ok()?;
    let paths = needed.split_whitespace().filter(|word| word.starts_with('/'));
    let copy = |from: &Path, to: PathBuf| {
        let directory = to.parent().expect("a parent").to_str().expect("UTF-8").to_owned();
        run("mkdir", &["-p", &directory])?;
        run("cp", &["-L", from.to_str()?, to.to_str()?])
    };
    for path in paths {
        copy(Path::new(path), root.join(path.trim_start_matches('/')))?;
    }
    copy(binary, root.join("elevate")).map(|_| ())
}

/// The snapshot the binary takes with this root as its own: a live host.
fn live(root: &Path) -> Option<Snapshot> {
    let root = root.to_str()?;
    let json = run("chroot", &[root, "/elevate", "capture"])?;
    Some(Snapshot::read(&json).expect("a snapshot").snapshot)
}

#[test]
fn check_captures_and_plans_in_one_go() {
    let Some(root) = built("doors-check") else { return };
    let there = root.path().join("etc/leapp").display().to_string();
    let data = elevate_tests::binary::root().join("fixtures/data").display().to_string();
    let copied = run("mkdir", &["-p", &there])
        .and_then(|_| run("cp", &["-r", &data, &format!("{there}/files")]))
        .and_then(|_| with_binary(root.path()));
    if copied.is_none() {
        return eprintln!("skipped: binary and data cannot be put into a root");
    }
    let path = root.path().to_str().expect("UTF-8");
    let arguments = ["--target", "almalinux:8.10", "--format", "json", "--fail-on", "never"];
    let check = ["/elevate", "check"].into_iter().chain(arguments);
    let Some(live) = run("chroot", &[path].into_iter().chain(check).collect::<Vec<_>>()) else {
        return;
    };
    let live: serde_json::Value = serde_json::from_slice(&live).expect("a plan");
    let plan = ["plan", "--root", path, "--data", &data].into_iter().chain(arguments);
    let mounted = elevate(&plan.collect::<Vec<_>>());
    let mounted: serde_json::Value = serde_json::from_str(&mounted.stdout).expect("a plan");
    for part in ["path", "packages", "repositories"] {
        assert_eq!(live[part], mounted[part], "{part}");
    }
    // Only a live host shows its kernel and hardware, which actors look at.
    let by_actors = elevate_tests::actors::ids();
    let decided = |plan: &serde_json::Value| -> Vec<serde_json::Value> {
        let findings = plan["findings"].as_array().cloned().unwrap_or_default();
        let is_decided = |finding: &serde_json::Value| {
            !by_actors.contains(finding["id"].as_str().unwrap_or_default())
        };
        findings.into_iter().filter(is_decided).collect()
    };
    assert_eq!(decided(&live), decided(&mounted));
    assert!(!decided(&live).is_empty());
    let packages = live["packages"].as_array().expect("packages");
    assert!(packages.iter().any(|package| package["name"] == "larkdb"), "{packages:?}");
}

/// Whether a file of JSON has a text in it.
fn from_json_has(path: &str, text: &str) -> bool {
    elevate_tests::recorded::read(Path::new(path)).windows(text.len()).any(|w| w == text.as_bytes())
}

/// What two snapshots differ in, by the kind of evidence and its path.
fn differences(a: &Snapshot, b: &Snapshot) -> BTreeSet<String> {
    let flat = |snapshot: &Snapshot| {
        // What a mounted root cannot have is not held there, and absent on the host.
        let mut snapshot = snapshot.clone();
        let missing = snapshot.evidence.missing.values_mut();
        missing.filter(|m| **m == Missing::NotHeld).for_each(|m| *m = Missing::Absent);
        let json = serde_json::to_value(snapshot).expect("JSON");
        let mut flat = BTreeMap::new();
        for (kind, value) in json.as_object().expect("an object") {
            match value.as_object().filter(|_| kind == "evidence" || kind == "identity") {
                None => _ = flat.insert(kind.clone(), value.clone()),
                Some(parts) => {
                    for (part, value) in parts {
                        match value.as_object() {
                            None => _ = flat.insert(format!("{kind} {part}"), value.clone()),
                            Some(all) => flat.extend(
                                all.iter().map(|(k, v)| (format!("{part} {k}"), v.clone())),
                            ),
                        }
                    }
                }
            }
        }
        flat
    };
    let (a, b) = (flat(a), flat(b));
    let keys: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    keys.into_iter().filter(|key| a.get(*key) != b.get(*key)).cloned().collect()
}

#[test]
fn a_host_is_the_same_through_its_own_door_and_as_a_mounted_root() {
    let Some(root) = built("doors-live") else { return };
    if with_binary(root.path()).is_none() {
        return eprintln!("skipped: the binary cannot be put into a root");
    }
    let Some(live) = live(root.path()) else { return };
    let mounted = through_root(root.path());
    let differences: Vec<String> = differences(&live, &mounted).into_iter().collect();
    // Only the running host knows its kernel; nothing but a mount point tells room.
    insta::assert_snapshot!(differences.join("\n"), @r"
    captured
    identity hostname
    identity kernel
    missing /dev/vda
    unread
    ");
}

#[test]
fn what_a_root_is_captured_to_is_what_stands_in_it() {
    let Some(root) = built("doors-root") else { return };
    let further = collect::parse("# of the vendor\n/etc/larkdb*.conf\n").expect("a list");
    let options = Options { further, ..Options::default() };
    let door = Root::open(root.path()).expect("a root");
    let take = || capture(&door, &options, &mut |_| ()).expect("a snapshot");
    let snapshot = take();
    let evidence = &snapshot.evidence;
    assert_eq!(snapshot.identity.system.to_string(), "centos:7.9");
    assert_eq!(snapshot.identity.arch.to_string(), "x86_64");
    let packages: Vec<String> = snapshot.packages.iter().map(|p| p.nevra()).collect();
    assert_eq!(packages.len(), 3, "{packages:?}");
    let larkdb = snapshot.packages.iter().find(|p| p.name.as_str() == "larkdb").expect("is there");
    assert_eq!(larkdb.from_repo.as_deref(), Some("larkdb"));
    let data = larkdb.data.as_ref().expect("dependencies");
    assert!(data.requires.iter().any(|d| d.text() == "bash >= 4" && !d.is_before()));
    assert!(data.requires.iter().any(|d| d.text() == "/bin/sh" && d.is_before()));
    // The world has the file of one package as it came, and of another changed.
    assert_eq!(evidence.changed.get("/etc/larkdb.conf"), Some(&true));
    assert_eq!(evidence.changed.get("/etc/larkdb-libs.conf"), Some(&false));
    // Nothing secret is in it, under whatever name.
    let json = snapshot.to_json();
    for secret in ["Sommer2019", "not for anybody", "$6$abcdefgh"] {
        assert!(!json.contains(secret), "{secret}");
    }
    // Links lead where they lead on the host.
    assert_eq!(
        evidence.files["/etc/pam.d/system-auth"],
        evidence.files["/etc/pam.d/system-auth-ac"]
    );
    assert!(evidence.files.contains_key("/etc/ssh/extra.conf"));
    assert_eq!(evidence.missing["/etc/lvm/lvm.conf"], Missing::Absent);
    assert_eq!(json, take().to_json());
}

/// Packs a world as sosreport would: part of its files, and output of commands.
fn sosreport(root: &Path, scratch: &TempDir) -> Option<PathBuf> {
    let top = scratch.path().join("sosreport-web1-2024-01-01-abcdefg");
    let (top_text, root_text) = (top.to_str()?, root.to_str()?);
    let script = format!(
        "set -e; mkdir -p {top_text}/sos_commands/rpm {top_text}/sos_commands/kernel {top_text}/boot
         cd {root_text}; cp -a etc proc {top_text}/; cp -a boot/grub2 {top_text}/boot/
         rm -f {top_text}/etc/shadow {top_text}/etc/ssh/ssh_host_*
         echo 'Linux web1.larkshop.test 3.10.0-1160.el7.x86_64 #1 SMP Mon Oct 19 16:18:59 UTC 2020 x86_64 x86_64 x86_64 GNU/Linux' > {top_text}/sos_commands/kernel/uname_-a
         ln -s sos_commands/kernel/uname_-a {top_text}/uname
         rpm --root {root_text} --dbpath /var/lib/rpm -qa --qf '%{{NAME}}-%{{VERSION}}-%{{RELEASE}}.%{{ARCH}}  %{{INSTALLTIME:date}}\\n' | sort > {top_text}/sos_commands/rpm/sh_-c_rpm_--nodigest_-qa_--qf_NAME_-_VERSION_-_RELEASE_._ARCH_INSTALLTIME_date_sort
         ln -s sos_commands/rpm/sh_-c_rpm_--nodigest_-qa_--qf_NAME_-_VERSION_-_RELEASE_._ARCH_INSTALLTIME_date_sort {top_text}/installed-rpms
         cd {top_text}/..; tar cJf sosreport.tar.xz sosreport-web1-2024-01-01-abcdefg"
    );
    run("sh", &["-c", &script])?;
    Some(scratch.path().join("sosreport.tar.xz"))
}

#[test]
fn a_sosreport_tells_the_same_as_far_as_it_goes() {
    let Some(root) = built("doors-sos") else { return };
    let scratch = TempDir::new("doors-sos-pack").expect("a directory");
    let Some(archive) = sosreport(root.path(), &scratch) else { return };
    let packed = collected(&archive);
    let unpacked = collected(&scratch.path().join("sosreport-web1-2024-01-01-abcdefg"));
    assert_eq!(differences(&packed, &unpacked), BTreeSet::new());

    let mounted = through_root(root.path());
    assert_eq!(packed.identity.system, mounted.identity.system);
    let names = |snapshot: &Snapshot| {
        snapshot.packages.iter().map(|package| package.nevra()).collect::<BTreeSet<_>>()
    };
    assert_eq!(names(&packed), names(&mounted));
    for (path, content) in &packed.evidence.files {
        assert_eq!(Some(content), mounted.evidence.files.get(path), "{path}");
    }
    for (path, target) in &packed.evidence.links {
        assert_eq!(Some(target), mounted.evidence.links.get(path), "{path}");
    }
    // What a sosreport does not hold is not taken for absent.
    let absent = packed.evidence.missing.iter().filter(|(_, m)| **m == Missing::Absent);
    assert_eq!(absent.map(|(path, _)| path.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
    let lacking: Vec<&str> = mounted
        .evidence
        .files
        .keys()
        .filter(|path| !packed.evidence.files.contains_key(*path))
        .map(String::as_str)
        .collect();
    insta::assert_snapshot!(lacking.join("\n"), @r"
    /sys/bus/pci/devices/0000:00:05.0/device
    /sys/bus/pci/devices/0000:00:05.0/vendor
    /sys/class/block/vda/size
    /sys/class/net/eth0/address
    /usr/lib/systemd/system/lark.service
    ");
}

#[test]
fn the_command_captures_plans_and_looks_into_snapshots() {
    let Some(root) = built("doors-cli") else { return };
    let out = TempDir::new("doors-cli-out").expect("a directory");
    let path = |name: &str| out.path().join(name).to_str().expect("UTF-8").to_owned();
    let (zst, json, root) =
        (path("a.json.zst"), path("a.json"), root.path().to_str().expect("UTF-8").to_owned());
    for file in [&zst, &json] {
        let taken = elevate(&["capture", "--root", &root, "-o", file]);
        assert_eq!((taken.code, taken.stdout.as_str()), (0, ""), "{}", taken.stderr);
        assert!(taken.stderr.starts_with("centos:7.9 x86_64: 3 packages, "), "{}", taken.stderr);
    }
    let strict = elevate(&["capture", "--root", &root, "--redact", "strict"]);
    for name in ["larkshop.test", "192.168.7.20", "52:54:00:8f:2e:11", "52:54:00:8F:2E:11"] {
        assert!(from_json_has(&json, name) && !strict.stdout.contains(name), "{name}");
    }
    let checked = elevate(&["snapshot", "check", &zst]);
    assert!(checked.stdout.starts_with("version 2 of 2\n"), "{}", checked.all());
    let fstab = elevate(&["snapshot", "show", &zst, "--content", "/etc/fstab"]);
    assert!(fstab.stdout.contains("/dev/mapper/centos-root"), "{}", fstab.all());
    let absent = elevate(&["snapshot", "show", &zst, "--content", "/etc/lvm/lvm.conf"]);
    assert_eq!((absent.code, absent.stderr.as_str()), (1, "error: /etc/lvm/lvm.conf: absent\n"));
    let upgraded = elevate(&["snapshot", "upgrade", &zst]);
    let from_json = elevate(&["snapshot", "upgrade", &json]);
    assert_eq!(upgraded.stdout, from_json.stdout);
    let plan = |host: &[&str]| {
        let mut arguments = vec![
            "plan",
            "--data",
            "fixtures/data",
            "--target",
            "almalinux:8.10",
            "--format",
            "json",
        ];
        arguments.extend(host);
        elevate(&arguments)
    };
    let by_snapshot = plan(&["--snapshot", &zst]);
    let by_root = plan(&["--root", &root]);
    assert_eq!(by_snapshot.stdout, by_root.stdout, "{}", by_root.stderr);
    assert!(by_snapshot.stdout.contains("\"larkdb\""), "{}", by_snapshot.all());
}

#[test]
fn what_would_be_read_is_explained() {
    let explained = elevate(&["capture", "--explain"]);
    assert_eq!(explained.code, 0);
    let mounts = explained.stdout.split("\n\n").find(|part| part.starts_with("mounts: "));
    let mounts = mounts.expect("the topic is there");
    assert!(mounts.contains("  for: storage_scanner, "), "{mounts}");
    assert!(mounts.contains("\n  content  /etc/fstab\n"), "{mounts}");
}
