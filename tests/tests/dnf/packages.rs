//! Worlds made real: packages by rpmbuild, repositories by createrepo_c, package
//! databases by rpm.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use elevate_core::model::Nevra;
use elevate_tests::data::made_once;

use super::tools::{must, write};
use super::world::{Package, Repository, World};

/// Packages that one run of rpmbuild makes, all for one architecture and with names
/// of their own.
#[derive(Default)]
struct Batch<'w>(BTreeMap<String, &'w Package>);

/// One run of rpmbuild.
struct Run {
    name: String,
    arch: &'static str,
    number: usize,
    packages: Vec<&'static Package>,
    spec: String,
}

/// The file of each package of all worlds, built once for all tests. Packages that
/// are written alike are built once, and others at another time.
pub(crate) fn files() -> &'static BTreeMap<Package, PathBuf> {
    static BUILT: OnceLock<BTreeMap<Package, PathBuf>> = OnceLock::new();
    BUILT.get_or_init(|| {
        let runs = runs();
        let specs: String = runs.iter().map(|run| format!("{}\n{}", run.name, run.spec)).collect();
        let build = |directory: &Path| {
            runs.iter().for_each(|run| run.build(directory));
            Some(())
        };
        let below = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let built = made_once(below, "dnf-packages", specs.as_bytes(), build);
        let place = built.expect("they are built");
        let of_run = |run: &Run| {
            let place = place.join(&run.name).join("RPMS");
            let file = |package: &&Package| place.join(file_name(&package.nevra()));
            let files = run.packages.iter().map(|package| ((*package).clone(), file(package)));
            files.collect::<Vec<_>>()
        };
        runs.iter().flat_map(of_run).collect()
    })
}

fn runs() -> Vec<Run> {
    let of_arch = |(arch, batches): (&'static str, Vec<Batch<'static>>)| {
        (0..).zip(batches).map(move |(number, Batch(batch))| {
            let packages: Vec<&Package> = batch.into_values().collect();
            let spec = spec(packages.iter().copied());
            Run { name: format!("{arch}-{number}"), arch, number, packages, spec }
        })
    };
    batches(super::worlds()).into_iter().flat_map(of_arch).collect()
}

/// All packages, parted so that no part has a name twice.
fn batches(worlds: &[World]) -> [(&'static str, Vec<Batch<'_>>); 2] {
    let mut all: Vec<&Package> = worlds.iter().flat_map(World::packages).collect();
    all.sort();
    all.dedup();
    let mut batches = [("x86_64", Vec::new()), ("i686", Vec::new())];
    for package in all {
        let nevra = package.nevra();
        let of_arch = &mut batches[usize::from(nevra.arch.to_string() == "i686")].1;
        let name = nevra.name.to_string();
        let free = of_arch.iter().position(|Batch(batch)| !batch.contains_key(&name));
        let at = free.unwrap_or_else(|| {
            of_arch.push(Batch::default());
            of_arch.len() - 1
        });
        of_arch[at].0.insert(name, package);
    }
    batches
}

impl Run {
    fn build(&self, directory: &Path) {
        let top = directory.join(&self.name);
        let spec = write(&top.join("all.spec"), &self.spec);
        let top = format!("_topdir {}", top.display());
        let target = format!("{}-linux", self.arch);
        let time = (1_600_000_000 + self.number).to_string();
        let mut arguments = vec!["--quiet", "--target", &target, "--define", &top];
        arguments.extend(["--define", "use_source_date_epoch_as_buildtime 1", "-bb", &spec]);
        must("rpmbuild", &arguments, &[("SOURCE_DATE_EPOCH", &time)]);
    }
}

/// One spec file with all packages as subpackages, and no package of its own.
fn spec<'w>(packages: impl Iterator<Item = &'w Package>) -> String {
    let mut head = "%global debug_package %{nil}\n%global __os_install_post %{nil}\n\
                    Name: seed\nVersion: 1\nRelease: 1\nSummary: for a test\nLicense: Apache-2.0\n\
                    AutoReqProv: no\n%description\nFor a test.\n"
        .to_owned();
    let (mut install, mut files) = ("%install\n".to_owned(), String::new());
    for package in packages {
        let Nevra { name, evr, arch } = package.nevra();
        let noarch = if arch.to_string() == "noarch" { "BuildArch: noarch\n" } else { "" };
        write!(
            head,
            "%package -n {name}\nSummary: for a test\nEpoch: {}\nVersion: {}\nRelease: {}\n\
             AutoReqProv: no\n{noarch}",
            evr.epoch, evr.version, evr.release
        )
        .expect("memory");
        writeln!(files, "%files -n {name}").expect("memory");
        for (word, text) in &package.lines {
            match tag(word) {
                Some(tag) => writeln!(head, "{tag}: {text}").expect("memory"),
                None => {
                    writeln!(files, "{text}").expect("memory");
                    let below = format!("%{{buildroot}}{text}");
                    writeln!(install, "install -D /dev/null {below}").expect("memory");
                }
            }
        }
        write!(head, "%description -n {name}\nFor a test.\n").expect("memory");
    }
    format!("{head}{install}{files}")
}

/// The tag of a spec file for a word, but for `file`.
fn tag(word: &str) -> Option<&str> {
    Some(match word {
        "provides" => "Provides",
        "requires" => "Requires",
        "before" => "Requires(pre)",
        "conflicts" => "Conflicts",
        "obsoletes" => "Obsoletes",
        "recommends" => "Recommends",
        "suggests" => "Suggests",
        "supplements" => "Supplements",
        "enhances" => "Enhances",
        "vendor" => "Vendor",
        "file" => return None,
        _ => panic!("{word}"),
    })
}

fn file_name(Nevra { name, evr, arch }: &Nevra) -> String {
    format!("{arch}/{name}-{}-{}.{arch}.rpm", evr.version, evr.release)
}

/// Makes the repository in a directory.
pub(crate) fn repository(repository: &Repository, directory: &Path) {
    let path = directory.to_str().expect("UTF-8");
    must("mkdir", &["-p", path], &[]);
    for package in &repository.packages {
        let file = files()[package].to_str().expect("UTF-8");
        must("cp", &[file, path], &[]);
    }
    must("createrepo_c", &["--quiet", "--no-database", path], &[]);
    if let Some(modules) = &repository.modules {
        let file = write(&directory.join("modules.yaml"), modules);
        must("modifyrepo_c", &["--mdtype=modules", &file, &format!("{path}/repodata")], &[]);
    }
}

/// Makes a root in which the packages are installed, as far as rpm's database says.
pub(crate) fn root(packages: &[Package], directory: &Path) {
    write(&directory.join("etc/os-release"), "ID=centos\nVERSION_ID=7.9\n");
    let mut arguments = vec!["--root", directory.to_str().expect("UTF-8")];
    arguments.extend(["--dbpath", "/var/lib/rpm", "--justdb", "--nodeps", "--noscripts"]);
    arguments.extend(["--ignorearch", "--nosignature", "--force", "-i"]);
    arguments.extend(packages.iter().map(|package| files()[package].to_str().expect("UTF-8")));
    must("rpm", &arguments, &[]);
}
