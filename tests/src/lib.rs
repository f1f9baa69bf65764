//! What end-to-end tests share: where recorded data is, and how a recorded case
//! becomes a snapshot, upgrade data and options. Helpers of tests panic where
//! the data is not what it should be.

#![expect(clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "helpers of tests")]

pub mod actors;
pub mod binary;
pub mod browser;
pub mod certificates;
pub mod data;
pub mod datasets;
pub mod hosts;
pub mod http;
pub mod leapp_cases;
pub mod oracle;
pub mod plans;
pub mod ready;
pub mod recorded;
pub mod release;
pub mod repositories;
pub mod rpm_database;
pub mod scenarios;
pub mod served;
pub mod shuffle;
pub mod tools;
