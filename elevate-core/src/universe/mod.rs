//! Every package that could be on the host afterwards: the installed ones and
//! those of the target repositories.
//!
//! ```text
//! load(repositories)            all of the next four in one, or what a cache kept of it
//!   Opened::new(files)          repomd.xml of a repository
//!     .packages(threads)        its packages, or cache::decode of what was kept
//!   Target::searching(..)       all repositories united, once for all hosts
//!     .exclude(..) .hide(..)    what cannot be chosen, with the reason
//! Universe::new(target, host)   a host laid over them
//!     .providers(term)          who satisfies a dependency
//!     .normalize(term, form)    what a rich one says, as clauses
//! DependencyGraph, Survey       who needs whom; what a target has to offer
//! ```
//!
//! What is computed here is what libsolv computes from the same packages, in the
//! same order.

mod answers;
mod arch;
mod builder;
pub mod cache;
mod data;
mod files;
mod filter;
pub mod graph;
mod host;
mod index;
mod indexes;
mod installed;
mod interner;
mod kept;
mod lists;
mod load;
mod matching;
pub mod modules;
mod packages;
mod pool;
mod providers;
mod read;
mod rich;
mod solvable;
mod strings;
mod survey;
mod target;
mod term;
#[cfg(test)]
pub(crate) mod tests;
mod united;

pub use arch::{ArchPolicy, NOARCH, colour, near};
pub use data::{PackageDetails, RepositoryData};
pub use files::{ListedFiles, is_in_primary};
pub use filter::Meaning;
pub use host::{Universe, UniverseError, UnreadDependency};
pub use installed::asked_paths;
pub use interner::Shown;
pub use load::{Announced, LoadError, LoadOptions, LoadRemark, Loaded, Repository, load};
pub use packages::List;
pub use read::{Opened, ReadError, ReadFault, Threads};
pub use rich::{Form, Literal, Normal, TooComplex};
pub use solvable::{MOST_INSTALLED, RuledOut, SolvableId};
pub use strings::{Full, StringId};
pub use survey::{Broken, Counts, Stream, Survey};
pub use target::{Member, Source, Target};
pub use term::{Operator, Relation, RelationId, Term, TermKind};
pub use united::Sizes;
