//! `modulemd` documents: streams of modules.
//!
//! What makes libmodulemd leave a document out makes it a fault here too, because
//! what dnf does not know of a module decides which packages it takes.

use std::collections::BTreeMap;

use super::node::{Fault, Node};
use super::{DependencySet, Profile, Stream};
use crate::rpm::metadata::excerpt;

/// The longest name, stream, context and architecture, in bytes.
const LONGEST: usize = 512;

/// Keys of `data`. Version 1 alone has `eol`, the later ones alone `static_context`
/// and `demodularized`.
const KEYS: [&str; 21] = [
    "api",
    "arch",
    "artifacts",
    "buildopts",
    "components",
    "context",
    "demodularized",
    "dependencies",
    "description",
    "eol",
    "filter",
    "license",
    "name",
    "profiles",
    "references",
    "servicelevels",
    "static_context",
    "stream",
    "summary",
    "version",
    "xmd",
];

/// Reads the `data` of a `modulemd` document of this version.
pub(super) fn read(data: &Node<'_>, version: u64) -> Result<Stream, Fault> {
    known(data, "data", &KEYS)?;
    for key in ["summary", "description", "license"] {
        needed(data, key)?;
    }
    components(data)?;
    Ok(Stream {
        name: name(data, "name")?,
        stream: name(data, "stream")?,
        version: data.get("version").map_or(Ok(0), |node| node.number("version"))?,
        context: part(data, "context")?.unwrap_or_default(),
        arch: part(data, "arch")?.unwrap_or_else(|| "noarch".to_owned()),
        summary: needed(data, "summary")?.text("summary")?.to_owned(),
        static_context: data
            .get("static_context")
            .map_or(Ok(false), |n| n.truth("static_context"))?,
        dependencies: dependencies(data, version)?,
        artifacts: artifacts(data)?,
        demodularized: rpms(data.get("demodularized"), "demodularized")?,
        profiles: profiles(data)?,
        end_of_life: end_of_life(data)?,
    })
}

/// A key without which a document is of no use.
pub(super) fn needed<'n, 'a>(data: &'n Node<'a>, key: &str) -> Result<&'n Node<'a>, Fault> {
    data.get(key).ok_or_else(|| data.fault(format!("has no {key}")))
}

/// The text of a name that must be there.
pub(super) fn name(data: &Node<'_>, key: &str) -> Result<String, Fault> {
    match part(data, key)? {
        Some(text) if !text.is_empty() => Ok(text),
        Some(_) => Err(data.fault(format!("has an empty {key}"))),
        None => Err(data.fault(format!("has no {key}"))),
    }
}

/// A part of the full name of a stream, where it is there.
fn part(data: &Node<'_>, key: &str) -> Result<Option<String>, Fault> {
    let part = text(data, key)?;
    match &part {
        Some(text) if text.len() > LONGEST => {
            Err(data.fault(format!("has a {key} of more than {LONGEST} bytes")))
        }
        _ => Ok(part),
    }
}

/// The text of a key, where it is there.
pub(super) fn text(data: &Node<'_>, key: &str) -> Result<Option<String>, Fault> {
    data.get(key).map(|node| node.text(key).map(str::to_owned)).transpose()
}

/// That a mapping has no other keys than these.
pub(super) fn known(node: &Node<'_>, what: &str, keys: &[&str]) -> Result<(), Fault> {
    let unknown = node.map(what)?.iter().find(|(key, _)| !keys.contains(&&**key));
    match unknown {
        Some((key, value)) => {
            Err(value.fault(format!("{what} has the unknown key {:?}", excerpt(key))))
        }
        None => Ok(()),
    }
}

/// The order of building is all that can be wrong with components: some tools
/// write -1 as 2^64-1, and dnf leaves these documents out.
fn components(data: &Node<'_>) -> Result<(), Fault> {
    let Some(kinds) = data.get("components") else { return Ok(()) };
    for (_, components) in kinds.map("components")? {
        for (_, component) in components.map("components")? {
            let Some(order) = component.get("buildorder") else { continue };
            let text = order.text("buildorder")?;
            if text.parse::<i64>().is_err() {
                return Err(order.fault(format!("buildorder {:?} is no number", excerpt(text))));
            }
        }
    }
    Ok(())
}

fn dependencies(data: &Node<'_>, version: u64) -> Result<Vec<DependencySet>, Fault> {
    let Some(node) = data.get("dependencies") else { return Ok(Vec::new()) };
    match version {
        2 => node.list("dependencies")?.iter().map(dependency_set).collect(),
        1 => Ok(vec![dependency_set(node)?]),
        _ => Ok(vec![with_platform(node)?]),
    }
}

fn dependency_set(node: &Node<'_>) -> Result<DependencySet, Fault> {
    known(node, "dependencies", &["buildrequires", "requires"])?;
    let requires = node.get("requires").map_or(Ok(BTreeMap::new()), requires)?;
    Ok(DependencySet { requires })
}

fn requires(node: &Node<'_>) -> Result<BTreeMap<String, Vec<String>>, Fault> {
    let mut requires = BTreeMap::new();
    for (module, streams) in node.map("requires")? {
        let texts = streams.texts("streams")?;
        let barred = texts.iter().filter(|stream| stream.starts_with('-')).count();
        if barred != 0 && barred != texts.len() {
            let module = excerpt(module);
            return Err(streams.fault(format!("both wants and bars streams of {module:?}")));
        }
        requires.insert(module.clone().into_owned(), texts);
    }
    Ok(requires)
}

/// Version 3 has one set of dependencies and names the platform beside it.
fn with_platform(node: &Node<'_>) -> Result<DependencySet, Fault> {
    known(node, "dependencies", &["buildrequires", "platform", "requires"])?;
    let mut requires = node.get("requires").map_or(Ok(BTreeMap::new()), requires)?;
    if let Some(platform) = text(node, "platform")? {
        requires.insert("platform".to_owned(), vec![platform]);
    }
    Ok(DependencySet { requires })
}

fn artifacts(data: &Node<'_>) -> Result<Vec<String>, Fault> {
    let Some(node) = data.get("artifacts") else { return Ok(Vec::new()) };
    known(node, "artifacts", &["rpm-map", "rpms"])?;
    let Some(rpms) = node.get("rpms") else { return Ok(Vec::new()) };
    let mut texts = rpms.texts("artifacts")?;
    texts.sort();
    texts.dedup();
    match texts.iter().find(|text| !is_full_name(text)) {
        Some(text) => {
            Err(rpms.fault(format!("{:?} is no name-epoch:version-release.arch", excerpt(text))))
        }
        None => Ok(texts),
    }
}

/// `name-epoch:version-release.arch`, as libmodulemd looks at it: the parts are
/// there, whatever they are.
fn is_full_name(text: &str) -> bool {
    let parts = || {
        let (rest, _arch) = text.rsplit_once('.')?;
        let (rest, _release) = rest.rsplit_once('-')?;
        let (name, version) = rest.rsplit_once('-')?;
        let (epoch, _version) = version.split_once(':')?;
        Some(!name.is_empty() && !epoch.is_empty() && epoch.bytes().all(|b| b.is_ascii_digit()))
    };
    parts().unwrap_or(false)
}

/// The `rpms` of a mapping, which may have nothing else.
fn rpms(node: Option<&Node<'_>>, what: &str) -> Result<Vec<String>, Fault> {
    let Some(node) = node else { return Ok(Vec::new()) };
    known(node, what, &["rpms"])?;
    node.get("rpms").map_or(Ok(Vec::new()), |rpms| rpms.texts(what))
}

fn profiles(data: &Node<'_>) -> Result<BTreeMap<String, Profile>, Fault> {
    let Some(node) = data.get("profiles") else { return Ok(BTreeMap::new()) };
    let pairs = node.map("profiles")?.iter();
    pairs.map(|(name, node)| Ok((name.clone().into_owned(), profile(node)?))).collect()
}

fn profile(node: &Node<'_>) -> Result<Profile, Fault> {
    known(node, "profile", &["default", "description", "rpms"])?;
    let rpms = node.get("rpms").map_or(Ok(Vec::new()), |rpms| rpms.texts("profile"))?;
    Ok(Profile { description: text(node, "description")?, rpms })
}

/// Version 1 has one date without a name, which libmodulemd calls `rawhide`.
fn end_of_life(data: &Node<'_>) -> Result<BTreeMap<String, String>, Fault> {
    let mut dates = BTreeMap::new();
    if let Some(date) = text(data, "eol")? {
        dates.insert("rawhide".to_owned(), date);
    }
    let Some(levels) = data.get("servicelevels") else { return Ok(dates) };
    for (level, node) in levels.map("servicelevels")? {
        known(node, "servicelevels", &["eol"])?;
        if let Some(date) = text(node, "eol")? {
            dates.insert(level.clone().into_owned(), date);
        }
    }
    Ok(dates)
}
