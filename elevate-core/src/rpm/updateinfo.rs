//! `updateinfo.xml`: the advisories of a repository.

use std::io::Read;

use super::element::{self, Element, Notes};
use super::metadata::{MetadataError, MetadataRemark};

/// The advisories of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateInfo {
    /// Advisories in the order of the file.
    pub advisories: Vec<Advisory>,
    /// What is odd about the file.
    pub remarks: Vec<MetadataRemark>,
}

/// An advisory: why packages were published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Advisory {
    /// Its id, such as `RHSA-2020:1234`.
    pub id: String,
    /// What it is about.
    pub kind: AdvisoryKind,
    /// How severe it is, as it is written (`Important`); empty where nothing is said.
    pub severity: String,
    /// Its title.
    pub title: String,
    /// When it was published, as it is written; empty where nothing is said.
    pub issued: String,
    /// When it was changed last, as it is written; empty where nothing is said.
    pub updated: String,
    /// What it refers to.
    pub references: Vec<Reference>,
    /// Packages that belong together.
    pub collections: Vec<Collection>,
    /// Whether the advisory as a whole asks for a reboot.
    pub reboot_suggested: bool,
}

/// What an advisory is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AdvisoryKind {
    /// A weakness.
    Security,
    /// A fault.
    Bugfix,
    /// Something new in a package.
    Enhancement,
    /// A new package.
    NewPackage,
    /// Something else, as it is written.
    Other(String),
    /// Nothing is said.
    #[default]
    Unknown,
}

/// A weakness, a fault or a page an advisory refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// What it is, as it is written: `cve`, `bugzilla`, `self`, `other`.
    pub kind: String,
    /// Its id, such as `CVE-2020-1234`; empty where it has none.
    pub id: String,
    /// Its title; empty where it has none.
    pub title: String,
    /// Its address; empty where it has none.
    pub url: String,
}

/// Packages of an advisory that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Collection {
    /// Its short name.
    pub short: String,
    /// Its name.
    pub name: String,
    /// The stream of a module whose packages these are.
    pub module: Option<AdvisoryModule>,
    /// The packages.
    pub packages: Vec<AdvisoryPackage>,
}

/// A stream an advisory is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisoryModule {
    /// Name of the module.
    pub name: String,
    /// Name of the stream.
    pub stream: String,
    /// Version, as it is written.
    pub version: String,
    /// Context.
    pub context: String,
    /// Architecture.
    pub arch: String,
}

/// A package an advisory is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisoryPackage {
    /// Name.
    pub name: String,
    /// Epoch, as it is written; empty where nothing is said.
    pub epoch: String,
    /// Version.
    pub version: String,
    /// Release.
    pub release: String,
    /// Architecture.
    pub arch: String,
    /// Name of its file; empty where nothing is said.
    pub filename: String,
    /// Whether a reboot is asked for after it.
    pub reboot_suggested: bool,
}

/// Reads the text of an `updateinfo.xml`, decompressed and bounded by the caller;
/// `shown` is what the file is called in messages.
///
/// # Errors
///
/// Where the text is no XML, begins with another element than `<updates>`, or has
/// more parts than can be.
pub fn read(from: impl Read, shown: &str) -> Result<UpdateInfo, MetadataError> {
    let mut advisories = Vec::new();
    let remarks = element::each(from, shown, "updates", |part, notes| match part.name() {
        "update" => advisories.extend(advisory(part, notes)),
        _ => notes.unknown(part),
    })?;
    Ok(UpdateInfo { advisories, remarks })
}

fn advisory(part: &Element, notes: &mut Notes) -> Option<Advisory> {
    let mut advisory = Advisory { kind: kind(part.attribute("type")), ..Advisory::default() };
    for child in part.children() {
        match child.name() {
            "id" => child.text().clone_into(&mut advisory.id),
            "title" => child.text().clone_into(&mut advisory.title),
            "severity" => child.text().clone_into(&mut advisory.severity),
            "issued" => advisory.issued = child.value("date"),
            "updated" => advisory.updated = child.value("date"),
            "references" => advisory.references.extend(references(child, notes)),
            "pkglist" => advisory.collections.extend(collections(child, notes)),
            "reboot_suggested" => advisory.reboot_suggested = is_true(child),
            "description" | "message" | "pushcount" | "release" | "relogin_suggested"
            | "restart_suggested" | "rights" | "solution" | "summary" => {}
            _ => notes.unknown(child),
        }
    }
    if advisory.id.is_empty() {
        notes.lacks("update", "an id, left out");
        return None;
    }
    Some(advisory)
}

fn kind(text: Option<&str>) -> AdvisoryKind {
    match text {
        Some("security") => AdvisoryKind::Security,
        Some("bugfix") => AdvisoryKind::Bugfix,
        Some("enhancement") => AdvisoryKind::Enhancement,
        Some("newpackage") => AdvisoryKind::NewPackage,
        Some(other) => AdvisoryKind::Other(other.to_owned()),
        None => AdvisoryKind::Unknown,
    }
}

fn references(list: &Element, notes: &mut Notes) -> Vec<Reference> {
    let mut references = Vec::new();
    for child in list.children() {
        match child.name() {
            "reference" => references.push(Reference {
                kind: child.value("type"),
                id: child.value("id"),
                title: child.value("title"),
                url: child.value("href"),
            }),
            _ => notes.unknown(child),
        }
    }
    references
}

fn collections(list: &Element, notes: &mut Notes) -> Vec<Collection> {
    let mut collections = Vec::new();
    for child in list.children() {
        match child.name() {
            "collection" => collections.push(collection(child, notes)),
            _ => notes.unknown(child),
        }
    }
    collections
}

fn collection(part: &Element, notes: &mut Notes) -> Collection {
    let mut collection = Collection { short: part.value("short"), ..Collection::default() };
    for child in part.children() {
        match child.name() {
            "name" => child.text().clone_into(&mut collection.name),
            "module" => collection.module = Some(module(child)),
            "package" => collection.packages.extend(package(child, notes)),
            _ => notes.unknown(child),
        }
    }
    collection
}

fn module(element: &Element) -> AdvisoryModule {
    AdvisoryModule {
        name: element.value("name"),
        stream: element.value("stream"),
        version: element.value("version"),
        context: element.value("context"),
        arch: element.value("arch"),
    }
}

fn package(element: &Element, notes: &mut Notes) -> Option<AdvisoryPackage> {
    let mut package = AdvisoryPackage {
        name: element.value("name"),
        epoch: element.value("epoch"),
        version: element.value("version"),
        release: element.value("release"),
        arch: element.value("arch"),
        filename: String::new(),
        reboot_suggested: false,
    };
    for child in element.children() {
        match child.name() {
            "filename" => child.text().clone_into(&mut package.filename),
            "reboot_suggested" => package.reboot_suggested = is_true(child),
            "relogin_suggested" | "restart_suggested" | "sum" => {}
            _ => notes.unknown(child),
        }
    }
    if package.name.is_empty() {
        notes.lacks("package", "a name, left out");
        return None;
    }
    Some(package)
}

/// An empty element says yes, as `True` and `1` do.
fn is_true(element: &Element) -> bool {
    matches!(element.text().to_ascii_lowercase().as_str(), "" | "1" | "true")
}

#[cfg(test)]
mod tests;
