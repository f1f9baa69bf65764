//! The packages of a story, as the universe has them.

use std::sync::Arc;

use elevate_core::model::Arch;
use elevate_core::repository::InMemory;
use elevate_core::universe::{
    List, Opened, RuledOut, SolvableId, Source, Target, Threads, Universe,
};

use super::metadata;
use super::package::Package;
use super::story::Story;

/// What the repository of installed packages is called.
pub(super) const INSTALLED: &str = "installed";

/// The packages of a story.
#[derive(Debug, Clone)]
pub struct World {
    /// Those installed, in the order of their numbers.
    pub installed: Vec<Package>,
    /// Those of the repositories.
    pub repositories: Vec<Stock>,
}

/// The packages of a repository.
#[derive(Debug, Clone)]
pub struct Stock {
    /// Its id.
    pub id: String,
    /// dnf's priority.
    pub priority: i32,
    /// Its packages.
    pub packages: Vec<Package>,
}

impl World {
    /// Reads the packages of a story.
    pub fn of(story: &Story) -> Result<Self, String> {
        let mut installed = Package::read(&story.installed)?;
        installed.sort_by(|a, b| a.nevra.name.cmp(&b.nevra.name));
        let read = |repository: &super::story::Repository| {
            let packages = Package::read(&repository.packages)?;
            Ok(Stock { id: repository.id.clone(), priority: repository.priority, packages })
        };
        let repositories = story.repositories.iter().map(read).collect::<Result<_, String>>()?;
        Ok(Self { installed, repositories })
    }

    /// Puts the packages back into a story.
    pub fn tell(&self, story: &mut Story) {
        let text = |packages: &[Package]| packages.iter().map(Package::to_string).collect();
        story.installed = text(&self.installed);
        let repository = |stock: &Stock| super::story::Repository {
            id: stock.id.clone(),
            priority: stock.priority,
            packages: text(&stock.packages),
        };
        story.repositories = self.repositories.iter().map(repository).collect();
    }

    /// Every package with the id of its repository, in order.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Package)> {
        let installed = self.installed.iter().map(|package| (INSTALLED, package));
        installed.chain(self.repositories.iter().flat_map(Stock::listed))
    }

    /// The package with this number, as [`World::all`] counts.
    pub(super) fn package_mut(&mut self, number: usize) -> &mut Package {
        let available = self.repositories.iter_mut().flat_map(|stock| &mut stock.packages);
        self.installed.iter_mut().chain(available).nth(number).expect("a package")
    }

    /// The universe.
    pub fn universe(&self) -> Universe {
        let source = |stock: &Stock| {
            let files: InMemory = metadata::repository(&metadata::primary(&stock.packages));
            let opened = Opened::new(&files).expect("a repository");
            let data = opened.packages(Threads::One).expect("its packages");
            let source = Source::new(stock.id.parse().expect("an id"), Arc::new(data));
            Source { priority: stock.priority, ..source }
        };
        let sources = self.repositories.iter().map(source).collect();
        let target = Target::new(&Arch::X86_64, sources).expect("a target");
        let installed: Vec<_> = self.installed.iter().map(Package::installed).collect();
        let mut universe = Universe::new(Arc::new(target), &installed).expect("a universe");
        assert_eq!(universe.packages().count(), self.all().count());
        let ids: Vec<SolvableId> = universe.packages().collect();
        for (id, (_, package)) in ids.into_iter().zip(self.all()) {
            if package.excluded {
                let pattern = package.nevra.to_string();
                universe.rule_out(id, RuledOut::Excluded { pattern, by: None });
            }
        }
        universe
    }

    /// A package without its repository, where that is clear without it.
    pub fn short(&self, package: &str) -> String {
        let (nevra, repository) = package.split_once('@').unwrap_or((package, INSTALLED));
        let same = |other: &Package| other.nevra.to_string() == nevra;
        let available = self.repositories.iter().flat_map(|stock| &stock.packages);
        if repository == INSTALLED || available.filter(|other| same(other)).count() < 2 {
            return nevra.to_owned();
        }
        package.to_owned()
    }

    /// Packages that a text names, with `@` and their repository or without.
    pub fn named(&self, universe: &Universe, text: &str) -> Vec<SolvableId> {
        let (nevra, repository) = match text.split_once('@') {
            Some((nevra, repository)) => (nevra, Some(repository)),
            None => (text, None),
        };
        let ids = universe.packages().zip(self.all());
        ids.filter(|(_, (id, package))| {
            repository.is_none_or(|wanted| wanted == *id) && package.nevra.to_string() == nevra
        })
        .map(|(id, _)| id)
        .collect()
    }

    /// The installed package that owns the kernel `uname -r` names, or else has its
    /// version.
    pub fn kernel(&self, release: &str) -> Option<String> {
        let paths = [format!("/boot/vmlinuz-{release}"), format!("/lib/modules/{release}")];
        let owns = |package: &&Package| {
            package.list(List::Files).any(|file| paths.iter().any(|path| path == file))
        };
        let is_it = |package: &&Package| package.nevra.to_string() == format!("kernel-{release}");
        let mut installed = self.installed.iter();
        let found = installed.clone().find(owns).or_else(|| installed.find(is_it));
        found.map(|package| package.nevra.to_string())
    }

    /// A package with its repository.
    pub fn show(&self, universe: &Universe, package: SolvableId) -> String {
        let source = universe.target().source(package);
        let id = source.map_or(INSTALLED, |source| source.id.as_str());
        format!("{}@{id}", universe.nevra(package))
    }
}

impl Stock {
    fn listed(&self) -> impl Iterator<Item = (&str, &Package)> {
        self.packages.iter().map(|package| (self.id.as_str(), package))
    }
}
