//! `elevate capture`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use elevate_core::snapshot::{Missing, collect, format};

use super::host::{CaptureArgs, Elsewhere, summary};
use super::pack;
use crate::error::CliError;
use crate::output;

/// Most unreadable things told of; `elevate snapshot show` has all.
const TOLD: usize = 10;

/// Takes a snapshot of this machine, of a mounted root or of a sosreport.
///
/// Reads files only: nothing is run, nothing is changed, no network is needed.
/// Without root, what cannot be read is listed and counts as not known.
#[derive(Debug, Args)]
pub(crate) struct Capture {
    #[command(flatten)]
    elsewhere: Elsewhere,
    #[command(flatten)]
    how: CaptureArgs,
    /// Collect what the rules of this pack need too: a directory, or the name of one that
    /// ships (repeatable)
    #[arg(long, value_name = "DIR|NAME")]
    pack: Vec<PathBuf>,
    /// Where to write it; compressed where the name ends in .zst. Default: standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Only say what would be read, why, and which checks need it
    #[arg(long)]
    explain: bool,
}

impl Capture {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        if self.explain {
            let further = pack::collected(&self.pack)?;
            output::data(&explanation(&further))?;
            return Ok(ExitCode::SUCCESS);
        }
        let snapshot = self.how.take(&self.elsewhere, &self.pack)?;
        output::talk(format_args!("{}", summary(&snapshot)));
        let unreadable =
            snapshot.evidence.missing.iter().filter_map(|(path, missing)| match missing {
                Missing::Unreadable(why) => Some((path, why)),
                _ => None,
            });
        let unreadable: Vec<_> = unreadable.collect();
        for (path, why) in unreadable.iter().take(TOLD) {
            output::talk(format_args!("unreadable: {path}: {why}"));
        }
        if let Some(more) = unreadable.len().checked_sub(TOLD).filter(|more| *more > 0) {
            output::talk(format_args!("unreadable: {more} more; elevate snapshot show lists all"));
        }
        let json = snapshot.to_json();
        if json.len() > format::MAX_BYTES {
            let (size, most) = (json.len() >> 20, format::MAX_BYTES >> 20);
            return Err(CliError::failure(format_args!(
                "the snapshot has {size} MiB; more than {most} MiB are not read back"
            )));
        }
        match &self.output {
            None => output::data(&json)?,
            Some(path) if path.extension().is_some_and(|end| end == "zst") => {
                let bytes = format::zstd(&json).map_err(CliError::failure)?;
                output::file(path, &bytes)?;
            }
            Some(path) => output::file(path, json.as_bytes())?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn explanation(further: &[collect::Item]) -> String {
    let mut text = String::from(
        "packages: what is installed, from where, with dependencies and files\n  \
         for: every plan\n  \
         /var/lib/rpm, /var/lib/yum/yumdb, /var/lib/dnf/history.sqlite; an archive's list of packages\n",
    );
    for topic in collect::topics() {
        let actors = topic.actors.join(", ");
        text.push_str(&format!("\n{}: {}\n  for: {actors}\n", topic.name, topic.why));
        for item in topic.items() {
            text.push_str(&format!("  {:8} {}\n", item.take.name(), item.pattern));
        }
    }
    if !further.is_empty() {
        text.push_str("\npacks: what the packs that are named need besides\n");
    }
    for item in further {
        text.push_str(&format!("  {:8} {}\n", item.take.name(), item.pattern));
    }
    text.push_str(
        "\nIncluded files, mounted file systems, the drivers of disks and their first 512 bytes are\n\
         followed from there. Passwords, keys and tokens are taken out of everything.\n",
    );
    text
}
