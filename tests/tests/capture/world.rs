//! Builds a host's file system, with a package database made by rpm.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests make files and run tools"
)]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use elevate_tests::data::made_once;

/// The files of the world.
pub(crate) const WORLD: &str = include_str!("world.txt");

/// Writes a world below a directory.
pub(crate) fn write(world: &str, directory: &Path) {
    let sections = world.split("\n//- ").skip(1);
    for section in sections {
        let (head, content) = section.split_once('\n').unwrap_or((section, ""));
        let (path, target) = match head.split_once(" -> ") {
            Some((path, target)) => (path, Some(target)),
            None => (head, None),
        };
        let at = directory.join(path.trim_start_matches('/'));
        std::fs::create_dir_all(at.parent().expect("a parent")).expect("a directory");
        match target {
            Some(target) => symlink(target, &at).expect("a link"),
            None if path.ends_with('/') => std::fs::create_dir_all(&at).expect("a directory"),
            None => std::fs::write(&at, format!("{}\n", content.trim_end())).expect("a file"),
        }
    }
}

/// Runs a command in the C locale; `None`, with a printed reason, where it
/// cannot be run or fails.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Option<Vec<u8>> {
    let mut command = Command::new(program);
    let output = command.args(arguments).env("LC_ALL", "C").env("TZ", "UTC").output();
    let output = output.inspect_err(|error| eprintln!("skipped: {program}: {error}")).ok()?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        eprintln!("skipped: {program} {arguments:?}: {why}");
        return None;
    }
    Some(output.stdout)
}

const SPEC: &str = "\
Name: NAME
Version: VERSION
Release: RELEASE
Summary: for a test
License: Apache-2.0
Vendor: CentOS
%description
For a test.
%install
mkdir -p %{buildroot}/etc
echo as it came > %{buildroot}/etc/NAME.conf
%files
%config(noreplace) /etc/NAME.conf
";

/// Name, version, release, and more of each package.
const PACKAGES: [(&str, &str, &str, &str); 3] = [
    ("centos-release", "7", "9.2009.1.el7.centos", "Provides: system-release = 7\n"),
    ("larkdb", "1.0", "1", "Requires: bash >= 4\nRequires(post): /bin/sh\nObsoletes: old < 1\n"),
    ("larkdb-libs", "1.0", "1", ""),
];

/// Builds the packages, once for all tests; `None`, with a printed reason, where
/// they cannot be built here.
fn packages() -> Option<&'static Path> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let specs = PACKAGES.map(|(name, version, release, more)| {
            let spec = SPEC.replace("NAME", name).replace("VERSION", version);
            let spec = spec.replace("RELEASE", release);
            (name, spec.replace("%description", &format!("{more}%description")))
        });
        let build = |directory: &Path| {
            let define = format!("_topdir {}", directory.to_str()?);
            for (name, spec) in &specs {
                let path = directory.join(format!("{name}.spec"));
                std::fs::write(&path, spec).ok()?;
                let arguments = ["--quiet", "--target", "x86_64-linux", "--define", &define, "-bb"];
                run("rpmbuild", &[&arguments[..], &[path.to_str()?]].concat())?;
            }
            Some(())
        };
        let below = Path::new(env!("CARGO_TARGET_TMPDIR"));
        made_once(below, "doors-packages", format!("{specs:?}").as_bytes(), build)
    });
    built.as_deref()
}

/// Installs packages into the database of a root, as rpm itself does; false,
/// with a printed reason, where that cannot be done here.
pub(crate) fn install(root: &Path) -> bool {
    let Some(packages) = packages() else { return false };
    let (root, packages) = (root.display(), packages.display());
    let script = format!(
        "rpm --root {root} --dbpath /var/lib/rpm --justdb --nodeps --noscripts --ignorearch -i {packages}/RPMS/*/*.rpm"
    );
    run("sh", &["-c", &script]).is_some()
}
