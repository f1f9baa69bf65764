//! The lines of a `.repo` file, as `configparser` takes them.

use std::collections::BTreeMap;

use super::{
    ParseRepoFileError, RepoFile, RepoFileFault, RepoFileNote, RepoFileNoteKind, Repository,
    boolean,
};
use crate::model::RepoId;

/// The most sections a file may have. Real ones stay below 400.
const MOST_SECTIONS: usize = 20_000;

/// The most notes kept on one file.
const MOST_NOTES: usize = 1_000;

/// The most bytes [DEFAULT] may add to all sections together.
const LARGEST_DEFAULTS: usize = 16 << 20;

type Options = BTreeMap<String, String>;

#[derive(Default)]
struct Lines {
    defaults: Options,
    sections: Vec<(RepoId, usize, Options)>,
    index: BTreeMap<RepoId, usize>,
    at: Place,
    /// The option continuation lines belong to.
    open: Option<String>,
    /// Indentation of the open option.
    indent: usize,
    notes: Vec<RepoFileNote>,
}

/// The section being read.
#[derive(Default, Clone, Copy, PartialEq)]
enum Place {
    #[default]
    BeforeFirst,
    Defaults,
    Ignored,
    Section(usize),
}

pub(super) fn parse(
    path: &str,
    text: &str,
) -> Result<(RepoFile, Vec<RepoFileNote>), ParseRepoFileError> {
    let mut lines = Lines::default();
    for (index, line) in text.lines().enumerate() {
        lines.take(index + 1, line).map_err(|what| ParseRepoFileError { line: index + 1, what })?;
    }
    let Lines { defaults, sections, mut notes, .. } = lines;
    let bytes: usize = defaults.iter().map(|(key, value)| key.len() + value.len()).sum();
    if bytes.saturating_mul(sections.len()) > LARGEST_DEFAULTS {
        let what = RepoFileFault::Defaults(sections.len());
        return Err(ParseRepoFileError { line: 1, what });
    }
    let mut repositories = Vec::with_capacity(sections.len());
    for (id, line, options) in sections {
        let mut all: Options = defaults.clone();
        all.extend(options);
        repositories.push(repository(id, line, all, &mut notes));
    }
    if repositories.is_empty() {
        notes.push(RepoFileNote { line: 1, kind: RepoFileNoteKind::NoSections });
    }
    let is_main = |note: &&RepoFileNote| note.kind == RepoFileNoteKind::MainSection;
    let main_section = notes.iter().find(is_main).map(|note| note.line);
    notes.truncate(MOST_NOTES);
    notes.sort_by(|a, b| (a.line, &a.kind).cmp(&(b.line, &b.kind)));
    Ok((RepoFile { path: path.to_owned(), repositories, main_section }, notes))
}

impl Lines {
    fn take(&mut self, number: usize, line: &str) -> Result<(), RepoFileFault> {
        let trimmed = line.trim();
        if trimmed.starts_with(['#', ';']) {
            return Ok(());
        }
        if trimmed.is_empty() {
            // A blank line inside a value ends nothing and adds nothing that
            // anybody reads: values are URLs and flags.
            return Ok(());
        }
        let indent = line.len() - line.trim_start().len();
        if indent > self.indent && self.open.is_some() {
            self.continue_value(trimmed);
            return Ok(());
        }
        self.indent = indent;
        self.open = None;
        match trimmed.strip_prefix('[').and_then(|rest| rest.rsplit_once(']')) {
            Some((name, _)) => self.section(number, name),
            None => self.option(number, trimmed),
        }
    }

    fn section(&mut self, number: usize, name: &str) -> Result<(), RepoFileFault> {
        self.at = match name {
            "DEFAULT" => Place::Defaults,
            "main" => {
                self.note(number, RepoFileNoteKind::MainSection);
                Place::Ignored
            }
            name => {
                let id = RepoId::new(name)
                    .map_err(|error| RepoFileFault::SectionName(error.to_string()))?;
                Place::Section(self.enter(number, id)?)
            }
        };
        Ok(())
    }

    fn enter(&mut self, number: usize, id: RepoId) -> Result<usize, RepoFileFault> {
        if let Some(&index) = self.index.get(&id) {
            self.note(number, RepoFileNoteKind::RepeatedSection(id));
            return Ok(index);
        }
        if self.sections.len() == MOST_SECTIONS {
            return Err(RepoFileFault::TooMany(MOST_SECTIONS));
        }
        self.index.insert(id.clone(), self.sections.len());
        self.sections.push((id, number, Options::new()));
        Ok(self.sections.len() - 1)
    }

    fn option(&mut self, number: usize, line: &str) -> Result<(), RepoFileFault> {
        let shown = || line.chars().take(64).collect();
        if self.at == Place::BeforeFirst {
            return Err(RepoFileFault::BeforeSection(shown()));
        }
        let (key, value) =
            line.split_once(['=', ':']).ok_or_else(|| RepoFileFault::NoSeparator(shown()))?;
        let (key, value) = (key.trim().to_lowercase(), value.trim());
        if key.is_empty() {
            return Err(RepoFileFault::NoKey);
        }
        if value.contains('%')
            && let Place::Section(index) = self.at
        {
            let id = self.sections[index].0.clone();
            self.note(number, RepoFileNoteKind::Percent(id, key.chars().take(64).collect()));
        }
        if let Some(options) = self.options() {
            options.insert(key.clone(), value.to_owned());
        }
        self.open = Some(key);
        Ok(())
    }

    fn continue_value(&mut self, more: &str) {
        let Some(key) = self.open.take() else { return };
        if let Some(value) = self.options().and_then(|options| options.get_mut(&key)) {
            value.push('\n');
            value.push_str(more);
        }
        self.open = Some(key);
    }

    fn options(&mut self) -> Option<&mut Options> {
        match self.at {
            Place::Defaults => Some(&mut self.defaults),
            Place::Section(index) => self.sections.get_mut(index).map(|(_, _, options)| options),
            Place::BeforeFirst | Place::Ignored => None,
        }
    }

    fn note(&mut self, line: usize, kind: RepoFileNoteKind) {
        if self.notes.len() < MOST_NOTES {
            self.notes.push(RepoFileNote { line, kind });
        }
    }
}

fn repository(
    id: RepoId,
    line: usize,
    mut options: Options,
    notes: &mut Vec<RepoFileNote>,
) -> Repository {
    let mut take = |key: &str| options.remove(key);
    let repository = Repository {
        name: take("name"),
        baseurl: take("baseurl"),
        metalink: take("metalink"),
        mirrorlist: take("mirrorlist"),
        proxy: take("proxy"),
        enabled: take("enabled"),
        additional: options,
        id,
        line,
    };
    let mut note = |kind| notes.push(RepoFileNote { line, kind });
    if repository.name.is_none() {
        note(RepoFileNoteKind::MissingName(repository.id.clone()));
    }
    if let Some(text) = &repository.enabled {
        let shown = text.chars().take(64).collect();
        match boolean(text) {
            None => note(RepoFileNoteKind::OddEnabled(repository.id.clone(), shown)),
            Some(true) if !repository.is_enabled_for_leapp() => {
                note(RepoFileNoteKind::DisabledForLeapp(repository.id.clone(), shown));
            }
            Some(_) => {}
        }
    }
    repository
}
