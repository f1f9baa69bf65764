//! `modulemd-defaults` and `modulemd-obsoletes` documents.

use std::collections::BTreeMap;

use super::node::{Fault, Node};
use super::stream::{known, name, needed, text};
use super::{Defaults, Obsoletes};
use crate::model::ModuleStream;

/// Reads the `data` of a `modulemd-defaults` document of version 1.
pub(super) fn defaults(data: &Node<'_>) -> Result<Defaults, Fault> {
    known(data, "data", &["intents", "modified", "module", "profiles", "stream"])?;
    let mut profiles = BTreeMap::new();
    if let Some(node) = data.get("profiles") {
        for (stream, names) in node.map("profiles")? {
            profiles.insert(stream.clone().into_owned(), names.texts("profiles")?);
        }
    }
    Ok(Defaults {
        module: name(data, "module")?,
        stream: text(data, "stream")?,
        profiles,
        modified: data.get("modified").map_or(Ok(0), |node| node.number("modified"))?,
    })
}

/// Reads the `data` of a `modulemd-obsoletes` document of version 1.
pub(super) fn obsoletes(data: &Node<'_>) -> Result<Obsoletes, Fault> {
    let keys =
        ["context", "eol_date", "message", "modified", "module", "obsoleted_by", "reset", "stream"];
    known(data, "data", &keys)?;
    Ok(Obsoletes {
        module: ModuleStream { name: name(data, "module")?, stream: name(data, "stream")? },
        context: text(data, "context")?,
        modified: needed(data, "modified")?.text("modified")?.to_owned(),
        reset: data.get("reset").map_or(Ok(false), |node| node.truth("reset"))?,
        end_of_life: text(data, "eol_date")?,
        message: needed(data, "message")?.text("message")?.to_owned(),
        obsoleted_by: data.get("obsoleted_by").map(successor).transpose()?,
    })
}

fn successor(node: &Node<'_>) -> Result<ModuleStream, Fault> {
    known(node, "obsoleted_by", &["module", "stream"])?;
    Ok(ModuleStream { name: name(node, "module")?, stream: name(node, "stream")? })
}
