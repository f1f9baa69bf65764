//! What was ignored, or looks odd, in the data.

use std::collections::BTreeMap;
use std::fmt;

use super::locate::At;
use super::raw::Keys;

pub(super) mod codes {
    //! The codes of all remarks, from reading and from lint.

    macro_rules! codes {
        ($($name:ident $code:literal $meaning:literal,)*) => {
            $(pub(in super::super) const $name: &str = $code;)*

            /// Every code with what it means.
            pub const CODES: &[(&str, &str)] = &[$(($code, $meaning),)*];
        };
    }

    codes! {
        UNKNOWN_KEY "unknown-key" "A key that no reader knows; it has no effect.",
        REPEATED_KEY "repeated-key" "A key occurs twice in one object; the last value counts.",
        OLD_SPELLING "old-spelling" "A field under a name that leapp does not read; it has no effect.",
        STRING_ID "string-id" "An event id is a string; most are integers.",
        ODD_ID "odd-id" "An event id is neither an integer nor a string.",
        ODD_VALUE "odd-value" "A field that leapp does not read has a value of the wrong kind.",
        ODD_MAJOR "odd-major" "A repository is declared for a release that is no number.",
        NO_RELEASE "event-without-release" "An event names no release it leads to, and so never applies.",
        BAD_ARCHES "bad-arches" "What is wrong in `arches`, which leapp does not read, is ignored.",
        ODD_STREAM "odd-stream" "A module stream that cannot be read as one is ignored.",
        LEFT_OUT "remarks-left-out" "A file gave rise to more remarks than are kept.",
        SUFFIXED_NAME "suffixed-name" "A file was taken under its name in the data's source repository.",
        UNREADABLE "unreadable-file" "A file could not be read and is ignored.",
        IGNORED_FILE "ignored-file" "A file is no part of the data, or a left-over of an update, and is not read.",
        BROKEN_FILE "broken-file" "A file is broken and ignored.",
        EMPTY_FAMILY "empty-family" "A family of repositories has no repository.",
        DISTRO_TARGETS "targets-by-distribution" "Targets for one distribution are not read; those under `default` are.",
        MAIN_SECTION "main-section" "A section [main] in a repository file is ignored; leapp dies of it.",
        REPEATED_SECTION "repeated-section" "A repository is defined twice in one file; later keys win.",
        MISSING_NAME "missing-name" "A repository has no name; leapp dies of it.",
        ODD_ENABLED "odd-enabled" "`enabled` is no boolean; the repository counts as disabled.",
        LEAPP_DISABLED "disabled-for-leapp" "`enabled` is true for dnf and false for leapp, which knows only 1.",
        PERCENT "percent-in-value" "A value has a %; leapp on Python 3 dies of it.",
        NO_SECTIONS "no-sections" "A repository file without sections; it has no effect.",
        BAD_KEY_ID "bad-key-id" "A line of a signature file is no key id and is ignored.",
        NO_KEY_IDS "no-key-ids" "A signature file has no key id.",
        VENDOR_WITHOUT_MAP "vendor-without-map" "A vendor has files but no map, and so never becomes active.",
        BAD_PACKAGE_NAME "bad-package-name" "A line of a transaction file is no package name and is ignored.",
        ODD_PACKAGE_NAME "odd-package-name" "A line of a transaction file looks like a pattern or path; names match exactly.",
        REPEATED_NAME "repeated-name" "A package is listed twice in one transaction file.",
        OTHER_DEVICE_TYPE "other-device-type" "A device of a type nobody detects is ignored.",
        NO_EVENTS "no-events" "The main event file is empty; leapp 0.21 then plans nothing.",
        EVENT_ID_REPEATED "event-id-repeated" "Two events of a file have the same id.",
        EVENT_ID_IN_TWO_FILES "event-id-in-two-files" "Events of two files have the same id.",
        UNAPPROVED "unapproved-event" "An event is not approved; leapp applies it all the same.",
        ARCHES_SPELLING "arches-spelling" "The architectures of an event are under a name leapp does not read.",
        DEPRECATED_SET "deprecated-set" "A DEPRECATED event of several packages installs those that are absent.",
        NO_INPUT "event-without-input" "An event has no input and so no effect.",
        NO_OUTPUT "event-without-output" "An event that should lead to a package leads to none; it is a removal.",
        FIRES_EVERYWHERE "event-fires-everywhere" "An event applies to every host, because a map names a stream no input has.",
        OUTPUT_LOST "output-lost" "An event drops one of its outputs, because no map leads to its streams.",
        OUTPUT_AMBIGUOUS "output-ambiguous" "An output fits several maps; leapp takes any.",
        FOREIGN_OS_NAME "foreign-os-name" "An event names another distribution than the rest; leapp ignores the name.",
        CONTRADICTION "contradicting-events" "Two events say different things of the same packages, and both apply.",
        ORDER_DEPENDENT "order-dependent-events" "One event adds what another removes in the same release.",
        PROTECTED_REMOVED "protected-package-removed" "An event removes a package no host can do without, and puts nothing in its place.",
        ARCH_WITHOUT_REPOSITORIES "architecture-without-repositories" "The maps have no repository of the target release for an architecture.",
        UNRESOLVED_FAMILY "unresolved-family" "No map has a repository for a family events put packages in; leapp removes them.",
        PARTLY_RESOLVED_FAMILY "partly-resolved-family" "A family has a repository on some architectures and not on others.",
        FOREIGN_FAMILY "foreign-family" "An event puts packages in what looks like another distribution's family.",
        MAJOR_CONTRADICTION "major-contradiction" "A repository is declared for another release than its name says.",
        WAY_NOT_MAPPED "way-not-mapped" "A map has nothing from the source to the target release; leapp refuses it.",
        MAPPED_WITHOUT_REPOSITORY "mapped-without-repository" "A family is mapped and has no repository of the release.",
        NO_CUSTOM_REPOSITORIES "no-custom-repositories" "There is no file of repositories to upgrade from.",
        REPOSITORY_TWICE "repository-in-two-files" "A repository is defined in two files; leapp refuses that.",
        WITHOUT_URL "repository-without-url" "A repository has no address.",
        PLACEHOLDER_URL "placeholder-in-url" "The address of a repository has a placeholder.",
        VENDOR_WITHOUT_REPOSITORIES "vendor-without-repositories" "A vendor has a map and no repository file.",
        STREAMS_MISSING "streams-missing" "A file declares no data streams; leapp 0.21 refuses it.",
        STREAMS_MALFORMED "streams-malformed" "The declaration of data streams is broken; leapp refuses it.",
        STREAMS_OTHER "streams-other" "A file declares other data streams than leapp 0.21 consumes.",
        DEVICE_ID_CASE "device-id-in-upper-case" "A device id is in upper case, which leapp never matches.",
        DEVICE_ID_SHORT "device-id-malformed" "A device id has not two or four parts of four digits; leapp never matches it.",
        DEVICE_ID_PREFIX "device-id-without-subsystem" "A device id has no subsystem; leapp rarely matches it.",
        LEGACY_DEVICES "legacy-devices" "A file of unsupported devices in a format nobody reads has entries.",
    }
}

/// How much a remark matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The data would harm hosts.
    Error,
    /// The data is not what its author meant.
    Warning,
    /// Worth knowing.
    Note,
}

/// One remark on a data file, from reading or from lint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// Path below the data directory.
    pub file: String,
    /// Place in the file: `packageinfo[12].action`, `line 3`; empty for the whole file.
    pub place: String,
    /// Stable code, such as `event-without-input`.
    pub code: &'static str,
    /// How much it matters.
    pub level: Level,
    /// One sentence.
    pub message: String,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        })
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.level, self.file)?;
        if !self.place.is_empty() {
            write!(f, ": {}", self.place)?;
        }
        write!(f, ": {} [{}]", self.message, self.code)
    }
}

/// A text cut to what fits a message.
pub(super) fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

/// The most remarks kept for one file.
const MOST: usize = 5_000;

/// The remarks on one file, as they come up while it is read.
#[derive(Debug)]
pub(super) struct Remarks {
    file: String,
    list: Vec<Remark>,
    tallies: BTreeMap<(&'static str, String), Tally>,
    left_out: usize,
}

/// One thing met again and again in a file.
#[derive(Debug)]
struct Tally {
    level: Level,
    first: String,
    message: String,
    count: usize,
}

impl Remarks {
    pub(super) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), list: Vec::new(), tallies: BTreeMap::new(), left_out: 0 }
    }

    pub(super) fn push(
        &mut self,
        code: &'static str,
        level: Level,
        place: impl fmt::Display,
        message: impl Into<String>,
    ) {
        if self.list.len() == MOST {
            self.left_out += 1;
            return;
        }
        let (file, place, message) = (self.file.clone(), place.to_string(), message.into());
        self.list.push(Remark { file, place, code, level, message });
    }

    /// Counts `what`, which becomes one remark however often it is met; `first`
    /// gives place and message.
    pub(super) fn tally(
        &mut self,
        code: &'static str,
        level: Level,
        what: &str,
        first: impl FnOnce() -> (String, String),
    ) {
        let key = (code, short(what));
        if let Some(tally) = self.tallies.get_mut(&key) {
            tally.count += 1;
        } else if self.tallies.len() == MOST {
            self.left_out += 1;
        } else {
            let (first, message) = first();
            self.tallies.insert(key, Tally { level, first, message, count: 1 });
        }
    }

    /// Counts the keys of an object that have no effect.
    pub(super) fn keys(&mut self, at: &At<'_>, keys: &Keys<'_>) {
        for key in &keys.unknown {
            self.unknown_key(key, || at.key(key).to_string());
        }
        for key in &keys.repeated {
            self.tally(codes::REPEATED_KEY, Level::Warning, key, || {
                let message = format!("the key `{key}` occurs twice here; the last value counts");
                (at.key(key).to_string(), message)
            });
        }
    }

    /// Counts a key that no reader knows.
    pub(super) fn unknown_key(&mut self, key: &str, place: impl FnOnce() -> String) {
        self.tally(codes::UNKNOWN_KEY, Level::Warning, key, || {
            (short(&place()), format!("the key `{}` is unknown and has no effect", short(key)))
        });
    }

    /// Takes over what another collector of the same file has.
    pub(super) fn append(&mut self, other: Remarks) {
        self.list.extend(other.list);
        self.tallies.extend(other.tallies);
        self.left_out += other.left_out;
    }

    /// Drops what was said twice.
    pub(super) fn dedup(&mut self) {
        self.list.sort();
        self.list.dedup();
    }

    /// All of them, ordered by place.
    pub(super) fn finish(mut self) -> Vec<Remark> {
        for ((code, _), tally) in self.tallies {
            let Tally { level, first, mut message, count } = tally;
            if count > 1 {
                message = format!("{message} ({count} times, first here)");
            }
            self.list.push(Remark { file: self.file.clone(), place: first, code, level, message });
        }
        if self.left_out > 0 {
            let message = format!("{} further remarks on this file are left out", self.left_out);
            let (file, place, level) = (self.file, String::new(), Level::Warning);
            self.list.push(Remark { file, place, code: codes::LEFT_OUT, level, message });
        }
        self.list.sort();
        self.list
    }
}
