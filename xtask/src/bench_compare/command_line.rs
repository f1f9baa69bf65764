//! A plan on the command line beside `dnf distro-sync --assumeno`: the same host and
//! repositories, whole processes, with what each keeps of repositories and without.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::process::{output, run, time};
use super::solver::{HOSTS, REPOSITORIES, WORLD, line};
use crate::files;

/// Runs with a cache, and without; the fastest count.
const WARM: usize = 7;
const COLD: usize = 2;

/// Where dnf keeps things, seen from the root it works on.
const IN_ROOT: &str = "cachedir=/dnf-cache\nlogdir=/dnf-log";

/// A table of ratios, or why there is none.
///
/// # Errors
///
/// Where a program fails that should not.
pub(super) fn compare(root: &Path, target: &Path, oracle: &Path) -> Result<String, String> {
    let programs = ["dnf", "rpm", "/usr/bin/python3"];
    let missing =
        programs.iter().find(|program| run(Path::new(program), &["--version"]).output().is_err());
    if let Some(missing) = missing {
        return Ok(format!("the command line: skipped, there is no {missing}"));
    }
    let mut lines = Vec::new();
    for host in HOSTS {
        let place = Place {
            elevate: target.join("release/elevate"),
            data: root.join("fixtures/data"),
            world: oracle.join(WORLD),
            directory: target.join("tmp/command-line").join(host),
        };
        place.prepare(&oracle.join("solver/tools/mk_rpmdb.py"), host)?;
        lines.extend(place.measure(host)?);
    }
    Ok(report(&lines))
}

/// Where one host is, and what is made of it.
struct Place {
    elevate: PathBuf,
    /// Upgrade data, which a plan asks for.
    data: PathBuf,
    world: PathBuf,
    directory: PathBuf,
}

impl Place {
    fn path(&self, name: &str) -> String {
        self.directory.join(name).display().to_string()
    }

    fn repository(&self, name: &str) -> String {
        self.world.join("repos").join(name).display().to_string()
    }

    /// A root with a package database, dnf's configuration, and a snapshot of the root.
    fn prepare(&self, script: &Path, host: &str) -> Result<(), String> {
        let packages = self.world.join("installed").join(host).join("repodata/primary.xml.gz");
        let metadata = self.directory.join("installed/repodata");
        files::copy(&packages, &metadata.join("primary.xml.gz"))?;
        // The script asks for file lists too, which this host has not.
        let empty = "import gzip, sys; gzip.open(sys.argv[1], 'w').write(b'<filelists/>')";
        let filelists = metadata.join("filelists.xml.gz").display().to_string();
        let python = Path::new("/usr/bin/python3");
        output(&mut run(python, &["-c", empty, &filelists]), "python3")?;
        let (script, installed, root) =
            (script.display().to_string(), self.path("installed"), self.path("root"));
        output(&mut run(python, &[&script, &installed, &root]), "mk_rpmdb.py")?;
        files::write(&self.directory.join("dnf.conf"), self.configuration().as_bytes())?;
        let snapshot = self.path("snapshot.json");
        let arguments = ["capture", "--root", &root, "--source", "centos:7.9", "--arch", "x86_64"];
        let mut capture = run(&self.elevate, &arguments);
        output(capture.args(["--output", &snapshot]), "elevate capture").map(|_| ())
    }

    fn configuration(&self) -> String {
        let mut text = format!(
            "[main]\ngpgcheck=0\nbest=0\nplugins=0\ninstallonlypkgs=\nreposdir=/nonexistent\n\
             exclude_from_weak_autodetect=1\nmodule_platform_id=platform:el8\n{IN_ROOT}\n"
        );
        for name in REPOSITORIES {
            let address = self.repository(name);
            text += &format!("[{name}]\nname={name}\nbaseurl=file://{address}\n");
        }
        text
    }

    fn dnf(&self) -> Command {
        let (root, configuration) = (self.path("root"), self.path("dnf.conf"));
        let mut command =
            run(Path::new("dnf"), &["--installroot", &root, "--config", &configuration]);
        command.args(["--releasever=8", "--forcearch=x86_64", "distro-sync"]);
        command.args(["--allowerasing", "--assumeno"]);
        command
    }

    fn elevate(&self) -> Command {
        let [snapshot, cache] = ["snapshot.json", "elevate-cache"].map(|name| self.path(name));
        let mut command =
            run(&self.elevate, &["plan", "--snapshot", &snapshot, "--format", "json"]);
        command.arg("--data").arg(&self.data);
        command.args(["--target", "almalinux:8.10", "--fail-on", "never", "--cache-dir", &cache]);
        for name in REPOSITORIES {
            command.arg("--repo").arg(format!("{name}={}", self.repository(name)));
        }
        command
    }

    fn measure(&self, host: &str) -> Result<[String; 2], String> {
        let [mut cold, mut warm] = [[Duration::MAX; 2]; 2];
        for _ in 0..COLD {
            files::remove_directory(&self.directory.join("elevate-cache"))?;
            files::remove_directory(&self.directory.join("root/dnf-cache"))?;
            cold = self.both(cold)?;
        }
        for _ in 0..WARM {
            warm = self.both(warm)?;
        }
        let row = |what: &str, [ours, theirs]: [Duration; 2], expected: f64| {
            let [ours, theirs] = [ours, theirs].map(|time| time.as_secs_f64() * 1e3);
            line(&format!("{host}: {what}"), ours, theirs, Some(expected))
        };
        Ok([row("warm", warm, 20.0), row("cold", cold, 10.0)])
    }

    /// One run of each, where it is faster than those before.
    fn both(&self, best: [Duration; 2]) -> Result<[Duration; 2], String> {
        // dnf ends with 1 where it is told to assume no.
        Ok([best[0].min(time(&mut self.elevate(), 0)?), best[1].min(time(&mut self.dnf(), 1)?)])
    }
}

fn report(lines: &[String]) -> String {
    format!(
        "The same on the command line, beside dnf distro-sync --assumeno; milliseconds, whole\n\
         processes, the fastest of {WARM} runs with a cache and of {COLD} without.\n\n\
         {:<30} {:>8}  {:>8} {:>7}  expected\n{}",
        "measure",
        "ours",
        "dnf",
        "ratio",
        lines.join("\n")
    )
}
