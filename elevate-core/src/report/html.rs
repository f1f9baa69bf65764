//! The report as one page for a browser: a file that needs nothing but itself, opened
//! from a disk, a mail or a ticket.
//!
//! | file of `html/` | |
//! |--|--|
//! | `engine.rs` | templates, and the one door through which text of a plan goes |
//! | `page.html`, `page.css`, `page.js` | the page around the sections |
//! | `index.rs` | which packages have a row, and what follows from each |
//! | `overview.rs` | verdict, numbers, what is missing |
//! | `findings.rs` | inhibitors, others by severity, those set aside; questions |
//! | `conflict.rs` | why there is no transaction |
//! | `changes.rs` | what is different from a plan before |
//! | `disk.rs` | room on file systems, and the size of the transaction |
//! | `packages.rs` | the table of packages, each with its chain of reasons |
//! | `relation.rs`, `graph.rs`, `layout.rs`, `figure.rs` | reasons as a drawing |
//! | `steps.rs` | what is done beside the packages |
//! | `sources.rs` | repositories, and what the plan was made from |
//!
//! No script runs but the one of the page, which the browser is told by its digest; it
//! holds no data and works on what stands in the document. Without it everything is
//! there, unfolded.

mod changes;
mod conflict;
mod disk;
mod engine;
mod figure;
mod findings;
mod graph;
mod index;
mod layout;
mod overview;
mod packages;
mod relation;
mod sources;
mod steps;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::plan::Plan;
use engine::{Engine, Html};
use index::Index;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// A part of the page with a heading of its own.
#[derive(Debug, Serialize)]
struct Section {
    id: &'static str,
    title: &'static str,
    /// How many things it tells, where that says something.
    count: Option<usize>,
    body: Html,
}

#[derive(Serialize)]
struct Page<'p> {
    title: String,
    policy: String,
    style: Html,
    script: Html,
    path: String,
    hostname: Option<&'p str>,
    overview: Html,
    sections: Vec<Section>,
    tool: &'p str,
    tool_version: &'p str,
}

/// What the makers of sections share.
struct Maker<'p> {
    plan: &'p Plan,
    index: Index<'p>,
    engine: Engine,
}

/// The page. The same plan, and the same plan before, give the same bytes.
pub fn render(plan: &Plan, before: Option<&Plan>) -> String {
    let maker = Maker { plan, index: Index::new(plan), engine: Engine::new() };
    let path = plan.path.to_string();
    let title = match &plan.hostname {
        Some(hostname) => format!("{hostname}: {path}"),
        None => path.clone(),
    };
    let page = Page {
        title,
        policy: policy(),
        style: Html::made(STYLE),
        script: Html::made(SCRIPT),
        path,
        hostname: plan.hostname.as_deref(),
        overview: overview::overview(&maker, before),
        sections: sections(&maker, before),
        tool: &plan.provenance.tool,
        tool_version: &plan.provenance.tool_version,
    };
    maker.engine.fill("page", &page).into_string()
}

fn sections(maker: &Maker<'_>, before: Option<&Plan>) -> Vec<Section> {
    let all = [
        findings::inhibitors(maker),
        conflict::conflict(maker),
        before.map(|before| changes::changes(maker, before)),
        findings::questions(maker),
        findings::others(maker),
        findings::waived(maker),
        disk::disk(maker),
        conflict::what_if(maker),
        Some(packages::packages(maker)),
        steps::steps(maker),
        Some(sources::repositories(maker)),
        Some(sources::provenance(maker)),
    ];
    all.into_iter().flatten().collect()
}

/// What the browser may do with the page: use the style and the script in it, which it
/// knows by their digests, and nothing else.
fn policy() -> String {
    let digest = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        digest(STYLE),
        digest(SCRIPT)
    )
}
