//! Files as they were before a step: what a step is taken back by, and known by where it was
//! interrupted.

use std::io;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::executor::{Act, StepError};
use super::files::Files;
use super::journal::Outcome;
use super::machine::DIRECTORY;
use crate::plan::Step;
use crate::plan::edit::digest;

/// A file as it was before a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Backup {
    /// The file, below the root.
    pub path: String,
    /// The copy, below the directory of the run; none where there was no file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<String>,
    /// SHA-256 of the file, in hexadecimal; none where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Where the path led, where it was a link that the step removes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// What a file is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Now {
    /// As before the step.
    Before,
    /// As the step makes it.
    After,
    /// Neither.
    Other,
}

impl Backup {
    /// Keeps what a file holds that a step is about to change.
    pub(super) fn keep(
        files: &Files,
        step: &Step,
        act: &Act,
        path: &str,
    ) -> Result<Self, StepError> {
        let failed = |error: io::Error| StepError::of(path, error);
        let path = path.to_owned();
        if let Act::Remove { .. } = act
            && let link @ Some(_) = files.link(&path).map_err(failed)?
        {
            return Ok(Self { path, copy: None, sha256: None, link });
        }
        let content = files.read(&path).map_err(failed)?;
        let sha256 = content.as_deref().map(digest);
        let copy = content.map(|content| {
            let copy =
                format!("{DIRECTORY}/backup/{}", digest(format!("{} {path}", step.id).as_bytes()));
            let kept = files.replace(&copy, &content);
            kept.map(|()| copy.clone()).map_err(|error| StepError::of(&copy, error))
        });
        Ok(Self { path, copy: copy.transpose()?, sha256, link: None })
    }

    /// Changes the file, which is as it was kept.
    pub(super) fn change(&self, files: &Files, act: &Act) -> Result<Outcome, StepError> {
        let failed = |error: io::Error| StepError::of(&self.path, error);
        let before = self.content(files)?;
        match act.result(files, before.as_deref())? {
            _ if self.link.is_some() => files.remove(&self.path).map_err(failed)?,
            wanted if wanted == before => return Ok(Outcome::Unchanged),
            Some(content) => files.replace(&self.path, &content).map_err(failed)?,
            None => files.remove(&self.path).map_err(failed)?,
        }
        Ok(Outcome::Changed)
    }

    /// What became of the file, by what the step does to it.
    pub(super) fn now(&self, files: &Files, act: &Act) -> Result<Now, StepError> {
        let failed = |error: io::Error| StepError::of(&self.path, error);
        if let Some(link) = &self.link {
            let is_there = files.link(&self.path).map_err(failed)?;
            return Ok(match is_there {
                Some(now) if now == *link => Now::Before,
                Some(_) => Now::Other,
                None if files.digest(&self.path).map_err(failed)?.is_none() => Now::After,
                None => Now::Other,
            });
        }
        let now = files.digest(&self.path).map_err(failed)?;
        if now == self.sha256 {
            return Ok(Now::Before);
        }
        let wanted = act.result(files, self.content(files)?.as_deref())?;
        Ok(if now == wanted.as_deref().map(digest) { Now::After } else { Now::Other })
    }

    /// Makes the file what it was.
    pub(super) fn put_back(&self, files: &Files) -> Result<(), StepError> {
        let failed = |error: io::Error| StepError::of(&self.path, error);
        match (&self.link, self.content(files)?) {
            (Some(link), _) => files.make_link(&self.path, link).map_err(failed),
            (None, Some(content)) => files.replace(&self.path, &content).map_err(failed),
            (None, None) => files.remove(&self.path).map_err(failed),
        }
    }

    /// What the file held; `None` where there was none.
    fn content(&self, files: &Files) -> Result<Option<Vec<u8>>, StepError> {
        let Some(copy) = &self.copy else { return Ok(None) };
        let content = files.read(copy).map_err(|error| StepError::of(copy, error))?;
        if content.as_deref().map(digest) != self.sha256 {
            return Err(StepError::of(&self.path, "what was kept of it is damaged"));
        }
        Ok(content)
    }
}
