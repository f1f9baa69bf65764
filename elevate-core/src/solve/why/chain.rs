//! What reasons are made of: owned and named, to be kept in a plan.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why something becomes of a package, link by link down to the root cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Chain {
    /// The package itself, then what it leads to. Never empty.
    pub links: Vec<Arc<Link>>,
    /// Where it ends.
    pub root: Root,
}

/// Where a chain ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Root {
    /// Somebody asked for it.
    Command {
        /// The number of the command, from 0. Its own reasons are the caller's.
        command: usize,
    },
    /// An installed package, with what it needs and what may take its place.
    Installed {
        /// The package.
        package: String,
    },
    /// What packages and repositories say leaves nothing else.
    Facts,
}

/// What becomes of one package, and why. Packages are named
/// `name-[epoch:]version-release.arch`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// The package.
    pub package: String,
    /// What becomes of it.
    pub fate: Fate,
    /// Why.
    pub because: Because,
    /// Where a package comes, others that would do. Where an installed one goes for
    /// good or stays, what could have taken its place.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub others: Few<Other>,
    /// Where an installed package goes because not everything could be had: what
    /// showed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Arc<Proof>>,
}

/// What becomes of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It is not installed, and will be.
    Comes,
    /// It is installed, and will not be.
    Goes,
    /// It is installed, and will be.
    Stays,
    /// It is not installed, and will not be.
    Absent,
}

/// Why something becomes of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Because {
    /// A command asks for it.
    Requested {
        /// The command.
        command: usize,
        /// How it was taken among others.
        taken: Taken,
    },
    /// It takes the place of an installed package.
    Updates {
        /// The installed package.
        installed: String,
        /// How it was taken among others.
        taken: Taken,
    },
    /// It comes beside an installed package of its name.
    Beside {
        /// The installed package.
        installed: String,
    },
    /// Another package needs it.
    Required {
        /// The other package.
        by: String,
        /// What it needs.
        capability: String,
        /// Packages without which it would not be needed (rich dependencies).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        given: Vec<String>,
        /// How it was taken among others.
        taken: Taken,
    },
    /// A package of a lesser architecture may be there only beside it.
    Partner {
        /// The other package.
        of: String,
    },
    /// It is one part of what takes the place of an installed package; another part
    /// comes.
    Split {
        /// The other part.
        with: String,
        /// Whose place they take, as they say it.
        obsoletes: String,
    },
    /// A new package recommends it.
    Recommended {
        /// The other package.
        by: String,
        /// What it recommends.
        capability: String,
    },
    /// It is of use beside a new package.
    Supplements {
        /// The other package.
        with: String,
        /// What it says of it.
        capability: String,
    },
    /// Rules that only together leave nothing else.
    Follows {
        /// The rules.
        rules: Few<Statement>,
    },
    /// Packages of its name take its place.
    Replaced {
        /// Those packages, the one that counts first.
        by: Vec<String>,
    },
    /// Packages of another name take its place.
    Obsoleted {
        /// Those packages, the one that counts first.
        by: Vec<String>,
        /// What the first says of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        obsoletes: Option<String>,
    },
    /// A command asks for it to go.
    Unwanted {
        /// The command.
        command: usize,
    },
    /// It needs something, and all who provide it are gone.
    Lacks {
        /// What it needs.
        capability: String,
        /// Packages without which it would not need it (rich dependencies).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        given: Vec<String>,
        /// Who provides it.
        providers: Few<Other>,
    },
    /// A rule is against it.
    Forbidden {
        /// What the rule says.
        rule: Statement,
    },
    /// Not everything could be had, and it was given up: see the proof.
    GivenUp,
    /// Nothing keeps it.
    LeftOver,
    /// A command asks for it to stay.
    Kept {
        /// The command.
        command: usize,
    },
    /// A list of packages to leave alone names it.
    Excluded {
        /// Which.
        why: String,
    },
    /// A repository has the very same.
    SameBuild {
        /// The repository.
        repository: String,
    },
    /// No repository has it or anything that takes its place, and it is in nobody's way.
    InNoRepository,
    /// Nobody asks for it to be updated.
    Untouched,
    /// Nothing that could take its place was taken.
    NotReplaced,
}

/// How a package was taken among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Taken {
    /// It was preferred.
    Preferred,
    /// It was the only one left.
    Only,
    /// Only the best would do.
    Best,
    /// All others led to a contradiction.
    Deduced,
}

/// Another package that would have done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Other {
    /// The package.
    pub package: String,
    /// Why it was not taken.
    pub why: NotTaken,
}

/// Why a package was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum NotTaken {
    /// It is there, too.
    Present,
    /// It cannot be chosen.
    RuledOut {
        /// Why.
        why: String,
    },
    /// It is installed, and goes.
    Goes,
    /// A rule was against it.
    Forbidden {
        /// What the rule says.
        rule: Statement,
    },
    /// An older version of the one taken.
    Older,
    /// Its repository comes after that of the one taken.
    LowerPriority,
    /// Nothing was against it; the other one was preferred.
    NotPreferred,
}

/// Why not everything could be had: all of this contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Proof {
    /// What packages need, and what they cannot be beside.
    pub needs: Vec<Statement>,
    /// What cannot stay or come.
    pub cannot_stay: Vec<Statement>,
    /// What was to be kept, or replaced.
    pub to_keep: Vec<Statement>,
}

/// What a rule of the solver says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Statement {
    /// A package needs something.
    Requires {
        /// The package.
        package: String,
        /// What it needs.
        capability: String,
        /// Packages without which it would not (rich dependencies).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        given: Vec<String>,
        /// Who provides it.
        providers: Few<String>,
    },
    /// Nothing provides what a package needs.
    NothingProvides {
        /// The package.
        package: String,
        /// What it needs.
        capability: String,
    },
    /// A package cannot be chosen.
    NotInstallable {
        /// The package.
        package: String,
        /// Why.
        why: String,
    },
    /// A package conflicts with something.
    Conflicts {
        /// The package.
        package: String,
        /// What it conflicts with.
        capability: String,
        /// The other packages this is about; none where it is the system itself.
        with: Vec<String>,
    },
    /// Of two packages of one name only one can be installed.
    SameName {
        /// One.
        package: String,
        /// The other.
        with: String,
    },
    /// A package takes the place of another.
    Obsoletes {
        /// The package.
        package: String,
        /// What it says.
        capability: String,
        /// The other.
        with: String,
    },
    /// An installed package is to be kept, or replaced.
    Keep {
        /// The package.
        package: String,
        /// What may take its place.
        or: Few<String>,
    },
    /// A command.
    Command {
        /// Its number.
        command: usize,
    },
    /// A package is of a lesser architecture than others of its name.
    LesserArchitecture {
        /// The package.
        package: String,
        /// Beside these it may be.
        beside: Few<String>,
    },
    /// The repositories do not have a package as it is.
    NotInRepositories {
        /// The package.
        package: String,
        /// Beside these it may stay.
        beside: Few<String>,
    },
    /// Only the best will do.
    OnlyBest {
        /// The installed package whose update this is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        installed: Option<String>,
        /// The command this is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        command: Option<usize>,
        /// The best.
        best: Few<String>,
    },
    /// Parts of a split package come together.
    Together {
        /// One part.
        package: String,
        /// Any of these.
        with: Few<String>,
        /// Whose place they take.
        obsoletes: String,
    },
    /// Something already learnt from other rules.
    Learnt,
}

/// The first few of many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Few_of_{T}")]
pub struct Few<T> {
    /// Those.
    pub list: Vec<T>,
    /// How many more there are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more: usize,
}

impl<T> Few<T> {
    /// How many are named.
    const MOST: usize = 6;

    /// Names the first few.
    pub(super) fn of<I>(all: impl IntoIterator<Item = I>, name: impl FnMut(I) -> T) -> Self {
        let mut all = all.into_iter();
        let list = all.by_ref().take(Self::MOST).map(name).collect();
        Self { list, more: all.count() }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self { list: Vec::new(), more: 0 }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}
