//! Recorded repositories: read, united to a target, and one of them taken for
//! what a host has installed.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use elevate_core::model::{
    Arch, InstalledPackage, PackageData, Purpose, StoredDependency, StoredFile, hex,
};
use elevate_core::repository::{Directory, Files as _};
use elevate_core::rpm::{compressed, filelists};
use elevate_core::universe::{
    Full, List, Opened, RepositoryData, SolvableId, Source, Target, Threads, Universe,
};
use sha2::{Digest as _, Sha256};

use crate::data::TempDir;

/// The largest file list that is unpacked, in bytes.
const LARGEST: usize = 1 << 30;

/// A repository, read.
pub struct Repository {
    directory: Directory,
    /// Its packages.
    pub data: Arc<RepositoryData>,
    /// Its file of packages.
    pub primary: PathBuf,
    /// Where its complete file list is, below its directory.
    filelists: Option<String>,
    /// Its directory, where that is ours.
    place: Option<TempDir>,
}

impl Repository {
    /// Reads a repository in a directory.
    pub fn read(root: &Path) -> Self {
        let directory = Directory::new(root);
        let opened = Opened::new(&directory).expect("it is a repository");
        let primary = root.join(&opened.repomd.best("primary").expect("packages").location);
        let filelists = opened.repomd.best("filelists").ok().map(|data| data.location.clone());
        let data = Arc::new(opened.packages(Threads::Two).expect("it can be read"));
        Self { directory, data, primary, filelists, place: None }
    }

    /// The same repository without packages of some names, as libsolv sees it where
    /// excluded packages are no providers.
    pub fn without(&self, names: &[String]) -> Self {
        let file = self.directory.open("repodata/primary.xml.gz").expect("it is there");
        let mut text = String::new();
        let mut reader = compressed::reader(file, LARGEST).expect("it can be unpacked");
        reader.read_to_string(&mut text).expect("it is text");
        let is_left_out = |package: &str| {
            names.iter().any(|name| package.contains(&format!("<name>{name}</name>")))
        };
        let parts = text.split_inclusive("</package>");
        let mut kept = String::new();
        for part in parts {
            // What is before the first package, and behind the last one, stays.
            match part.find("<package ") {
                Some(start) if is_left_out(part) => kept.push_str(&part[..start]),
                _ => kept.push_str(part),
            }
        }
        let place = TempDir::new("without").expect("a directory");
        place.write("repodata/primary.xml", kept.as_bytes()).expect("a file");
        let digest = hex(&Sha256::digest(&kept));
        let index = format!(
            r#"<repomd xmlns="http://linux.duke.edu/metadata/repo"><data type="primary">
            <checksum type="sha256">{digest}</checksum>
            <location href="repodata/primary.xml"/></data></repomd>"#
        );
        place.write("repodata/repomd.xml", index.as_bytes()).expect("a file");
        let mut read = Self::read(place.path());
        read.place = Some(place);
        read
    }

    /// Its complete file list, where it has one.
    pub fn filelists(&self) -> Option<PathBuf> {
        self.filelists.as_ref().map(|path| self.directory.root().join(path))
    }

    /// It as a source of packages, with the default priority.
    pub fn source(&self, name: &str) -> Source {
        Source::new(name.parse().expect("an id"), Arc::clone(&self.data))
    }

    /// All its packages as a host has them, in the same order.
    pub fn installed_packages(&self) -> Vec<InstalledPackage> {
        self.packages_as_installed(|_| true)
    }

    /// Those of its packages whose full names are wanted, as a host has them.
    pub fn packages_as_installed(&self, wanted: impl Fn(&str) -> bool) -> Vec<InstalledPackage> {
        let files = self.all_files();
        let target = Target::new(&Arch::X86_64, vec![self.source("installed")]);
        let universe = Universe::new(Arc::new(target.expect("a target")), &[]).expect("a universe");
        let package = |(at, package): (usize, SolvableId)| {
            if !wanted(&universe.nevra(package)) {
                return None;
            }
            let mut paths: Vec<String> = self.data.files(at).map(str::to_owned).collect();
            paths.extend(files.get(self.data.details(at).checksum).into_iter().flatten().cloned());
            Some(as_installed(&universe, package, &paths))
        };
        universe.packages().enumerate().filter_map(package).collect()
    }

    /// The complete file list, by checksums of packages.
    fn all_files(&self) -> BTreeMap<String, Vec<String>> {
        let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
        if let Some(path) = &self.filelists {
            let file = self.directory.open(path).expect("it is there");
            let text = compressed::reader(file, LARGEST).expect("it can be unpacked");
            let each = |file: filelists::Listed<'_>| {
                files.entry(file.package.to_owned()).or_default().push(file.path.to_owned());
            };
            filelists::scan(text, path, each).expect("it can be read");
        }
        files
    }
}

/// Repositories united in this order, each with its name and priority. File lists
/// are searched where there are any, also for paths that others ask for.
pub fn target(repositories: &[(&str, &Repository, i32)], asked: &[String]) -> Target {
    let source = |(name, repository, priority): &(&str, &Repository, i32)| Source {
        priority: *priority,
        ..repository.source(name)
    };
    let search = |at: usize, paths: &[String]| -> Result<_, Full> {
        let (_, repository, _) = repositories[at];
        let search = |_: &String| {
            let opened = Opened::new(&repository.directory).expect("it is a repository");
            opened.search(&repository.data, paths, Threads::Two).expect("a file list")
        };
        Ok(repository.filelists.as_ref().map(search).map(Arc::new))
    };
    let sources = repositories.iter().map(source).collect();
    Target::searching(&Arch::X86_64, sources, asked, search).expect("a target")
}

fn as_installed(universe: &Universe, package: SolvableId, paths: &[String]) -> InstalledPackage {
    let [name, evr, arch, vendor] = [
        universe.name(package),
        universe.evr(package),
        universe.arch(package),
        universe.vendor(package),
    ]
    .map(|id| universe.text(id));
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let build_time = Some(universe.build_time(package)).filter(|time| *time != 0);
    InstalledPackage {
        vendor: known(vendor),
        build_time,
        data: Some(Arc::new(package_data(universe, package, paths))),
        ..InstalledPackage::new(
            name.parse().expect("a name"),
            evr.parse().expect("a version"),
            Some(arch.parse().expect("an architecture")),
        )
    }
}

fn package_data(universe: &Universe, package: SolvableId, paths: &[String]) -> PackageData {
    let texts = |list: List| universe.list(package, list).iter().map(|term| universe.show(*term));
    let of = |list: List| -> Vec<StoredDependency> {
        texts(list).map(|text| StoredDependency::Text(text.to_string())).collect()
    };
    // Metadata do not say for which script, so it is needed as long as the package is
    // there.
    let before = texts(List::RequiresBefore).map(|text| StoredDependency::Flagged {
        text: text.to_string(),
        purposes: vec![Purpose::Prereq],
    });
    let mut files: BTreeMap<String, Vec<StoredFile>> = BTreeMap::new();
    for path in paths {
        let (directory, name) = path.split_at(path.rfind('/').expect("a path") + 1);
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
