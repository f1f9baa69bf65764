//! The transaction dnf would compute: what libsolv decides, in libsolv's order.
//!
//! ```text
//! Request                     what is asked, name by name, with reasons
//!   Calls::goal(universe)     the commands dnf makes of it
//!     Goal::solve(universe)   rules, and the search for what satisfies them
//!       Outcome               every decision with its cause
//!         Changes             who takes whose place
//! ```
//!
//! The specification is libsolv's behaviour in two releases, told apart by a
//! [`Profile`].

mod calls;
mod goal;
mod profile;
mod request;

pub use calls::{Call, Calls, Planned, Policy, Unmatched, WeakExclusions, Why};
pub use goal::{Action, Command, Fixed, Goal, Selection, Switches};
pub use profile::Profile;
pub use request::{Becomes, Job, JobAction, Request};
