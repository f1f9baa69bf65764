//! `comps.xml`: groups of packages, environments, categories and language packs,
//! read as libcomps reads them. Translations are left out.

use std::io::Read;

use super::element::{self, Element, Notes};
use super::metadata::{MetadataError, MetadataRemark, Oddity, excerpt};

/// The groups of a repository, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comps {
    /// Groups.
    pub groups: Vec<Group>,
    /// Environments, which are groups of groups that can be installed.
    pub environments: Vec<Environment>,
    /// Categories, which are groups of groups to be looked at.
    pub categories: Vec<Category>,
    /// Packages that come with others where a language is installed.
    pub language_packs: Vec<LanguagePack>,
    /// What is odd about the file.
    pub remarks: Vec<MetadataRemark>,
}

/// A group of packages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// Its id, such as `core`.
    pub id: String,
    /// Its name in English.
    pub name: String,
    /// What it is for, in English.
    pub description: String,
    /// Whether an installer chooses it by itself.
    pub is_default: bool,
    /// Whether it is shown to users; so it is where nothing is said.
    pub is_visible: bool,
    /// The language it is for, where it is for one only.
    pub language: Option<String>,
    /// Its packages.
    pub packages: Vec<GroupPackage>,
}

/// A package of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupPackage {
    /// Name of the package.
    pub name: String,
    /// When it is installed with the group.
    pub kind: PackageKind,
    /// The package it comes with, for conditional ones.
    pub requires: Option<String>,
}

/// When a package is installed with its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PackageKind {
    /// Always; also where nothing is said.
    Mandatory,
    /// Unless told otherwise.
    Default,
    /// On demand.
    Optional,
    /// Where another package is.
    Conditional,
}

/// A group of groups that can be installed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Environment {
    /// Its id, such as `minimal-environment`.
    pub id: String,
    /// Its name in English.
    pub name: String,
    /// What it is for, in English.
    pub description: String,
    /// Ids of the groups it always has.
    pub groups: Vec<String>,
    /// Groups it may have.
    pub options: Vec<OptionalGroup>,
}

/// A group an environment may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionalGroup {
    /// Id of the group.
    pub id: String,
    /// Whether it is chosen unless told otherwise.
    pub is_default: bool,
}

/// A group of groups to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Category {
    /// Its id.
    pub id: String,
    /// Its name in English.
    pub name: String,
    /// Ids of its groups.
    pub groups: Vec<String>,
}

/// Packages that come with another one, one for each language that is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguagePack {
    /// Name of the package they come with.
    pub name: String,
    /// Their name, with `%s` for the language.
    pub install: String,
}

/// Reads the text of a `comps.xml`, decompressed and bounded by the caller;
/// `shown` is what the file is called in messages.
///
/// # Errors
///
/// Where the text is no XML, begins with another element than `<comps>`, or has
/// more parts than can be.
pub fn read(from: impl Read, shown: &str) -> Result<Comps, MetadataError> {
    let mut comps = Comps::default();
    let remarks = element::each(from, shown, "comps", |part, notes| match part.name() {
        "group" => comps.groups.extend(group(part, notes)),
        "environment" => comps.environments.extend(environment(part, notes)),
        "category" => comps.categories.extend(category(part, notes)),
        "langpacks" => comps.language_packs.extend(language_packs(part, notes)),
        // Lists of libcomps that are empty in every distribution.
        "blacklist" | "whiteout" => {}
        _ => notes.unknown(part),
    })?;
    Ok(Comps { remarks, ..comps })
}

fn group(part: &Element, notes: &mut Notes) -> Option<Group> {
    let mut group = Group { is_visible: true, ..Group::default() };
    for child in part.children() {
        match child.name() {
            "id" => child.text().clone_into(&mut group.id),
            "name" => child.text().clone_into(&mut group.name),
            "description" => child.text().clone_into(&mut group.description),
            "default" => group.is_default = child.text() == "true",
            "uservisible" => group.is_visible = child.text() == "true",
            "langonly" => group.language = Some(child.text().to_owned()),
            "packagelist" => group.packages.extend(packages(child, notes)),
            "display_order" | "biarchonly" => {}
            _ => notes.unknown(child),
        }
    }
    identified(!group.id.is_empty(), "group", notes).then_some(group)
}

fn packages(list: &Element, notes: &mut Notes) -> Vec<GroupPackage> {
    let mut packages = Vec::new();
    for child in list.children() {
        match child.name() {
            "packagereq" => packages.extend(package(child, notes)),
            _ => notes.unknown(child),
        }
    }
    packages
}

fn package(element: &Element, notes: &mut Notes) -> Option<GroupPackage> {
    let kind = match element.attribute("type") {
        None | Some("mandatory") => PackageKind::Mandatory,
        Some("default") => PackageKind::Default,
        Some("optional") => PackageKind::Optional,
        Some("conditional") => PackageKind::Conditional,
        Some(kind) => {
            notes.note(Oddity::UnknownKind(excerpt(kind)));
            return None;
        }
    };
    let requires = element.attribute("requires").map(str::to_owned);
    if kind == PackageKind::Conditional && requires.is_none() {
        notes.lacks("packagereq", "the package it depends on");
    }
    if element.text().is_empty() {
        notes.lacks("packagereq", "a name, left out");
        return None;
    }
    Some(GroupPackage { name: element.text().to_owned(), kind, requires })
}

fn environment(part: &Element, notes: &mut Notes) -> Option<Environment> {
    let mut environment = Environment::default();
    for child in part.children() {
        match child.name() {
            "id" => child.text().clone_into(&mut environment.id),
            "name" => child.text().clone_into(&mut environment.name),
            "description" => child.text().clone_into(&mut environment.description),
            "grouplist" => environment.groups.extend(ids(child, notes).map(|option| option.id)),
            "optionlist" => environment.options.extend(ids(child, notes)),
            "display_order" => {}
            _ => notes.unknown(child),
        }
    }
    identified(!environment.id.is_empty(), "environment", notes).then_some(environment)
}

fn category(part: &Element, notes: &mut Notes) -> Option<Category> {
    let mut category = Category::default();
    for child in part.children() {
        match child.name() {
            "id" => child.text().clone_into(&mut category.id),
            "name" => child.text().clone_into(&mut category.name),
            "grouplist" => category.groups.extend(ids(child, notes).map(|option| option.id)),
            "description" | "display_order" => {}
            _ => notes.unknown(child),
        }
    }
    identified(!category.id.is_empty(), "category", notes).then_some(category)
}

/// The groups of a list.
fn ids(list: &Element, notes: &mut Notes) -> impl Iterator<Item = OptionalGroup> + use<> {
    let mut groups = Vec::new();
    for child in list.children() {
        match child.name() {
            "groupid" if child.text().is_empty() => notes.lacks("groupid", "an id, left out"),
            "groupid" => groups.push(OptionalGroup {
                id: child.text().to_owned(),
                is_default: child.attribute("default") == Some("true"),
            }),
            _ => notes.unknown(child),
        }
    }
    groups.into_iter()
}

fn language_packs(part: &Element, notes: &mut Notes) -> Vec<LanguagePack> {
    let mut packs = Vec::new();
    for child in part.children() {
        match (child.name(), child.attribute("name"), child.attribute("install")) {
            ("match", Some(name), Some(install)) => {
                packs.push(LanguagePack { name: name.to_owned(), install: install.to_owned() });
            }
            ("match", ..) => notes.lacks("match", "name or install, left out"),
            _ => notes.unknown(child),
        }
    }
    packs
}

/// Notes what has no id and is left out for that.
fn identified(has_id: bool, element: &'static str, notes: &mut Notes) -> bool {
    if !has_id {
        notes.lacks(element, "an id, left out");
    }
    has_id
}

#[cfg(test)]
mod tests;
