//! What the files of a pack say.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::actor::{Lists, Stage};
use crate::finding::Severity;
use crate::model::{PackageName, schema};

/// The newest format of packs that is read.
///
/// - 1: the first.
pub const FORMAT: u32 = 1;

/// The JSON Schema of `pack.toml`.
pub fn manifest_schema() -> serde_json::Value {
    schema::<ManifestFile>("pack", "manifest of a pack", FORMAT)
}

/// The JSON Schema of a pack's files of rules.
pub fn rules_schema() -> serde_json::Value {
    schema::<RulesFile>("pack-rules", "rules of a pack", FORMAT)
}

/// The manifest of a pack, `pack.toml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ManifestFile {
    /// What the pack is.
    pub(super) pack: Manifest,
}

/// What a pack is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The format it is written in.
    pub requires: u32,
    /// What it is for.
    pub description: String,
    /// What its actors need a capture to take besides all else, as `--collect` has it:
    /// `entry /usr/local/panel`, or a path for a file.
    #[serde(default)]
    pub collect: Vec<String>,
}

/// A file of rules, any other `*.toml` of a pack.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesFile {
    /// Values that conditions and texts may use as `tables.NAME`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub(super) tables: toml::Table,
    /// The actors, each a table `[[actor]]`.
    #[serde(default)]
    pub(super) actor: Vec<ActorTable>,
    /// The tests, each a table `[[test]]`; `elevate pack test` runs them.
    #[serde(default)]
    pub(super) test: Vec<TestTable>,
}

/// An actor.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Actor")]
pub(super) struct ActorTable {
    /// Its name, in lower case with underscores.
    #[schemars(with = "String")]
    pub(super) name: Spanned<String>,
    /// Its version, which rises when its outcome for some host changes.
    #[serde(default = "first")]
    pub(super) version: u32,
    /// What it looks after, in a few words.
    pub(super) summary: String,
    /// What it does, why that matters, and what to do.
    pub(super) about: String,
    /// Actors of leapp it stands for, where its name is another.
    #[serde(default)]
    pub(super) covers: Vec<String>,
    /// Actors that are asked before it.
    #[serde(default)]
    pub(super) after: Vec<String>,
    /// Hosts it is for.
    #[serde(default)]
    pub(super) applies: AppliesTable,
    /// When it is asked.
    #[serde(default)]
    pub(super) stage: StageName,
    /// A condition; without one the actor always speaks, or for each item.
    #[schemars(with = "Option<String>")]
    pub(super) when: Option<Spanned<String>>,
    /// A list; the actor speaks of those items for which the condition holds.
    #[schemars(with = "Option<String>")]
    pub(super) for_each: Option<Spanned<String>>,
    /// What it means that the condition is not known to hold or not.
    #[serde(default)]
    pub(super) on_unknown: OnUnknown,
    /// What it asks the administrator first.
    pub(super) question: Option<QuestionTable>,
    /// What it says.
    pub(super) finding: Option<FindingTable>,
    /// What it asks of the plan, each a table with one of `install`, `remove`, `keep`, `reinstall`,
    /// `enable_module`, `add_kernel_argument`, `remove_kernel_argument`, `enable_service`,
    /// `disable_service`, `before`, `after` and `first_boot`.
    #[serde(default)]
    #[schemars(with = "Vec<BTreeMap<String, String>>")]
    pub(super) directive: Vec<BTreeMap<String, Spanned<String>>>,
}

fn first() -> u32 {
    1
}

/// Hosts an actor is for; an empty list means every one.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Applies")]
pub(super) struct AppliesTable {
    /// Releases that are installed, such as 7.
    #[serde(default)]
    pub(super) from: Vec<u32>,
    /// Releases that are wanted, such as 8.
    #[serde(default)]
    pub(super) to: Vec<u32>,
    /// Distributions that are installed, such as `centos`.
    #[serde(default)]
    pub(super) sources: Vec<String>,
    /// Distributions that are wanted, such as `almalinux`.
    #[serde(default)]
    pub(super) targets: Vec<String>,
    /// Architectures, such as `x86_64`.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Stage")]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Question")]
pub(super) struct QuestionTable {
    /// Its key; its scope in an answer file is the actor's name.
    pub(super) key: String,
    /// What is asked, in one line.
    pub(super) label: String,
    /// What either answer means.
    pub(super) consequences: String,
}

/// A finding.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Finding")]
pub(super) struct FindingTable {
    /// Its stable id, `topic.what` in lower case.
    #[schemars(with = "String", pattern(r"^[a-z0-9-]*\.[a-z0-9.-]*$"))]
    pub(super) id: Spanned<String>,
    /// How much it matters.
    pub(super) severity: Severity,
    /// Whether it forbids the upgrade.
    #[serde(default)]
    pub(super) inhibitor: bool,
    /// Groups of leapp's reports.
    #[serde(default)]
    pub(super) groups: Vec<String>,
    /// The stable key of leapp's report, 40 hexadecimal digits.
    pub(super) key: Option<String>,
    /// One line.
    pub(super) title: String,
    /// What was found, a template.
    #[schemars(with = "String")]
    pub(super) summary: Spanned<String>,
    /// What to do, a template.
    #[schemars(with = "Option<String>")]
    pub(super) hint: Option<Spanned<String>>,
    /// Commands to run, each a list of words, which are templates.
    #[serde(default)]
    #[schemars(with = "Vec<Vec<Text>>")]
    pub(super) commands: Vec<Vec<Word>>,
    /// What it is about, each a table such as `{ package = "nginx" }`.
    #[serde(default)]
    #[schemars(with = "Vec<BTreeMap<String, Text>>")]
    pub(super) resources: Vec<Resource>,
    /// Addresses of pages about it.
    #[serde(default)]
    pub(super) links: Vec<String>,
}

/// A word of a command, with its place.
pub(super) type Word = Spanned<Text>;

/// A text: one, or one for each item.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a text, or { each = \"a text for each item\" }")]
pub(super) enum Text {
    /// One text.
    One(String),
    /// A text for each item.
    Each {
        /// The text, a template.
        each: String,
    },
}

/// What a finding is about: `{ package = "nginx" }`, `{ package = { each = "{{ item }}" } }`.
pub(super) type Resource = BTreeMap<String, Word>;

/// A test of the pack.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Test")]
pub(super) struct TestTable {
    /// What it shows, as a sentence.
    #[schemars(with = "String")]
    pub(super) name: Spanned<String>,
    /// The host, as text of sections.
    #[schemars(with = "String")]
    pub(super) host: Spanned<String>,
    /// Where to upgrade to.
    #[serde(default = "any_target")]
    pub(super) target: String,
    /// Answers, `scope.key=value`.
    #[serde(default)]
    pub(super) answers: Vec<String>,
    /// Documents of the vendor, by name.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub(super) vendor: BTreeMap<String, toml::Value>,
    /// What becomes of installed packages, by name: a word of plans, with successors
    /// behind it where it has some (`replaced nginx-core`). All others are upgraded.
    #[serde(default)]
    #[schemars(with = "BTreeMap<PackageName, String>")]
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
