//! How a run of leapp ends early.

use serde::Serialize;

use crate::model::RepoFile;

use super::Context;

/// How leapp's own run would end early on these inputs. An error lets the
/// phase finish, an exception ends the run on the spot (actors-common.md
/// section 2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stop {
    /// The actor that stops.
    pub actor: &'static str,
    /// Whether it is an unhandled exception.
    pub crash: bool,
    /// Why, in our words.
    pub why: String,
}

impl Stop {
    pub(super) fn error(actor: &'static str, why: impl Into<String>) -> Self {
        Self { actor, crash: false, why: why.into() }
    }

    pub(super) fn crash(actor: &'static str, why: impl Into<String>) -> Self {
        Self { actor, crash: true, why: why.into() }
    }
}

/// Whether a repository file of the host ends leapp's run.
pub(super) fn of_host_files(cx: &Context<'_>) -> Option<Stop> {
    let mut files = cx.facts.repositories.files.iter();
    files.find_map(|file| of_repo_file(file, "system_facts"))
}

/// leapp reads the list of devices and drivers in the same phase.
pub(super) fn of_devices(cx: &Context<'_>) -> Option<Stop> {
    let error = cx.data.devices.as_ref()?.as_ref().err()?;
    Some(Stop::error("load_device_driver_deprecation_data", error.to_string()))
}

/// leapp dies of a section without `name`, and of `[main]`, which it takes for
/// one (formats.md section 3).
pub(super) fn of_repo_file(file: &RepoFile, actor: &'static str) -> Option<Stop> {
    let nameless = file.repositories.iter().find(|r| r.name.is_none()).map(|r| r.id.as_str());
    let section = nameless.or(file.main_section.map(|_| "main"))?;
    Some(Stop::crash(actor, format!("{}: section {section} has no name", file.path)))
}
