//! Which host a command is about, and how it becomes a snapshot.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use elevate_core::host::{self, Host, Kind, Live};
use elevate_core::model::{Arch, System};
use elevate_core::rpm::listing;
use elevate_core::rpm::rpmdb::Mode;
use elevate_core::snapshot::capture::{self, Progress, capture};
use elevate_core::snapshot::{GivenIdentity, Missing, Snapshot, collect, format};

use super::pack;
use crate::error::CliError;
use crate::{environment, input, output};

/// A host's root file system, or what somebody collected of it.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct Elsewhere {
    /// Root file system of the host, mounted or unpacked here
    #[arg(long, value_name = "DIR", group = "which")]
    root: Option<PathBuf>,
    /// sosreport or Insights archive of the host, packed or unpacked
    #[arg(long, value_name = "FILE|DIR", group = "which")]
    sos: Option<PathBuf>,
}

/// What a host, or a package list of it, may not tell.
#[derive(Debug, Args)]
pub(crate) struct IdentityArgs {
    /// What the host runs, such as centos:7.9, where it does not tell
    #[arg(long, value_name = "DISTRO:X.Y")]
    source: Option<System>,
    /// The host's architecture, where it does not tell
    #[arg(long, value_name = "ARCH")]
    arch: Option<Arch>,
}

impl IdentityArgs {
    fn given(&self) -> GivenIdentity {
        GivenIdentity {
            distro: self.source.as_ref().map(|source| source.distro.clone()),
            release: self.source.as_ref().map(|source| source.release),
            arch: self.arch.clone(),
            ..GivenIdentity::default()
        }
    }
}

/// Which host to plan for.
#[derive(Debug, Args)]
#[group(required = true, multiple = false, id = "which")]
pub(crate) struct HostArgs {
    /// Package list: rpm -qa in any usual shape, sosreport's installed-rpms, JSON; `-` for stdin
    #[arg(long, value_name = "FILE", group = "which")]
    packages: Option<PathBuf>,
    /// Snapshot; `-` for stdin
    #[arg(long, value_name = "FILE", group = "which")]
    snapshot: Option<PathBuf>,
    #[command(flatten)]
    elsewhere: Elsewhere,
    #[command(flatten)]
    identity: IdentityArgs,
}

impl HostArgs {
    /// The host as a snapshot.
    ///
    /// One that is captured for it has what some packs need besides.
    pub(crate) fn snapshot(&self, packs: &[PathBuf]) -> Result<Snapshot, CliError> {
        match (&self.packages, &self.snapshot) {
            (Some(path), None) => self.listed(path),
            (None, Some(path)) if self.identity.given() == GivenIdentity::default() => {
                read_snapshot(path)
            }
            (None, Some(_)) => Err(CliError::usage(
                "a snapshot tells itself what the host is: leave --source and --arch out",
            )),
            _ => {
                let (given, further) = (self.identity.given(), pack::collected(packs)?);
                let options = capture::Options { given, further, ..Default::default() };
                take(&*self.elsewhere.open()?, &options)
            }
        }
    }

    fn listed(&self, path: &Path) -> Result<Snapshot, CliError> {
        let bytes = input::read(path, listing::MAX_BYTES)?;
        let name = input::shown(path);
        let list = listing::read(&bytes)
            .map_err(|error| CliError::failure(format_args!("{name}: {error}")))?;
        Snapshot::from_listing(list, &name, self.identity.given()).map_err(|error| {
            CliError::failure(error).hint("say it with --source centos:7.9 and --arch x86_64")
        })
    }
}

impl Elsewhere {
    /// Opens the door: that of this machine where no other was named.
    pub(crate) fn open(&self) -> Result<Box<dyn Host>, CliError> {
        let (path, kind) = match (&self.root, &self.sos) {
            (Some(path), _) => (path, Kind::Root),
            (None, Some(path)) => (path, Kind::Collected),
            (None, None) => return Ok(Box::new(Live::new())),
        };
        host::open(path, kind)
            .map_err(|error| CliError::failure(format_args!("{}: {error}", path.display())))
    }

    /// Whether it is this machine.
    pub(crate) fn is_here(&self) -> bool {
        self.root.is_none() && self.sos.is_none()
    }
}

/// How a host is captured.
#[derive(Debug, Args)]
pub(crate) struct CaptureArgs {
    /// Collect what this file lists too: `content /opt/app/*.conf` and so on, one a line
    #[arg(long, value_name = "FILE")]
    collect: Option<PathBuf>,
    /// Go on where the package database is damaged, and say what is lost
    #[arg(long)]
    salvage: bool,
    /// What to take out: secrets always; strict: names of hosts and users, and addresses too
    #[arg(long, value_name = "MODE", value_enum, default_value_t = Redact::Secrets)]
    redact: Redact,
    #[command(flatten)]
    identity: IdentityArgs,
}

/// What is taken out of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Redact {
    /// Keys, passwords, tokens
    Secrets,
    /// Those, and names of hosts and users, and addresses, each replaced by the same other one
    Strict,
}

impl CaptureArgs {
    /// Captures a host, with what some packs need besides.
    pub(crate) fn take(
        &self,
        elsewhere: &Elsewhere,
        packs: &[PathBuf],
    ) -> Result<Snapshot, CliError> {
        let host = elsewhere.open()?;
        let mut further = self.further()?;
        further.extend(pack::collected(packs)?);
        let options = capture::Options {
            further,
            mode: if self.salvage { Mode::Salvage } else { Mode::Strict },
            given: self.identity.given(),
            taken: elsewhere.is_here().then(environment::now).flatten(),
        };
        let snapshot = take(&*host, &options)?;
        Ok(match self.redact {
            Redact::Secrets => snapshot,
            Redact::Strict => snapshot.redacted(),
        })
    }

    fn further(&self) -> Result<Vec<collect::Item>, CliError> {
        let Some(path) = &self.collect else { return Ok(Vec::new()) };
        let name = input::shown(path);
        let bytes = input::read(path, 1 << 20)?;
        let text = String::from_utf8(bytes)
            .map_err(|_| CliError::failure(format_args!("{name}: is not UTF-8")))?;
        collect::parse(&text).map_err(|error| CliError::failure(format_args!("{name}: {error}")))
    }
}

/// Captures a host, with progress where somebody watches.
fn take(host: &dyn Host, options: &capture::Options) -> Result<Snapshot, CliError> {
    let watched = std::io::stderr().is_terminal();
    let mut progress = |at: Progress<'_>| {
        if watched {
            output::progress(format_args!("[{:2}/{}] {}", at.done + 1, at.of, at.what));
        }
    };
    let snapshot = capture(host, options, &mut progress);
    if watched {
        output::progress(format_args!(""));
    }
    snapshot.map_err(|error| {
        let hint = match &error {
            capture::CaptureError::NoPackages(_) => {
                "without a package database, a list does: elevate plan --packages FILE"
            }
            capture::CaptureError::Database { .. } => "--salvage goes on with what can be read",
            capture::CaptureError::Identity(_) => {
                "say it with --source centos:7.9 and --arch x86_64"
            }
        };
        CliError::failure(error).hint(hint)
    })
}

/// Reads a snapshot; what it holds that is not known is told.
pub(crate) fn read_snapshot(path: &Path) -> Result<Snapshot, CliError> {
    let bytes = input::read(path, format::MAX_BYTES)?;
    let name = input::shown(path);
    let read = Snapshot::read(&bytes)
        .map_err(|error| CliError::failure(format_args!("{name}: {error}")))?;
    for field in &read.ignored {
        output::talk(format_args!("warning: {name}: {field} is not known and was ignored"));
    }
    Ok(read.snapshot)
}

/// How much of a host a snapshot has, in a few lines.
pub(crate) fn summary(snapshot: &Snapshot) -> String {
    let evidence = &snapshot.evidence;
    let count =
        |wanted: fn(&Missing) -> bool| evidence.missing.values().filter(|m| wanted(m)).count();
    let mut lines = vec![format!(
        "{} {}: {} packages, {} files, {} directories, {} outputs of commands",
        snapshot.identity.system,
        snapshot.identity.arch,
        snapshot.packages.len(),
        evidence.files.len(),
        evidence.directories.len(),
        evidence.commands.len(),
    )];
    let mut rest = vec![
        format!("{} looked for and absent", count(|m| matches!(m, Missing::Absent))),
        format!("{} unreadable", count(|m| matches!(m, Missing::Unreadable(_)))),
    ];
    let not_held = count(|m| matches!(m, Missing::NotHeld));
    if not_held > 0 {
        rest.push(format!("{not_held} not held"));
    }
    let secrets: u32 = evidence.redacted.values().sum();
    rest.push(format!("{secrets} secrets taken out"));
    if !snapshot.unread.is_empty() {
        rest.push(format!("{} remarks", snapshot.unread.len()));
    }
    lines.push(rest.join(", "));
    lines.join("\n")
}
