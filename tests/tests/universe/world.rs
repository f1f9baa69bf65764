//! Target repositories and a host, given to us and to libsolv.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use elevate_core::universe::{SolvableId, Term, Universe, asked_paths};
use elevate_tests::repositories::{Repository, target};

/// What is compared.
pub(crate) struct World {
    pub(crate) universe: Universe,
    /// Name, file of packages and complete file list of each repository.
    repositories: Vec<(String, PathBuf, Option<PathBuf>)>,
}

impl World {
    /// Reads target repositories, each a folder and a name in it, and the one that
    /// says what is installed. File lists are searched where there are any.
    pub(crate) fn read(root: &Path, targets: &[(&str, &str)], installed: &str) -> Self {
        let host = Repository::read(&root.join(installed));
        let targets: Vec<(&str, Repository)> = targets
            .iter()
            .map(|(folder, name)| (*name, Repository::read(&root.join(folder).join(name))))
            .collect();
        let place = |name: &str, read: &Repository| {
            (name.to_owned(), read.primary.clone(), read.filelists())
        };
        let mut repositories = vec![place("@System", &host)];
        repositories.extend(targets.iter().map(|(name, read)| place(name, read)));
        let packages = host.installed_packages();
        let targets: Vec<_> = targets.iter().map(|(name, read)| (*name, read, 99)).collect();
        let target = target(&targets, &asked_paths(&packages).unwrap());
        let universe = Universe::new(Arc::new(target), &packages).unwrap();
        Self { universe, repositories }
    }

    /// What makes libsolv read the same.
    pub(crate) fn repositories(&self) -> String {
        let line = |(name, primary, filelists): &(String, PathBuf, Option<PathBuf>)| {
            let filelists = filelists.as_ref().map(|path| path.display().to_string());
            format!("repo\t{name}\t{}\t{}\n", primary.display(), filelists.unwrap_or_default())
        };
        self.repositories.iter().map(line).collect()
    }

    /// The question who provides a term.
    pub(crate) fn question(&self, term: Term) -> String {
        let text = self.universe.show(term).to_string();
        if text.starts_with('(') {
            return format!("rich\t{text}\n");
        }
        let mut words = text.split(' ');
        let name = words.next().unwrap_or_default();
        let flags = match words.next() {
            None => 0,
            Some(comparison) => {
                comparison.parse::<elevate_core::model::Comparison>().unwrap().bits()
            }
        };
        format!("provides\t{name}\t{flags}\t{}\n", words.next().unwrap_or_default())
    }

    /// Our answer.
    pub(crate) fn providers(&self, term: Term) -> String {
        let shown = |package: &SolvableId| {
            if *package == SolvableId::SYSTEM {
                return "system".to_owned();
            }
            let source = self.universe.target().source(*package);
            let repository = source.map_or("@System", |source| source.id.as_str());
            format!("{}@{repository}", self.universe.nevra(*package))
        };
        let all: Vec<String> = self.universe.providers(term).iter().map(shown).collect();
        all.join(" ")
    }
}
