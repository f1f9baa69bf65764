//! What the files of a pack say.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::actor::{Lists, Stage};
use crate::finding::Severity;
use crate::model::PackageName;

/// The newest format of packs that is read.
///
/// - 1: the first.
pub const FORMAT: u32 = 1;

/// `pack.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ManifestFile {
    pub(super) pack: Manifest,
}

/// What a pack is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The format it is written in; see [`FORMAT`].
    pub requires: u32,
    /// What it is for.
    pub description: String,
    /// What its actors need a capture to take besides all else, as `--collect` has it:
    /// `entry /usr/local/panel`, or a path for a file.
    #[serde(default)]
    pub collect: Vec<String>,
}

/// A file of rules.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesFile {
    /// Values that conditions and texts may use as `tables.NAME`.
    #[serde(default)]
    pub(super) tables: toml::Table,
    #[serde(default)]
    pub(super) actor: Vec<ActorTable>,
    #[serde(default)]
    pub(super) test: Vec<TestTable>,
}

/// An actor.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActorTable {
    pub(super) name: Spanned<String>,
    #[serde(default = "first")]
    pub(super) version: u32,
    pub(super) summary: String,
    pub(super) about: String,
    #[serde(default)]
    pub(super) covers: Vec<String>,
    #[serde(default)]
    pub(super) after: Vec<String>,
    #[serde(default)]
    pub(super) applies: AppliesTable,
    /// When it is asked.
    #[serde(default)]
    pub(super) stage: StageName,
    /// A condition; without one the actor always speaks, or for each item.
    pub(super) when: Option<Spanned<String>>,
    /// A list; the actor speaks of those items for which the condition holds.
    pub(super) for_each: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) on_unknown: OnUnknown,
    pub(super) question: Option<QuestionTable>,
    pub(super) finding: Option<FindingTable>,
    #[serde(default)]
    pub(super) directive: Vec<BTreeMap<String, Spanned<String>>>,
}

fn first() -> u32 {
    1
}

/// Hosts an actor is for; an empty list means every one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppliesTable {
    #[serde(default)]
    pub(super) from: Vec<u32>,
    #[serde(default)]
    pub(super) to: Vec<u32>,
    #[serde(default)]
    pub(super) sources: Vec<String>,
    #[serde(default)]
    pub(super) targets: Vec<String>,
    #[serde(default)]
    pub(super) archs: Vec<String>,
}

impl AppliesTable {
    pub(super) fn lists(&self) -> Lists<'_, String> {
        let Self { from, to, sources, targets, archs } = self;
        Lists { from, to, sources, targets, archs }
    }
}

/// When an actor is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum StageName {
    /// Before the transaction is known.
    #[default]
    Host,
    /// When it is: conditions may ask for it, and nothing can be asked of it any more.
    Transaction,
}

impl From<StageName> for Stage {
    fn from(name: StageName) -> Self {
        match name {
            StageName::Host => Stage::Host,
            StageName::Transaction => Stage::Transaction,
        }
    }
}

/// What it means that a condition is not known to hold or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum OnUnknown {
    /// The missing evidence is told.
    #[default]
    Report,
    /// It is as if it did not hold.
    Silent,
    /// It is as if it held.
    Fire,
}

/// A question to the administrator. The actor speaks where the answer is yes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuestionTable {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) consequences: String,
}

/// A finding.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FindingTable {
    pub(super) id: Spanned<String>,
    pub(super) severity: Severity,
    #[serde(default)]
    pub(super) inhibitor: bool,
    #[serde(default)]
    pub(super) groups: Vec<String>,
    pub(super) key: Option<String>,
    pub(super) title: String,
    pub(super) summary: Spanned<String>,
    pub(super) hint: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) commands: Vec<Vec<Word>>,
    #[serde(default)]
    pub(super) resources: Vec<Resource>,
    #[serde(default)]
    pub(super) links: Vec<String>,
}

/// A word of a command, with its place.
pub(super) type Word = Spanned<Text>;

/// A text: one, or one for each item.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "a text, or { each = \"a text for each item\" }")]
pub(super) enum Text {
    One(String),
    Each { each: String },
}

/// What a finding is about: `{ package = "nginx" }`, `{ package = { each = "{{ item }}" } }`.
pub(super) type Resource = BTreeMap<String, Word>;

/// A test of the pack.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TestTable {
    pub(super) name: Spanned<String>,
    /// The host, as text of sections.
    pub(super) host: Spanned<String>,
    #[serde(default = "any_target")]
    pub(super) target: String,
    /// Answers, `scope.key=value`.
    #[serde(default)]
    pub(super) answers: Vec<String>,
    /// Documents of the vendor, by name.
    #[serde(default)]
    pub(super) vendor: BTreeMap<String, toml::Value>,
    /// What becomes of installed packages, by name: a word of plans, with successors
    /// behind it where it has some (`replaced nginx-core`). All others are upgraded.
    #[serde(default)]
    pub(super) fates: BTreeMap<PackageName, Spanned<String>>,
    /// Packages that arrive.
    #[serde(default)]
    pub(super) arrives: Vec<PackageName>,
    /// Versions of actors, `NAME=VERSION`.
    #[serde(default)]
    pub(super) pins: Vec<String>,
    /// `severity [inhibitor] id` of all findings, in order.
    pub(super) expect: Vec<String>,
    /// Directives, `install nginx`.
    #[serde(default)]
    pub(super) asks: Vec<String>,
    /// Texts that findings contain.
    #[serde(default)]
    pub(super) says: Vec<String>,
}

fn any_target() -> String {
    "almalinux:8.10".to_owned()
}
