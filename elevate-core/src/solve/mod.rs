//! The transaction dnf would compute: what libsolv decides, in libsolv's order.
//!
//! ```text
//! Request                     what is asked, name by name, with reasons
//!   Calls::plan(universe)     the commands dnf makes of it
//!     Goal::solve(universe)   rules, and the search for what satisfies them
//!       Outcome               every decision with its cause
//!         Changes             who takes whose place
//!           Explainer         why: chains of reasons
//!         Conflict            why not, and what would have to change
//! Solution                    the answer in names
//! ```
//!
//! The specification is libsolv's behaviour in two releases, told apart by a
//! [`Profile`].

mod calls;
mod changes;
pub mod conflict;
mod decisions;
mod goal;
mod outcome;
mod policy;
mod profile;
mod request;
mod rules;
mod search;
mod set;
mod solution;
mod sync;
pub mod why;
mod world;

pub use calls::{Asked, Call, Calls, Planned, Policy, Solved, Unmatched, WeakExclusions, Why};
pub use changes::{Arriving, Changes, Gone, Kind, Leaving};
pub use conflict::{ChangeSets, Conflict};
pub use decisions::{Cause, Decision, Purpose};
pub use goal::{Action, Command, Fixed, Goal, Selection, Switches};
pub use outcome::{Outcome, Rule};
pub use profile::Profile;
pub use request::{Becomes, Job, JobAction, Request};
pub use rules::package::Ground;
pub use rules::{Class, RuleId};
pub use search::{Element, Erasure, Problem};
pub use solution::{End, Loop, New, Old, PackageFile, Solution, Step, TargetPackage};
pub use why::{Because, Chain, Explainer, Link};
