//! Plans the in-place upgrade of an Enterprise Linux 7 host to Enterprise
//! Linux 8, offline, from a frozen [`snapshot`](snapshot::Snapshot), and explains
//! the plan.
//!
//! ```text
//! host ──capture──▶ snapshot ──▶ facts ──┐
//!                                        ├─▶ request ──▶ transaction ──▶ plan ──▶ report
//! upgrade data ──────────────────────────┘
//! target repositories ──read──▶ universe (who provides, who needs what; not solved yet)
//! ```
//!
//! Everything right of the inputs is a pure function: the same inputs give the
//! same bytes. Reading can fail; planning cannot, and what forbids an upgrade is
//! a result, not an error.
//!
//! | stage | module |
//! |--|--|
//! | names, versions, dependencies | [`model`] |
//! | what rpm and yum print and store | [`rpm`] |
//! | the doors to a host | [`host`] |
//! | a frozen host, and how it is captured | [`snapshot`] |
//! | what distributions publish about the path | [`upgrade_data`] |
//! | questions answered from a snapshot | [`facts`] |
//! | where target repositories are, and how they come here | [`repository`] |
//! | every package that could be on the host afterwards | [`universe`] |
//! | what each package is to become, and which repositories it takes | [`request`], [`solve`] |
//! | every package's fate, with reasons | [`transaction`], [`directive`] |
//! | the document | [`plan`], [`finding`] |
//! | text and other tools' formats | [`report`] |
//! | a plan for whoever else carries it out | [`export`] |
//! | carrying it out, and what came of it | [`run`] |
//! | all of it in one function | [`pipeline`] |
//!
//! # From a snapshot to a report
//!
//! ```
//! use elevate_core::report::text::{Style, render};
//! use elevate_core::request::Options;
//! use elevate_core::{demo, pipeline};
//!
//! let snapshot = demo::snapshot()?;
//! let data = demo::data();
//! let path = pipeline::path_to(&snapshot, "almalinux:8.10".parse()?);
//! let plan = pipeline::plan(&snapshot, &data, &Options::new(path))?;
//!
//! let inhibitors: Vec<_> = plan.inhibitors().map(|finding| finding.id.as_ref()).collect();
//! assert_eq!(inhibitors, ["user.contradiction"]);
//! assert!(render(&plan, Style::default()).contains("Upgrade has been inhibited"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod actor;
pub mod actors;
pub mod demo;
pub mod directive;
pub mod export;
pub mod facts;
pub mod finding;
pub mod host;
pub mod model;
pub mod pack;
pub mod pipeline;
pub mod plan;
pub mod question;
pub mod report;
pub mod repository;
pub mod request;
pub mod rpm;
pub mod run;
pub mod snapshot;
pub mod solve;
pub mod transaction;
pub mod universe;
pub mod upgrade_data;
