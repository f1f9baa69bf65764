//! Target repositories and a host, given to us and to libsolv.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use elevate_core::model::{
    Arch, InstalledPackage, PackageData, Purpose, StoredDependency, StoredFile,
};
use elevate_core::repository::{Directory, Files as _};
use elevate_core::rpm::{compressed, filelists};
use elevate_core::universe::{
    Full, List, Opened, RepositoryData, SolvableId, Source, Target, Term, Threads, Universe,
    asked_paths,
};

/// What is compared.
pub(crate) struct World {
    pub(crate) universe: Universe,
    /// Name, file of packages and complete file list of each repository.
    repositories: Vec<(String, PathBuf, Option<PathBuf>)>,
}

/// A repository, read.
pub(crate) struct Read {
    directory: Directory,
    data: RepositoryData,
    primary: PathBuf,
    filelists: Option<String>,
}

pub(crate) fn read(root: &Path) -> Read {
    let directory = Directory::new(root);
    let opened = Opened::new(&directory).unwrap();
    let primary = root.join(&opened.repomd.best("primary").unwrap().location);
    let filelists = opened.repomd.best("filelists").ok().map(|data| data.location.clone());
    let data = opened.packages(Threads::Two).unwrap();
    Read { directory, data, primary, filelists }
}

impl World {
    /// Reads target repositories, each a folder and a name in it, and the one that
    /// says what is installed. File lists are searched where there are any.
    pub(crate) fn read(root: &Path, targets: &[(&str, &str)], installed: &str) -> Self {
        let host = read(&root.join(installed));
        let targets: Vec<(&str, Read)> = targets
            .iter()
            .map(|(folder, name)| (*name, read(&root.join(folder).join(name))))
            .collect();
        let place = |name: &str, read: &Read| {
            let filelists = read.filelists.as_ref().map(|path| read.directory.root().join(path));
            (name.to_owned(), read.primary.clone(), filelists)
        };
        let mut repositories = vec![place("@System", &host)];
        repositories.extend(targets.iter().map(|(name, read)| place(name, read)));
        let packages = installed_packages(&host);
        let source = |(name, read): &(&str, Read)| {
            Source::new(name.parse().unwrap(), Arc::new(read.data.clone()))
        };
        let sources = targets.iter().map(source).collect();
        let asked = asked_paths(&packages).unwrap();
        let search = |at: usize, paths: &[String]| -> Result<_, Full> {
            let read = &targets[at].1;
            let opened = Opened::new(&read.directory).unwrap();
            let search = |_: &String| opened.search(&read.data, paths, Threads::Two).unwrap();
            Ok(read.filelists.as_ref().map(search).map(Arc::new))
        };
        let target = Target::searching(&Arch::X86_64, sources, &asked, search).unwrap();
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

/// The packages of a repository as a host has them. They are sorted by name, as
/// they are in the recorded ones.
pub(crate) fn installed_packages(read: &Read) -> Vec<InstalledPackage> {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if let Some(path) = &read.filelists {
        let file = read.directory.open(path).unwrap();
        let text = compressed::reader(file, 1 << 30).unwrap();
        let each = |file: filelists::Listed<'_>| {
            files.entry(file.package.to_owned()).or_default().push(file.path.to_owned());
        };
        filelists::scan(text, path, each).unwrap();
    }
    let data = Arc::new(read.data.clone());
    let id = "installed".parse().unwrap();
    let source = Source::new(id, Arc::clone(&data));
    let target = Target::new(&Arch::X86_64, vec![source]).unwrap();
    let package = |(at, package): (usize, SolvableId)| {
        let (name, evr, arch) = target.nevra(package);
        let [name, evr, arch] = [name, evr, arch].map(|id| target.text(id));
        let mut paths: Vec<String> = data.files(at).map(str::to_owned).collect();
        paths.extend(files.get(data.details(at).checksum).into_iter().flatten().cloned());
        InstalledPackage {
            data: Some(Arc::new(package_data(&target, package, &paths))),
            ..InstalledPackage::new(
                name.parse().unwrap(),
                evr.parse().unwrap(),
                Some(arch.parse().unwrap()),
            )
        }
    };
    target.packages().enumerate().map(package).collect()
}

fn package_data(target: &Target, package: SolvableId, paths: &[String]) -> PackageData {
    let texts = |list: List| target.list(package, list).iter().map(|term| target.show(*term));
    let of = |list: List| -> Vec<StoredDependency> {
        texts(list).map(|text| StoredDependency::Text(text.to_string())).collect()
    };
    let before = texts(List::RequiresBefore).map(|text| StoredDependency::Flagged {
        text: text.to_string(),
        purposes: vec![Purpose::Pre],
    });
    let mut files: BTreeMap<String, Vec<StoredFile>> = BTreeMap::new();
    for path in paths {
        let (directory, name) = path.split_at(path.rfind('/').unwrap() + 1);
        files.entry(directory.to_owned()).or_default().push(StoredFile::Plain(name.to_owned()));
    }
    PackageData {
        source_rpm: None,
        provides: of(List::Provides),
        requires: of(List::Requires).into_iter().chain(before).collect(),
        conflicts: of(List::Conflicts),
        obsoletes: of(List::Obsoletes),
        recommends: of(List::Recommends),
        suggests: of(List::Suggests),
        supplements: of(List::Supplements),
        enhances: of(List::Enhances),
        files,
    }
}
