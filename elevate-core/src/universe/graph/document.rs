//! Answers of a graph as documents: version, changelog, types.
//!
//! | version | change |
//! |--|--|
//! | 1 | first: overview, graph, why, removal, leaves, orphans, broken, cycles, order |

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use super::Bond;

/// The version written.
pub const VERSION: u32 = 1;

/// The marker by which such a document is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub enum DocumentKind {
    /// An answer of a graph.
    #[default]
    #[serde(rename = "elevate-graph")]
    Graph,
}

/// An answer to one question about the dependencies among packages. Packages are
/// named `name-[epoch:]version-release.arch`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GraphDocument {
    /// Marks the document.
    pub format: DocumentKind,
    /// Version of the format.
    pub version: u32,
    /// How many packages the graph is made of.
    pub packages: usize,
    /// Packages whose dependencies are not known: they may need anything.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
    /// Dependencies that were not understood and are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Requirement>,
    /// The answer.
    pub answer: Answer,
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// All packages in a few numbers.
    Overview(Overview),
    /// Packages, and who needs whom among them.
    Graph(Graph),
    /// Why packages are there.
    Why(Vec<Why>),
    /// What goes with packages.
    Removal(Removal),
    /// Packages that no other one needs, as far as dependencies are known.
    Leaves(Vec<Package>),
    /// Packages that came for the sake of others and are needed no
    /// more, as far as dependencies are known.
    Orphans(Vec<Package>),
    /// Requirements that nobody meets.
    Broken(Vec<Requirement>),
    /// Packages that need each other, group by group.
    Cycles(Vec<Vec<String>>),
    /// Groups of packages in the order they can be installed in; several in one
    /// group need each other.
    Order(Vec<Vec<String>>),
}

/// A package, and how it came.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Package {
    /// Its name.
    pub package: String,
    /// Why it was installed, as yum or dnf noted it: `user`, `dep` ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The repository it was installed from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_repo: Option<String>,
    /// When it was installed, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install_time: Option<u64>,
    /// When it was installed, as a source printed it that gives no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install_date: Option<String>,
}

/// Something a package asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Requirement {
    /// The package.
    pub package: String,
    /// What it asks for.
    pub capability: String,
}

/// All packages in a few numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Overview {
    /// How many were wanted for themselves.
    pub wanted: usize,
    /// How many came for the sake of others.
    pub dependencies: usize,
    /// Of how many nobody noted why they came.
    pub unexplained: usize,
    /// How many no other one needs.
    pub leaves: usize,
    /// How many came for the sake of others and are needed no more.
    pub orphans: usize,
    /// How many groups of packages need each other.
    pub cycles: usize,
    /// How many requirements nobody meets.
    pub broken: usize,
    /// What most others cannot do without, directly; the most needed first.
    pub most_needed: Vec<Needed>,
}

/// How many packages cannot do without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Needed {
    /// The package.
    pub package: String,
    /// How many others ask for what it alone provides.
    pub by: usize,
}

/// Packages, and who needs whom among them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Graph {
    /// The packages asked about; none where all are meant.
    pub start: Vec<String>,
    /// The packages, in order.
    pub nodes: Vec<Node>,
    /// Who needs whom.
    pub edges: Vec<Edge>,
    /// Whether there are too many edges, and some are left out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

/// A package of a graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Node {
    /// The package.
    #[serde(flatten)]
    pub package: Package,
    /// How many steps it is away from those asked about, by what they need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needed_in: Option<usize>,
    /// How many steps it is away from those asked about, by who needs them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs_in: Option<usize>,
}

/// One package needs another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Edge {
    /// The one that needs.
    pub from: String,
    /// The one that is needed.
    pub to: String,
    /// What for.
    pub because: Vec<Because>,
}

/// What one package needs another for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Because {
    /// How. With `supplements` it is the other that asks.
    pub bond: Bond,
    /// What is asked for.
    pub capability: String,
    /// Whether nothing else that is there would do.
    pub only: bool,
}

/// Why a package is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Why {
    /// The package.
    #[serde(flatten)]
    pub package: Package,
    /// Whether no other package needs it, or brings it along; absent where that
    /// is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_leaf: Option<bool>,
    /// Packages that need each other and that nothing else needs, where it is
    /// one of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub circle: Vec<String>,
    /// Ways down to it from packages that are there for their own sake.
    pub chains: Vec<Chain>,
    /// How many more such packages there are.
    #[serde(skip_serializing_if = "is_zero")]
    pub more: usize,
}

/// A way down to a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Chain {
    /// The package that is there for its own sake.
    pub top: Package,
    /// Each step begins where the one before it ends.
    pub steps: Vec<Step>,
}

/// A step from a package to one it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Step {
    /// The one that needs.
    pub from: String,
    /// What for.
    #[serde(flatten)]
    pub because: Because,
    /// The one that is needed.
    pub to: String,
}

/// What goes with packages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Removal {
    /// The packages asked about.
    pub asked: Vec<String>,
    /// What goes along: first what cannot do without those, then what cannot do
    /// without these, and so on.
    pub rounds: Vec<Vec<Leaving>>,
    /// What stays and is then needed by nothing that anybody wants.
    pub left_over: Vec<Package>,
}

/// A package that goes along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Leaving {
    /// The package.
    #[serde(flatten)]
    pub package: Package,
    /// What it asks for and nobody provides any more.
    pub lacks: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl GraphDocument {
    /// The document as JSON, with a final newline; the same answer gives the same
    /// bytes.
    ///
    /// # Errors
    ///
    /// None that an answer can cause.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        crate::model::to_json(self)
    }

    /// The JSON Schema of the format.
    pub fn schema() -> serde_json::Value {
        let settings = SchemaSettings::draft2020_12().for_serialize();
        let mut schema = settings.into_generator().into_root_schema_for::<GraphDocument>();
        schema.insert("$id".to_owned(), format!("urn:elevate:graph:{VERSION}").into());
        let title = format!("Elevate answer of a dependency graph, version {VERSION}");
        schema.insert("title".to_owned(), title.into());
        schema.into()
    }
}
