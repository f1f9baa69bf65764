//! yum `.repo` files: which repositories they define.

use std::collections::BTreeMap;

use super::RepoId;

/// One `.repo` file, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RepoFile {
    /// Where it was, as it is to be shown.
    pub path: String,
    /// Its sections, in file order, each id once.
    pub repositories: Vec<Repository>,
}

/// One section of a `.repo` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// Section name.
    pub id: RepoId,
    /// `name`, where there is one.
    pub name: Option<String>,
    /// `baseurl`, one entry a line.
    pub baseurl: Option<String>,
    /// `metalink`.
    pub metalink: Option<String>,
    /// `mirrorlist`.
    pub mirrorlist: Option<String>,
    /// `proxy`.
    pub proxy: Option<String>,
    /// `enabled` as the file spells it; absent means enabled.
    pub enabled: Option<String>,
    /// Every other option, by its lower-case name.
    pub additional: BTreeMap<String, String>,
    /// The line of the section header, from 1.
    pub line: usize,
}
