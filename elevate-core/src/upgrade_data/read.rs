//! Files in memory to [`UpgradeData`]. Never fails: what is broken is kept as
//! broken, and what is ignored is a remark.

use std::collections::BTreeMap;

use serde::de::MapAccess;
use sha2::{Digest, Sha256};

use super::asset::{Document, read_document, text_of};
use super::directory::LARGEST_MIB;
use super::raw::Raw;
use super::remark::{Remarks, codes};
use super::repo_map::RepoMap;
use super::transaction_files;
use super::{
    Asset, DataDirectory, DataError, InputFile, Level, Place, Problem, Remark, Streams, UpgradeData,
};
use crate::model::{RepoFile, RepoFileNoteKind, hex};

/// What reading the files of a directory adds up.
pub(super) struct Session<'d> {
    pub(super) directory: &'d DataDirectory,
    pub(super) remarks: Vec<Remark>,
    pub(super) files: Vec<InputFile>,
    refused_streams: BTreeMap<String, Streams>,
}

impl UpgradeData {
    /// Reads the files of a data directory. A broken file is kept as an error
    /// in its place; what is ignored or odd becomes a remark.
    ///
    /// `repomap.json` and `leapp_upgrade_repositories.repo` are also taken
    /// under the names they have in the source repository of the data, with
    /// `.el8` at the end, where the plain names are absent.
    pub fn from_directory(directory: &DataDirectory) -> Self {
        let mut session = Session::new(directory);
        let events = session.asset(EVENTS, super::package_events::read);
        let map = session.plain_or_suffixed(MAP);
        let repo_map = session.asset(&map, super::repo_map::read);
        let custom = session.plain_or_suffixed(CUSTOM);
        let custom_repositories = session
            .optional(&custom)
            .then(|| session.repo_file(&custom))
            .filter(|read| !matches!(read, Ok(file) if file.repositories.is_empty()));
        let devices =
            session.optional(DEVICES).then(|| session.asset(DEVICES, super::devices::read));
        let vendors = super::vendors::read(&mut session);
        let left_over_maps = super::vendors::left_over_maps(directory);
        let transaction = super::transaction_files::read(&mut session);
        session.others(&[&map, &custom]);
        let Session { mut remarks, mut files, refused_streams, .. } = session;
        remarks.sort();
        remarks.dedup();
        files.sort();
        files.dedup();
        Self {
            events,
            repo_map,
            custom_repositories,
            vendors,
            left_over_maps,
            devices,
            transaction,
            refused_streams,
            remarks,
            files,
        }
    }
}

const EVENTS: &str = "pes-events.json";
const MAP: &str = "repomap.json";
const CUSTOM: &str = "leapp_upgrade_repositories.repo";
const DEVICES: &str = "device_driver_deprecation_data.json";
const LEGACY: [&str; 2] = ["unsupported_driver_names.json", "unsupported_pci_ids.json"];

type Read<T> = fn(&str, &[u8], &mut Remarks) -> Result<(T, Streams), DataError>;

impl<'d> Session<'d> {
    /// Nothing read yet.
    pub(super) fn new(directory: &'d DataDirectory) -> Self {
        let refused_streams = BTreeMap::new();
        Self { directory, remarks: Vec::new(), files: Vec::new(), refused_streams }
    }

    /// An asset by its path.
    pub(super) fn asset<T>(&mut self, path: &str, read: Read<T>) -> Result<Asset<T>, DataError> {
        let bytes = self.bytes(path)?;
        let mut remarks = Remarks::new(path);
        let result = read(path, bytes, &mut remarks);
        self.remarks.extend(remarks.finish());
        let (value, streams) = result.inspect_err(|error| self.note_streams(error, bytes))?;
        let file = self.files.last().cloned().unwrap_or_else(|| input_file(path, bytes));
        Ok(Asset { file, streams, value })
    }

    fn note_streams(&mut self, error: &DataError, bytes: &[u8]) {
        if !matches!(error.problem, Problem::Invalid(_) | Problem::Fatal(_)) {
            return;
        }
        let mut unread = Remarks::new(&error.file);
        let text = text_of(&error.file, bytes);
        let streams = text
            .and_then(|text| read_document(&error.file, text, &mut Legacy::default(), &mut unread));
        if let Ok(streams) = streams {
            self.refused_streams.insert(error.file.clone(), streams);
        }
    }

    /// A repository map without its data streams, which leapp does not check in
    /// vendors' maps.
    pub(super) fn map(&mut self, path: &str) -> Result<RepoMap, DataError> {
        self.asset(path, super::repo_map::read).map(|asset| asset.value)
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
        if bytes.len() as u64 > LARGEST_MIB << 20 {
            let problem = Problem::TooLarge(LARGEST_MIB);
            return Err(DataError { file: path.to_owned(), place: Place::Whole, problem });
        }
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

    /// Whether there is a file of this name, readable or not.
    fn optional(&self, path: &str) -> bool {
        self.directory.files.contains_key(path)
    }

    /// Remarks on files that could not be read, and on files nobody reads.
    fn others(&mut self, taken: &[&str]) {
        let directory = self.directory;
        for (path, content) in &directory.files {
            if let Err(problem) = content {
                self.remark(path, codes::UNREADABLE, Level::Error, problem.to_string());
            } else if LEGACY.contains(&path.as_str()) {
                self.legacy_devices(path);
            } else if !taken.contains(&path.as_str()) && !is_known(path) {
                self.ignored(path);
            }
        }
    }

    /// A remark that a file is not read.
    pub(super) fn ignored(&mut self, path: &str) {
        self.remark(path, codes::IGNORED_FILE, Level::Note, why_ignored(path).to_owned());
    }

    /// `{"devices": {}}` in every distribution; nobody reads what it could hold.
    fn legacy_devices(&mut self, path: &str) {
        let Ok(bytes) = self.bytes(path) else { return };
        let mut legacy = Legacy::default();
        let mut remarks = Remarks::new(path);
        let read = text_of(path, bytes)
            .and_then(|text| read_document(path, text, &mut legacy, &mut remarks));
        self.remarks.extend(remarks.finish());
        match read {
            Err(error) => {
                let message = format!("{}{}", error.problem, error.place);
                self.remark(path, codes::BROKEN_FILE, Level::Warning, message);
            }
            Ok(_) if !legacy.devices.is_falsy() => {
                let message = "has `devices` in a format that no version of leapp reads any more";
                self.remark(path, codes::LEGACY_DEVICES, Level::Warning, message.to_owned());
            }
            Ok(_) => {}
        }
    }

    /// A remark on a file as a whole.
    pub(super) fn remark(&mut self, path: &str, code: &'static str, level: Level, message: String) {
        let (file, place) = (path.to_owned(), String::new());
        self.remarks.push(Remark { file, place, code, level, message });
    }
}

#[derive(Default)]
struct Legacy<'a> {
    devices: Raw<'a>,
}

impl<'de> Document<'de> for Legacy<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error> {
        if key == "devices" {
            self.devices = map.next_value()?;
        }
        Ok(key == "devices")
    }
}

/// Whether some reader takes care of the file, or it is a key, which dnf reads.
fn is_known(path: &str) -> bool {
    match path.rsplit_once('/') {
        None => [EVENTS, MAP, CUSTOM, DEVICES].contains(&path),
        Some(("vendors.d" | "vendors.d/rpm-gpg" | "rpm-gpg", _)) => true,
        Some(("transaction", name)) => transaction_files::NAMES.contains(&name),
        Some(_) => false,
    }
}

fn why_ignored(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let version = name.rsplit_once(".el").map_or("", |(_, version)| version);
    if name == "config.json" {
        "not read: it is an input of the tool that makes pes-events.json"
    } else if name.ends_with(".csv") {
        "not read: the format of maps before repomap.json"
    } else if name.contains("_template") {
        "not read: a template that the data's package build fills in"
    } else if [".rpmsave", ".rpmnew", ".rpmorig", ".bak", "~"].iter().any(|end| name.ends_with(end))
    {
        "not read: a left-over of an update or an editor"
    } else if !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit()) {
        "not read: it is for another release, or there is a file without this suffix"
    } else {
        "not read: no file of this name is part of the data"
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
    let sha256 = hex(&Sha256::digest(bytes));
    InputFile { path: path.to_owned(), size: bytes.len() as u64, sha256 }
}
