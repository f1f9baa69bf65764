//! What a user calls a package.

use super::DependencyGraph;
use crate::model::{Capability, InstalledPackage, nearest};
use crate::universe::{List, SolvableId};

/// What a text may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// These packages, in order: it is their name, with or without version and
    /// architecture.
    Named(Vec<SolvableId>),
    /// These packages, in order: they have a file at this path, or provide this.
    Providing(Vec<SolvableId>),
    /// Nothing; names that are much like it, the most alike first.
    Nothing(Vec<String>),
}

/// How many names are proposed instead of an unknown one.
const MOST_NEAR: usize = 5;

impl DependencyGraph<'_> {
    /// Packages of the graph that a text names: `name`, `name.arch`,
    /// `name-[epoch:]version[-release][.arch]`, a path, or a capability as
    /// packages provide it, `name [comparison version]`. `installed` is what the
    /// universe was made of; it knows all files.
    pub fn find(&self, text: &str, installed: &[InstalledPackage]) -> Found {
        let all = || self.packages().iter().copied();
        let named: Vec<SolvableId> =
            all().filter(|package| self.is_called(*package, text)).collect();
        if !named.is_empty() {
            return Found::Named(named);
        }
        let capability = text.parse::<Capability>().ok();
        let provides = |package: &SolvableId| {
            let meets = capability.as_ref().is_some_and(|wanted| self.provides(*package, wanted));
            meets || self.has_file(*package, text, installed)
        };
        let providing: Vec<SolvableId> = all().filter(provides).collect();
        if providing.is_empty() {
            Found::Nothing(self.near(text))
        } else {
            Found::Providing(providing)
        }
    }

    fn is_called(&self, package: SolvableId, text: &str) -> bool {
        let universe = self.universe();
        let name = universe.text(universe.name(package));
        let Some(rest) = text.strip_prefix(name) else { return false };
        let arch = universe.text(universe.arch(package));
        let rest = match rest.strip_suffix(arch).and_then(|rest| rest.strip_suffix('.')) {
            Some(rest) if !arch.is_empty() => rest,
            _ => rest,
        };
        let Some(version) = rest.strip_prefix('-') else { return rest.is_empty() };
        let evr = universe.text(universe.evr(package));
        let without_epoch = evr.split_once(':').map_or(evr, |(_, rest)| rest);
        let without_release = |evr: &str| evr.rsplit_once('-').map(|(v, _)| v == version);
        [evr, without_epoch]
            .into_iter()
            .any(|evr| evr == version || without_release(evr) == Some(true))
            || version.strip_prefix("0:") == Some(evr)
    }

    fn provides(&self, package: SolvableId, wanted: &Capability) -> bool {
        let provided = self.universe().list(package, List::Provides).iter();
        provided.map(|term| self.universe().show(*term).to_string()).any(|provided| {
            provided.starts_with(&wanted.name)
                && provided.parse::<Capability>().is_ok_and(|have| have.meets(wanted))
        })
    }

    fn has_file(&self, package: SolvableId, path: &str, installed: &[InstalledPackage]) -> bool {
        let Some((directory, name)) = path.rfind('/').map(|slash| path.split_at(slash + 1)) else {
            return false;
        };
        let package = self.universe().origin(package).and_then(|at| installed.get(at));
        let files =
            package.and_then(|p| p.data.as_ref()).and_then(|data| data.files.get(directory));
        files.is_some_and(|files| files.iter().any(|file| file.name() == name))
    }

    /// Names much like a text.
    fn near(&self, text: &str) -> Vec<String> {
        let name = |package: &SolvableId| self.universe().text(self.universe().name(*package));
        nearest(text, self.packages().iter().map(name), MOST_NEAR)
    }
}
