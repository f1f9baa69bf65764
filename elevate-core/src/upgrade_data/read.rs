//! Files in memory to [`UpgradeData`]. Never fails: what is broken is kept as
//! broken, and what is ignored is a remark.

use sha2::{Digest, Sha256};

use super::asset::text_of;
use super::remark::{Remarks, codes};
use super::{
    Asset, DataDirectory, DataError, InputFile, Level, Place, Problem, Remark, Streams, UpgradeData,
};
use crate::model::{RepoFile, RepoFileNoteKind};

/// What reading the files of a directory adds up.
pub(super) struct Session<'d> {
    pub(super) directory: &'d DataDirectory,
    pub(super) remarks: Vec<Remark>,
    pub(super) files: Vec<InputFile>,
}

impl UpgradeData {
    /// Reads the files of a data directory. A broken file is kept as an error
    /// in its place; what is ignored or odd becomes a remark.
    ///
    /// `repomap.json` and `leapp_upgrade_repositories.repo` are also taken
    /// under the names they have in the source repository of the data, with
    /// `.el8` at the end, where the plain names are absent.
    pub fn from_directory(directory: &DataDirectory) -> Self {
        let mut session = Session { directory, remarks: Vec::new(), files: Vec::new() };
        let events = session.asset("pes-events.json", super::package_events::read);
        let map = session.plain_or_suffixed("repomap.json");
        let repo_map = session.asset(&map, super::repo_map::read);
        let custom = session.plain_or_suffixed("leapp_upgrade_repositories.repo");
        let custom_repositories = directory
            .files
            .contains_key(&custom)
            .then(|| session.repo_file(&custom))
            .filter(|read| !matches!(read, Ok(file) if file.repositories.is_empty()));
        let Session { mut remarks, mut files, .. } = session;
        remarks.sort();
        remarks.dedup();
        files.sort();
        Self {
            events,
            repo_map,
            custom_repositories,
            vendors: Vec::new(),
            devices: None,
            transaction: Default::default(),
            remarks,
            files,
        }
    }
}

type Read<T> = fn(&str, &[u8], &mut Remarks) -> Result<(T, Streams), DataError>;

impl<'d> Session<'d> {
    /// An asset by its path.
    pub(super) fn asset<T>(&mut self, path: &str, read: Read<T>) -> Result<Asset<T>, DataError> {
        let bytes = self.bytes(path)?;
        let mut remarks = Remarks::new(path);
        let result = read(path, bytes, &mut remarks);
        self.remarks.extend(remarks.finish());
        let (value, streams) = result?;
        let file = self.files.last().cloned().unwrap_or_else(|| input_file(path, bytes));
        Ok(Asset { file, streams, value })
    }

    /// A `.repo` file by its path.
    pub(super) fn repo_file(&mut self, path: &str) -> Result<RepoFile, DataError> {
        let bytes = self.bytes(path)?;
        let text = match text_of(path, bytes) {
            Err(error) if error.problem == Problem::Empty => "",
            text => text?,
        };
        let (file, notes) = RepoFile::parse(path, text).map_err(|error| DataError {
            file: path.to_owned(),
            place: Place::Line(error.line, 0),
            problem: Problem::Invalid(error.what.to_string()),
        })?;
        let mut remarks = Remarks::new(path);
        for note in notes {
            let (code, level) = code_of(&note.kind);
            remarks.push(code, level, format_args!("line {}", note.line), note.kind.to_string());
        }
        self.remarks.extend(remarks.finish());
        Ok(file)
    }

    /// The content of a file, which is noted as read.
    pub(super) fn bytes(&mut self, path: &str) -> Result<&'d [u8], DataError> {
        let bytes = self.directory.get(path).map_err(|problem| DataError {
            file: path.to_owned(),
            place: Place::Whole,
            problem,
        })?;
        self.files.push(input_file(path, bytes));
        Ok(bytes)
    }

    /// `name`, or `name.el8` where only that is there.
    pub(super) fn plain_or_suffixed(&mut self, name: &str) -> String {
        let suffixed = format!("{name}.el8");
        if self.directory.files.contains_key(name) || !self.directory.files.contains_key(&suffixed)
        {
            return name.to_owned();
        }
        self.remark(
            &suffixed,
            codes::SUFFIXED_NAME,
            Level::Note,
            format!("taken for {name}, which is absent"),
        );
        suffixed
    }

    /// A remark on a file as a whole.
    pub(super) fn remark(&mut self, path: &str, code: &'static str, level: Level, message: String) {
        let (file, place) = (path.to_owned(), String::new());
        self.remarks.push(Remark { file, place, code, level, message });
    }
}

fn code_of(kind: &RepoFileNoteKind) -> (&'static str, Level) {
    match kind {
        RepoFileNoteKind::MainSection => (codes::MAIN_SECTION, Level::Error),
        RepoFileNoteKind::RepeatedSection(_) => (codes::REPEATED_SECTION, Level::Warning),
        RepoFileNoteKind::MissingName(_) => (codes::MISSING_NAME, Level::Error),
        RepoFileNoteKind::OddEnabled(..) => (codes::ODD_ENABLED, Level::Warning),
        RepoFileNoteKind::DisabledForLeapp(..) => (codes::LEAPP_DISABLED, Level::Warning),
        RepoFileNoteKind::Percent(..) => (codes::PERCENT, Level::Warning),
        RepoFileNoteKind::NoSections => (codes::NO_SECTIONS, Level::Note),
    }
}

fn input_file(path: &str, bytes: &[u8]) -> InputFile {
    let digest = Sha256::digest(bytes);
    let sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    InputFile { path: path.to_owned(), size: bytes.len() as u64, sha256 }
}
