//! Chores of the repository, and the checks that are also tests.
//!
//! Depends on nothing in the workspace it checks: after a rename the library
//! may not compile, and its checks must still run.

pub mod actors;
pub mod arrows;
pub mod bench_compare;
pub mod dependencies;
pub mod dist;
pub mod files;
pub mod fuzz_seeds;
mod names;
mod source;
mod table;

use std::fmt;

/// What a check found wrong; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl From<String> for Problems {
    fn from(problem: String) -> Self {
        Self(vec![problem])
    }
}

/// `done` where there are no problems.
fn verdict(problems: Vec<String>, done: String) -> Result<String, Problems> {
    if problems.is_empty() { Ok(done) } else { Err(Problems(problems)) }
}
