//! A plan for whoever else carries it out: files in their formats, made of the plan alone.
//!
//! | format | for |
//! |--|--|
//! | [`What::Leapp`] | leapp: its lists, its repositories, its answers |
//! | [`What::DnfTransaction`] | `dnf history replay` |
//! | [`What::PluginData`] | leapp's plugin for dnf |
//! | [`What::Shell`] | `sh`, step by step |
//! | [`What::Ansible`] | `ansible-playbook` |
//! | [`What::AirGap`] and its relatives | whoever carries packages to a host without a network |
//!
//! Nothing is lost without a word: what a format cannot say is among the
//! [remarks](Export::remarks), and in a comment of the file where the format has comments.

pub mod air_gap;
mod ansible;
mod dnf;
mod leapp;
mod lists;
mod plugin;
mod shell;
mod steps;
mod text;
mod yaml;

use std::fmt;

use thiserror::Error;

use crate::plan::edit::digest;
use crate::plan::{Plan, Verdict};

/// What a plan is made into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// leapp's own inputs, a tree of files.
    Leapp,
    /// A stored transaction of dnf.
    DnfTransaction,
    /// The data of leapp's plugin for dnf.
    PluginData,
    /// A shell script.
    Shell,
    /// A playbook of Ansible.
    Ansible,
    /// What has to be carried to a host without a network, for people.
    AirGap,
    /// The same as a document ([`air_gap::AirGap`]).
    AirGapJson,
    /// Addresses to fetch, a line each.
    AirGapUrls,
    /// SHA-256 sums to compare with.
    AirGapSums,
}

/// What was made of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The files; one, but for formats that are trees.
    pub files: Vec<File>,
    /// What the format cannot say and what to know before using it, a sentence each.
    pub remarks: Vec<String>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it belongs in a directory: below the root of the host for a tree.
    pub path: String,
    /// All of its content.
    pub content: String,
}

/// Why a plan cannot be made into something.
#[derive(Debug, Error)]
pub enum ExportError {
    /// It says nothing of versions.
    #[error("the plan has no transaction, which {0} is made of")]
    NoTransaction(What),
    /// leapp would end before it had lists, and so has the plan none.
    #[error("the plan has no lists for dnf, which {0} is made of")]
    NoLists(What),
    /// It cannot be written; only a broken writer can cause this.
    #[error("cannot be written: {0}")]
    Write(#[from] serde_json::Error),
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            What::Leapp => "leapp",
            What::DnfTransaction => "dnf-transaction",
            What::PluginData => "plugin-data",
            What::Shell => "shell",
            What::Ansible => "ansible",
            What::AirGap | What::AirGapJson => "air-gap",
            What::AirGapUrls => "air-gap-urls",
            What::AirGapSums => "air-gap-sums",
        })
    }
}

impl What {
    /// Whether it is a tree of files, not one.
    pub fn is_tree(self) -> bool {
        self == What::Leapp
    }
}

impl Export {
    /// Makes a plan into something. What can be run refuses to run where the plan says that
    /// the upgrade must not go ahead, unless `forced`.
    ///
    /// The same plan gives the same bytes.
    ///
    /// # Errors
    ///
    /// Where the plan lacks what the format is made of.
    pub fn of(plan: &Plan, what: What, forced: bool) -> Result<Self, ExportError> {
        let mut export = match what {
            What::Leapp => leapp::export(plan)?,
            What::DnfTransaction => dnf::export(plan)?,
            What::PluginData => plugin::export(plan)?,
            What::Shell => shell::export(plan, forced)?,
            What::Ansible => ansible::export(plan, forced)?,
            What::AirGap => air_gap::table(plan)?,
            What::AirGapJson => air_gap::json(plan)?,
            What::AirGapUrls => air_gap::urls(plan)?,
            What::AirGapSums => air_gap::sums(plan)?,
        };
        export.remarks.splice(0..0, cautions(plan));
        export.remarks.iter_mut().for_each(|remark| *remark = text::shown(remark));
        Ok(export)
    }

    fn one(path: &str, content: String, remarks: Vec<String>) -> Self {
        let file = File { path: path.to_owned(), content };
        Self { files: vec![file], remarks }
    }
}

/// What tells a plan from others in names of files.
fn id(plan: &Plan) -> Result<String, ExportError> {
    let mut id = digest(serde_json::to_string(plan)?.as_bytes());
    id.truncate(12);
    Ok(id)
}

/// What speaks against carrying a plan out, a sentence each.
fn cautions(plan: &Plan) -> Vec<String> {
    let mut cautions = Vec::new();
    if let Some(why) = refusal(plan) {
        cautions.push(format!("the plan says that the upgrade must not go ahead: {why}"));
    }
    if plan.verdict == Verdict::Incomplete {
        let missing = plan.missing.join("; ");
        cautions.push(format!("the plan was made without all facts; missing: {missing}"));
    }
    cautions
}

/// Why a plan must not be carried out; `None` where it may.
fn refusal(plan: &Plan) -> Option<String> {
    let mut whys = Vec::new();
    let mut inhibitors: Vec<&str> = plan.inhibitors().map(|finding| finding.id.as_ref()).collect();
    inhibitors.dedup();
    if !inhibitors.is_empty() {
        whys.push(format!("inhibitors: {}", inhibitors.join(", ")));
    }
    match &plan.transaction {
        None if plan.conflict.is_some() => whys.push("what is asked contradicts itself".to_owned()),
        None => whys.push("there is no transaction".to_owned()),
        Some(whole) if !whole.refused.is_empty() => {
            whys.push(format!("dnf refuses to remove {}", whole.refused.join(", ")));
        }
        Some(_) if whys.is_empty() && plan.verdict == Verdict::Inhibited => {
            whys.push("leapp would end early".to_owned());
        }
        Some(_) => {}
    }
    (!whys.is_empty()).then(|| whys.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing;

    #[test]
    fn a_plan_without_transaction_or_lists_says_what_is_missing() {
        let plan = testing::plan();
        for what in [What::Leapp, What::DnfTransaction, What::PluginData] {
            let missing =
                if what == What::DnfTransaction { "transaction" } else { "lists for dnf" };
            let error = Export::of(&plan, what, false).unwrap_err().to_string();
            assert_eq!(error, format!("the plan has no {missing}, which {what} is made of"));
        }
    }

    #[test]
    fn what_forbids_the_upgrade_is_said_first() {
        let mut plan = lists::tests::plan();
        plan.missing = vec!["a".to_owned(), "b\u{1b}".to_owned()];
        plan.verdict = Verdict::Incomplete;
        let export = Export::of(&plan, What::PluginData, false).unwrap();
        assert_eq!(
            export.remarks[..2],
            [
                "the plan says that the upgrade must not go ahead: there is no transaction",
                "the plan was made without all facts; missing: a; b ",
            ]
        );
    }
}
