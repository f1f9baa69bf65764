//! Transactions compared with those that the real solvers recorded.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

#[path = "solver/answer.rs"]
mod answer;
#[path = "solver/debian.rs"]
mod debian;
#[path = "solver/jobs.rs"]
mod jobs;
#[path = "solver/random.rs"]
mod random;
#[path = "solver/reasons.rs"]
mod reasons;
#[path = "solver/request.rs"]
mod request;
#[path = "solver/synthetic.rs"]
mod synthetic;
