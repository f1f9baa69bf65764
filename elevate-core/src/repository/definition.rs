//! What a `.repo` file, or a plain argument, says about a repository.

mod argument;
mod options;
mod transport;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use super::url::{Url, UrlError, file_address, file_path};
use super::variables::Variables;
use crate::model::{RepoFile, RepoId, Repository};

use options::Options;

pub use argument::ArgumentError;
pub use transport::{Expiry, IpFamily, Proxy, Transport};

/// dnf's priority where none is given. The lower number wins.
pub const DEFAULT_PRIORITY: i32 = 99;
/// dnf's cost where none is given. The lower number wins among equal packages.
pub const DEFAULT_COST: i32 = 1000;

/// The most addresses one option may list.
const MOST_ADDRESSES: usize = 1000;

/// A repository: where it is, how it is asked, and what is taken from it. The
/// options are those of dnf.conf(5); variables are replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Section name, or made of the address.
    pub id: RepoId,
    /// `name`, or the id where there is none.
    pub name: String,
    /// `baseurl`: in the order in which they are tried.
    pub baseurls: Vec<Location>,
    /// `mirrorlist`: the address of a list of addresses.
    pub mirrorlist: Option<Location>,
    /// `metalink`: the address of such a list with checksums of `repomd.xml`.
    pub metalink: Option<Location>,
    /// `enabled`; absent means yes.
    pub enabled: bool,
    /// `priority`.
    pub priority: i32,
    /// `cost`.
    pub cost: i32,
    /// `excludepkgs` or `exclude`: patterns of packages that are not seen.
    pub exclude: Vec<String>,
    /// `includepkgs`: patterns of the only packages that are seen; empty for all.
    pub include: Vec<String>,
    /// `module_hotfixes`: its packages are seen whatever module streams are active.
    pub module_hotfixes: bool,
    /// `gpgcheck` where it is said; it is `[main]` that decides otherwise.
    pub gpgcheck: Option<bool>,
    /// `gpgkey`: addresses of public keys.
    pub gpgkey: Vec<String>,
    /// `skip_if_unavailable`: go on without it where it cannot be had.
    pub skip_if_unavailable: bool,
    /// `metadata_expire`: for how long what was fetched is taken for current.
    pub expiry: Expiry,
    /// How servers are asked.
    pub transport: Transport,
    /// What variables stand for; lists of mirrors have them too.
    pub variables: Variables,
}

/// Where files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// On this machine.
    Path(PathBuf),
    /// On a network.
    Remote(Url),
}

/// Something odd about a repository that does not stop it from being used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Remark {
    /// File and line, argument or address.
    pub place: String,
    /// What is odd there.
    pub what: String,
}

impl Location {
    /// Reads an address: `http`, `https`, `file`, or a path that starts with `/`.
    ///
    /// # Errors
    ///
    /// Another protocol, and anything that is no address.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        match file_path(text) {
            Some(path) => path.map(Location::Path),
            None if text.starts_with('/') => Ok(Location::Path(PathBuf::from(text))),
            None => Url::parse(text).map(Location::Remote),
        }
    }

    /// The address on a network, if it is one.
    pub fn remote(&self) -> Option<&Url> {
        match self {
            Location::Remote(url) => Some(url),
            Location::Path(_) => None,
        }
    }
}

impl Location {
    /// The address as a `.repo` file has it, without a user name and a password.
    pub fn address(&self) -> String {
        match self {
            Location::Path(path) => file_address(path),
            Location::Remote(url) => url.to_string(),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Path(path) => path.display().fmt(f),
            Location::Remote(url) => url.fmt(f),
        }
    }
}

impl Remark {
    pub(super) fn new(place: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self { place: place.to_string(), what: what.to_string() }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

impl Definition {
    /// One section of a `.repo` file. `place` is the file as it is to be shown.
    pub fn of(section: &Repository, place: &str, variables: &Variables) -> (Self, Vec<Remark>) {
        let place = format!("{place}:{} [{}]", section.line, section.id);
        let mut options = Options::new(section, place, variables);
        let definition = Self {
            name: options.text("name").unwrap_or_else(|| section.id.to_string()),
            baseurls: options.locations("baseurl"),
            mirrorlist: options.location("mirrorlist"),
            metalink: options.location("metalink"),
            enabled: section.is_enabled(),
            priority: options.number("priority").unwrap_or(DEFAULT_PRIORITY),
            cost: options.number("cost").unwrap_or(DEFAULT_COST),
            exclude: options.lists(&["excludepkgs", "exclude"]),
            include: options.lists(&["includepkgs"]),
            module_hotfixes: options.boolean("module_hotfixes").unwrap_or(false),
            gpgcheck: options.boolean("gpgcheck"),
            gpgkey: options.lists(&["gpgkey"]),
            skip_if_unavailable: options.boolean("skip_if_unavailable").unwrap_or(false),
            expiry: Expiry::of(&mut options),
            transport: Transport::of(&mut options),
            variables: variables.clone(),
            id: section.id.clone(),
        };
        let remarks = options.finish(&definition);
        (definition, remarks)
    }

    /// Every section of a `.repo` file, enabled or not, in its order.
    pub fn all(file: &RepoFile, variables: &Variables) -> (Vec<Self>, Vec<Remark>) {
        let mut remarks = Vec::new();
        let definition = |section: &Repository| {
            let (definition, more) = Self::of(section, &file.path, variables);
            remarks.extend(more);
            definition
        };
        let definitions = file.repositories.iter().map(definition).collect();
        (definitions, remarks)
    }

    /// A plain argument: `DIR`, `file://...`, `http(s)://...`, each with `ID=`
    /// before it or not. Without it the id is made of the last parts of the path
    /// that say something.
    ///
    /// # Errors
    ///
    /// What is neither a directory nor an address.
    pub fn of_argument(argument: &str, variables: &Variables) -> Result<Self, ArgumentError> {
        argument::definition(argument, variables)
    }

    /// A repository with nothing but an id and an address.
    pub fn at(id: RepoId, location: Location) -> Self {
        Self {
            name: id.to_string(),
            id,
            baseurls: vec![location],
            mirrorlist: None,
            metalink: None,
            enabled: true,
            priority: DEFAULT_PRIORITY,
            cost: DEFAULT_COST,
            exclude: Vec::new(),
            include: Vec::new(),
            module_hotfixes: false,
            gpgcheck: None,
            gpgkey: Vec::new(),
            skip_if_unavailable: false,
            expiry: Expiry::default(),
            transport: Transport::default(),
            variables: Variables::new(),
        }
    }

    /// The directory it is in, where that is on this machine: its files are read
    /// in place, and nothing is fetched.
    pub fn directory(&self) -> Option<&PathBuf> {
        match self.baseurls.first() {
            Some(Location::Path(path)) => Some(path),
            _ => None,
        }
    }

    /// Everything that says where it is, as text, in the order of the options. Two
    /// definitions with the same texts are of the same repository.
    pub fn addresses(&self) -> Vec<String> {
        let lists = [("metalink", &self.metalink), ("mirrorlist", &self.mirrorlist)];
        let list = |(what, at): (&str, &Option<Location>)| Some(format!("{what} {}", at.as_ref()?));
        let base = self.baseurls.iter().map(Location::to_string);
        lists.into_iter().filter_map(list).chain(base).collect()
    }
}

/// Gives each definition an id of its own, for ids made of addresses collide:
/// the second `BaseOS` becomes `BaseOS-2`. What had to change is told.
pub fn make_unique(definitions: &mut [Definition]) -> Vec<Remark> {
    let mut taken: BTreeSet<RepoId> = definitions.iter().map(|d| d.id.clone()).collect();
    let mut seen: BTreeMap<RepoId, usize> = BTreeMap::new();
    let mut remarks = Vec::new();
    for definition in definitions {
        let count = seen.entry(definition.id.clone()).or_default();
        *count += 1;
        let numbers = if *count == 1 { 0..0 } else { *count..*count + taken.len() + 1 };
        let free = |n: usize| {
            let id = RepoId::new(format!("{}-{n}", definition.id)).ok()?;
            (!taken.contains(&id)).then_some(id)
        };
        if let Some(id) = numbers.into_iter().find_map(free) {
            let place = definition.addresses().join(" ");
            let what = format!("the id {} is taken; it is called {id}", definition.id);
            remarks.push(Remark::new(place, what));
            taken.insert(id.clone());
            definition.id = id;
        }
    }
    remarks
}

#[cfg(test)]
mod tests;
