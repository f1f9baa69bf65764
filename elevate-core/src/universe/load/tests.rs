use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::super::{List, Member, RuledOut, TermKind, Universe};
use super::*;
use crate::repository::store::StoreError;
use crate::repository::{InMemory, Variables};

/// A package that provides a name, needs a path and has a file its primary
/// metadata does not list.
fn package(name: &str, version: &str, id: u8) -> (String, String) {
    let id = format!("{id:02x}").repeat(32);
    let own = match (name, version) {
        ("a", "1") => "<file>/usr/bin/a</file>",
        ("a", "2") => "<file>/etc/a</file>",
        _ => "",
    };
    let primary = format!(
        "<package type=\"rpm\"><name>{name}</name><arch>noarch</arch>\
         <version epoch=\"0\" ver=\"{version}\" rel=\"1\"/>\
         <checksum type=\"sha256\" pkgid=\"YES\">{id}</checksum><location href=\"{name}.rpm\"/>\
         <format><rpm:requires><rpm:entry name=\"/usr/libexec/b\"/></rpm:requires>{own}</format></package>"
    );
    let files = format!(
        "<package pkgid=\"{id}\" name=\"{name}\" arch=\"noarch\"><version epoch=\"0\" ver=\"1\" \
         rel=\"1\"/><file>/usr/libexec/{name}</file></package>"
    );
    (primary, files)
}

const MODULES: &str = "\
---
document: modulemd
version: 2
data:
  name: m
  stream: '1'
  version: 1
  context: c
  arch: x86_64
  summary: s
  description: d
  license: {module: [MIT]}
  dependencies: [{requires: {platform: [el8]}}]
  artifacts: {rpms: ['a-0:1-1.noarch']}
...
---
document: modulemd-defaults
version: 1
data: {module: m, stream: '1'}
...
";

/// A repository with packages `a` and `b`, `a` in two versions, of which a module
/// has the older one.
fn repository(modules: &str) -> InMemory {
    let packages = [package("a", "1", 1), package("a", "2", 2), package("b", "1", 3)];
    let text = |which: fn(&(String, String)) -> &String| -> String {
        packages.iter().map(which).cloned().collect()
    };
    let files = [
        ("primary", format!("<metadata packages=\"3\">{}</metadata>", text(|both| &both.0))),
        ("filelists", format!("<filelists packages=\"3\">{}</filelists>", text(|both| &both.1))),
        ("modules", modules.to_owned()),
    ];
    let entry = |(kind, text): &(&str, String)| {
        let digest: String = Sha256::digest(text).iter().map(|b| format!("{b:02x}")).collect();
        format!(
            "<data type=\"{kind}\"><checksum type=\"sha256\">{digest}</checksum>\
             <location href=\"repodata/{kind}\"/></data>"
        )
    };
    let repomd = format!("<repomd>{}</repomd>", files.iter().map(entry).collect::<String>());
    let files = files.map(|(kind, text)| (format!("repodata/{kind}"), text));
    files.into_iter().chain([("repodata/repomd.xml".to_owned(), repomd)]).collect()
}

/// A cache in memory that counts what it was of use for.
#[derive(Default)]
struct Memory {
    values: Mutex<BTreeMap<String, Vec<u8>>>,
    hits: Mutex<usize>,
    full: bool,
}

impl ParsedCache for Memory {
    fn load(&self, key: &str) -> Option<Vec<u8>> {
        let found = self.values.lock().unwrap().get(key).cloned();
        *self.hits.lock().unwrap() += usize::from(found.is_some());
        found
    }
    fn store(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        if self.full {
            return Err(StoreError::Outside("it is full".to_owned()));
        }
        self.values.lock().unwrap().insert(key.to_owned(), value.to_vec());
        Ok(())
    }
}

fn definition(id: &str) -> Definition {
    Definition::of_argument(&format!("{id}=/nowhere"), &Variables::new()).unwrap()
}

fn loaded(
    definition: &Definition,
    files: &InMemory,
    cache: Option<&dyn ParsedCache>,
) -> Result<Loaded, LoadError> {
    let platform = ModuleStream { name: "platform".to_owned(), stream: "el8".to_owned() };
    let arch = Arch::X86_64;
    let options = LoadOptions { arch: &arch, platform: &platform, streams: &[], paths: &[], cache };
    load(&[Repository { definition, files }], &options)
}

/// Repositories for hosts that ask for these paths.
fn of(
    repositories: &[(&Definition, &InMemory)],
    arch: &Arch,
    paths: &[String],
    cache: Option<&dyn ParsedCache>,
) -> Loaded {
    tried(repositories, arch, paths, cache).unwrap()
}

fn tried(
    repositories: &[(&Definition, &InMemory)],
    arch: &Arch,
    paths: &[String],
    cache: Option<&dyn ParsedCache>,
) -> Result<Loaded, LoadError> {
    let platform = ModuleStream { name: "platform".to_owned(), stream: "el8".to_owned() };
    let options = LoadOptions { arch, platform: &platform, streams: &[], paths, cache };
    let all: Vec<Repository<'_>> = repositories
        .iter()
        .map(|(definition, files)| Repository { definition, files: *files })
        .collect();
    load(&all, &options)
}

/// What is ruled out, with the reason.
fn ruled_out(loaded: &Loaded) -> Vec<(String, RuledOut)> {
    let target = &loaded.target;
    let named = |(package, why): (_, &RuledOut)| {
        let (name, evr, _) = target.nevra(package);
        (format!("{}-{}", target.text(name), target.text(evr)), why.clone())
    };
    target.all_ruled_out().map(named).collect()
}

#[test]
fn a_repository_is_read_searched_and_filtered() {
    let mut definition = definition("r");
    definition.exclude = vec!["b".to_owned(), "c*".to_owned()];
    let loaded = loaded(&definition, &repository(MODULES), None).unwrap();
    let excluded = RuledOut::Excluded { pattern: "b".to_owned(), by: Some("r".parse().unwrap()) };
    let stream = loaded.activation.active[0].module.clone();
    assert_eq!(
        ruled_out(&loaded),
        [("a-2-1".to_owned(), RuledOut::HiddenByStream(stream)), ("b-1-1".to_owned(), excluded)]
    );
    let remarks: Vec<String> = loaded.remarks.iter().map(LoadRemark::to_string).collect();
    assert_eq!(remarks, ["r: \"c*\" of excludepkgs names no package of it"]);
    let universe = Universe::new(Arc::new(loaded.target), &[]).unwrap();
    let first = universe.packages().next().unwrap();
    let path = universe.list(first, List::Requires)[0];
    assert!(matches!(path.kind(), TermKind::Text(_)));
    let owners: Vec<String> =
        universe.providers(path).iter().map(|package| universe.nevra(*package)).collect();
    assert_eq!(owners, ["b-1-1.noarch"]);
}

#[test]
fn packages_of_a_repository_with_hotfixes_are_not_hidden() {
    let mut definition = definition("r");
    definition.module_hotfixes = true;
    assert_eq!(ruled_out(&loaded(&definition, &repository(MODULES), None).unwrap()), []);
}

#[test]
fn what_is_kept_gives_the_same_as_reading_again() {
    let (definition, files, cache) = (definition("r"), repository(MODULES), Memory::default());
    let first = loaded(&definition, &files, Some(&cache)).unwrap();
    assert_eq!((cache.values.lock().unwrap().len(), *cache.hits.lock().unwrap()), (4, 0));
    let second = loaded(&definition, &files, Some(&cache)).unwrap();
    assert_eq!(*cache.hits.lock().unwrap(), 4);
    assert_eq!(ruled_out(&first), ruled_out(&second));
    assert_eq!(first.target.united, second.target.united);
    assert_eq!(first.target.metadata[0].listed, second.target.metadata[0].listed);
    for package in first.target.packages() {
        assert_eq!(first.target.details(package), second.target.details(package));
    }
    for value in cache.values.lock().unwrap().values_mut() {
        value.truncate(value.len() / 2);
    }
    let third = loaded(&definition, &files, Some(&cache)).unwrap();
    assert_eq!(ruled_out(&first), ruled_out(&third));
    assert_eq!(third.remarks, []);
}

#[test]
fn what_was_united_is_used_for_the_same_repositories_alone() {
    let (cache, files) = (Memory::default(), [repository(MODULES), repository("")]);
    let (a, b) = (definition("a"), definition("b"));
    let both = [(&a, &files[0]), (&b, &files[1])];
    let mut swapped = both;
    swapped.reverse();
    for (repositories, arch) in [
        (&both[..], Arch::X86_64),
        (&swapped, Arch::X86_64),
        (&both[..1], Arch::X86_64),
        (&both, Arch::Aarch64),
    ] {
        let fresh = of(repositories, &arch, &[], None);
        for _ in 0..2 {
            let kept = of(repositories, &arch, &[], Some(&cache));
            assert_eq!(kept.target.packages().count(), fresh.target.packages().count());
            assert_eq!(kept.target.united.packages, fresh.target.united.packages);
            assert_eq!(kept.target.scores, fresh.target.scores);
            let names =
                |loaded: &Loaded| -> Vec<Member> { loaded.target.sources().cloned().collect() };
            assert_eq!(names(&kept), names(&fresh));
        }
    }
}

#[test]
fn paths_of_another_host_are_searched_for_in_the_same_united_repositories() {
    let (cache, files, definition) = (Memory::default(), repository(MODULES), definition("r"));
    let repositories = [(&definition, &files)];
    let arch = Arch::X86_64;
    of(&repositories, &arch, &[], Some(&cache));
    let asked = ["/usr/bin/a".to_owned(), "/usr/libexec/a".to_owned()];
    for cache in [None, Some(&cache), Some(&cache)] {
        let loaded = of(&repositories, &arch, &asked, cache.map(|cache| cache as _));
        let owners = |path: &str| {
            let (owners, is_complete) = loaded.target.owners(path);
            let shown = |id| loaded.target.text(loaded.target.nevra(id).1).to_owned();
            (owners.into_iter().map(shown).collect::<Vec<String>>(), is_complete)
        };
        assert_eq!(owners("/usr/libexec/a"), (vec!["1-1".to_owned(), "2-1".to_owned()], true));
        assert_eq!(owners("/usr/bin/a"), (vec!["1-1".to_owned()], true));
        assert_eq!(owners("/etc/a"), (vec!["2-1".to_owned()], true), "nobody asked before");
        assert_eq!(owners("/usr/libexec/c"), (vec![], false), "nor searched");
    }
}

#[test]
fn what_was_united_is_made_again_when_file_lists_come_or_go() {
    let (cache, whole, definition) = (Memory::default(), repository(MODULES), definition("r"));
    let mut without = whole.clone();
    without.files.remove("repodata/filelists");
    let searched = format!("{}-", &Opened::new(&whole).unwrap().digest()[..32]);
    for (files, provided) in [(&without, 0), (&whole, 1), (&whole, 1), (&without, 0)] {
        cache.values.lock().unwrap().retain(|key, _| !key.starts_with(&searched));
        let loaded = loaded(&definition, files, Some(&cache)).unwrap();
        assert_eq!(loaded.remarks.len(), 1 - provided);
        assert_eq!(loaded.target.united.files.len(), provided);
    }
}

#[test]
fn details_from_a_cache_that_is_damaged_meanwhile_are_an_error() {
    let (definition, files, cache) = (definition("r"), repository(MODULES), Memory::default());
    loaded(&definition, &files, Some(&cache)).unwrap();
    for (key, value) in cache.values.lock().unwrap().iter_mut() {
        if key.contains("packages") {
            *value.last_mut().unwrap() ^= 1;
        }
    }
    let loaded = loaded(&definition, &files, Some(&cache)).unwrap();
    // What is damaged is the last text of the last package.
    let all: Vec<_> = loaded.target.packages().collect();
    assert!(loaded.target.details(all[0]).is_ok());
    assert_eq!(loaded.target.details(all[all.len() - 1]), Err(cache::CacheError::Checksum));
    assert_eq!(loaded.target.owners("/usr/bin/nobody-asks"), (Vec::new(), false));
}

#[test]
fn what_is_gone_from_the_cache_is_kept_again() {
    let (definition, files, cache) = (definition("r"), repository(MODULES), Memory::default());
    loaded(&definition, &files, Some(&cache)).unwrap();
    let kept = cache.values.lock().unwrap().clone();
    for key in kept.keys() {
        cache.values.lock().unwrap().remove(key);
        loaded(&definition, &files, Some(&cache)).unwrap();
        assert_eq!(*cache.values.lock().unwrap(), kept, "{key}");
    }
}

#[test]
fn what_could_be_read_is_kept_where_another_repository_is_broken() {
    let (cache, whole) = (Memory::default(), repository(MODULES));
    let mut broken = repository("");
    broken.files.insert("repodata/primary".to_owned(), b"<metadata>".to_vec());
    let (a, b) = (definition("a"), definition("b"));
    let both = [(&a, &broken), (&b, &whole)];
    let error = tried(&both, &Arch::X86_64, &[], Some(&cache)).unwrap_err().to_string();
    assert!(error.starts_with("a: "), "{error}");
    let kept: Vec<String> = cache.values.lock().unwrap().keys().cloned().collect();
    assert_eq!(kept, [Opened::new(&whole).unwrap().key()]);
}

#[test]
fn a_cache_that_keeps_nothing_is_said_to() {
    let cache = Memory { full: true, ..Memory::default() };
    let loaded = loaded(&definition("r"), &repository(MODULES), Some(&cache)).unwrap();
    let remarks: Vec<String> = loaded.remarks.iter().map(LoadRemark::to_string).collect();
    let kept =
        "r: what was read of it cannot be kept: \"it is full\" is no path below the repository";
    assert_eq!(remarks, [kept; 4]);
}

#[test]
fn a_broken_list_of_modules_is_an_error_with_its_repository() {
    let error = loaded(&definition("r"), &repository("- ]"), None).unwrap_err().to_string();
    assert!(error.starts_with("r: a repository in memory: repodata/modules: "), "{error}");
}

#[test]
fn a_stream_that_nobody_has_is_remarked_on() {
    let platform = ModuleStream { name: "platform".to_owned(), stream: "el8".to_owned() };
    let streams = [ModuleStream { name: "perl".to_owned(), stream: "5.30".to_owned() }];
    let arch = Arch::X86_64;
    let options = LoadOptions {
        arch: &arch,
        platform: &platform,
        streams: &streams,
        paths: &[],
        cache: None,
    };
    let (definition, files) = (definition("r"), repository(MODULES));
    let loaded = load(&[Repository { definition: &definition, files: &files }], &options).unwrap();
    assert_eq!(loaded.remarks[0].to_string(), "no repository has the module stream perl:5.30");
}

#[test]
fn file_lists_that_are_announced_and_not_there_are_remarked_on() {
    let mut files = repository(MODULES);
    files.files.remove("repodata/filelists");
    let loaded = loaded(&definition("r"), &files, None).unwrap();
    let remarks: Vec<String> = loaded.remarks.iter().map(LoadRemark::to_string).collect();
    let gone = "r: repodata/filelists is not there: files it lists are provided by nobody";
    assert_eq!(remarks, [gone]);
}
