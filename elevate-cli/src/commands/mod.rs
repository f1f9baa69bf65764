//! One command, one file: its arguments, then a short function that calls the
//! library.

pub(crate) mod actors;
pub(crate) mod answer;
pub(crate) mod capture;
pub(crate) mod completions;
pub(crate) mod data;
pub(crate) mod demo;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod graph;
mod host;
pub(crate) mod manual;
pub(crate) mod pack;
pub(crate) mod plan;
pub(crate) mod repo;
pub(crate) mod report;
mod repositories;
mod rules;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod snapshot;
mod targets;
pub(crate) mod verify;
mod watch;
