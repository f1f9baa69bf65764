use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::model::RepoId;
use crate::repository::Location;
use crate::rpm::metadata::Algorithm;

/// A cache that goes with the value.
struct Temporary(Store);

impl Temporary {
    fn new(name: &str) -> Self {
        let name = format!("elevate-store-{}-{name}", std::process::id());
        let root = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&root);
        Self(Store::new(root))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.0.root());
    }
}

fn definition(address: &str) -> Definition {
    Definition::at(RepoId::new("base/os").unwrap(), Location::parse(address).unwrap())
}

const NOBODY: Wait<'_> = Wait { most: Duration::ZERO, told: &|_, _| {} };

fn fill(place: &Place, files: &[(&str, &[u8])]) -> Stored {
    let changing = place.change(&NOBODY).unwrap();
    let partials = files.iter().map(|(name, content)| {
        let partial = changing.partial(name, "sum").unwrap();
        std::io::Write::write_all(&mut partial.append().unwrap(), content).unwrap();
        partial
    });
    let partials = partials.collect();
    let keep = files.iter().map(|(name, _)| (*name).to_owned()).collect();
    let note = Note { source: "http://h/".into(), fetched: 7, verified: BTreeMap::new() };
    let verified = files.iter().map(|(name, _)| ((*name).to_owned(), checksum('a'))).collect();
    changing.finish(partials, b"<repomd/>", &keep, note, &verified).unwrap();
    place.read(&NOBODY).unwrap()
}

#[test]
fn what_is_stored_is_read_as_a_directory() {
    let cache = Temporary::new("read");
    let place = cache.0.place(&definition("http://h/"));
    let error = place.read(&NOBODY).unwrap_err();
    assert!(matches!(error, StoreError::Absent { .. }), "{error}");
    drop(fill(&place, &[("repodata/p.xml", b"p")]));
    let stored = place.read(&NOBODY).unwrap();
    assert_eq!(files::read(&stored, "repodata/p.xml", 9).unwrap(), b"p");
    assert_eq!(files::read(&stored, REPOMD, 99).unwrap(), b"<repomd/>");
    assert_eq!(stored.note().fetched, 7);
    let plain = Directory::new(place.directory());
    assert_eq!(files::read(&plain, "repodata/p.xml", 9).unwrap(), b"p");
}

fn checksum(digit: char) -> Checksum {
    Checksum::new(Algorithm::Sha256, &String::from(digit).repeat(64)).unwrap()
}

#[test]
fn a_file_is_verified_until_somebody_touches_it() {
    let cache = Temporary::new("verified");
    let place = cache.0.place(&definition("http://h/"));
    let path = "repodata/p.xml";
    let is_verified = || place.read(&NOBODY).unwrap().is_verified(path, &checksum('a'));
    let stored = fill(&place, &[(path, b"p")]);
    assert!(is_verified());
    assert!(!stored.is_verified(path, &checksum('b')), "of another checksum");
    assert!(!stored.is_verified("repodata/q.xml", &checksum('a')), "another file");
    assert!(!stored.is_verified(REPOMD, &checksum('a')), "was not verified");
    drop(stored);
    let file = place.directory().join(path);
    let write = |content: &[u8]| disk::write(&file, content).unwrap();
    write(b"p");
    assert!(!is_verified(), "another file took its place");
    let verified = BTreeMap::from([(path.to_owned(), checksum('a'))]);
    let note = || Note { source: "s".into(), fetched: 8, verified: BTreeMap::new() };
    place.change(&NOBODY).unwrap().unchanged(note(), &verified).unwrap();
    assert!(is_verified());
    std::fs::remove_file(&file).unwrap();
    assert!(!is_verified(), "it is gone");
    std::os::unix::fs::symlink("/etc/passwd", &file).unwrap();
    place.change(&NOBODY).unwrap().unchanged(note(), &verified).unwrap();
    assert!(!is_verified(), "it leads elsewhere");
}

#[test]
fn another_address_is_another_place() {
    let store = Store::new("/cache");
    let place = |address: &str| store.place(&definition(address)).directory().to_owned();
    assert_eq!(place("http://u:p@h/"), place("http://h/"));
    assert_ne!(place("http://h/"), place("https://h/"));
    let name = place("http://h/").file_name().unwrap().to_str().unwrap().to_owned();
    assert!(name.starts_with("base_os-") && name.len() == 24, "{name}");
}

#[test]
fn old_files_and_left_over_downloads_are_removed() {
    let cache = Temporary::new("clean");
    let place = cache.0.place(&definition("http://h/"));
    drop(fill(&place, &[("repodata/old.xml", b"1"), ("deep/er/x", b"2")]));
    let changing = place.change(&NOBODY).unwrap();
    let left = changing.partial("repodata/y", "").unwrap();
    left.restart(&Origin { url: "u".into(), validator: None }).unwrap();
    std::io::Write::write_all(&mut left.append().unwrap(), b"x").unwrap();
    drop(changing);
    let stored = fill(&place, &[("repodata/new.xml", b"3")]);
    assert!(matches!(stored.open("repodata/old.xml"), Err(FilesError::Absent(_))));
    assert!(matches!(stored.open("deep/er/x"), Err(FilesError::Absent(_))));
    assert_eq!(left.len(), 0);
    assert_eq!(left.origin(), None);
}

#[test]
fn a_download_goes_on_where_it_stopped_and_knows_where_it_came_from() {
    let cache = Temporary::new("partial");
    let place = cache.0.place(&definition("http://h/"));
    let origin = Origin { url: "http://h/x".into(), validator: Some("\"1\"".into()) };
    {
        let changing = place.change(&NOBODY).unwrap();
        let partial = changing.partial("x", "1").unwrap();
        partial.restart(&origin).unwrap();
        std::io::Write::write_all(&mut partial.append().unwrap(), b"abc").unwrap();
    }
    let changing = place.change(&NOBODY).unwrap();
    let partial = changing.partial("x", "1").unwrap();
    assert_eq!((partial.len(), partial.origin()), (3, Some(origin)));
    assert!(changing.partial("x", "2").unwrap().is_empty(), "another version is another download");
}

#[test]
fn metadata_cannot_name_what_is_not_the_servers() {
    let cache = Temporary::new("own");
    let changing = cache.0.place(&definition("http://h/")).change(&NOBODY).unwrap();
    for path in ["", "../x", "/etc/x", ".elevate/lock", "./.elevate/lock", ".", "repodata/"] {
        let error = changing.partial(path, "").unwrap_err();
        assert!(matches!(error, StoreError::Outside(_)), "{path:?}: {error}");
    }
}

#[test]
fn readers_share_and_a_writer_waits_for_them_and_is_told_whom_it_waits_for() {
    let cache = Temporary::new("lock");
    let place = cache.0.place(&definition("http://h/"));
    drop(fill(&place, &[]));
    let (one, two) = (place.read(&NOBODY).unwrap(), place.read(&NOBODY).unwrap());
    let told = AtomicUsize::new(0);
    let tell = |_: &Path, _| {
        told.fetch_add(1, Ordering::Relaxed);
    };
    let wait = Wait { most: Duration::from_millis(120), told: &tell };
    let error = place.change(&wait).unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error}");
    assert_eq!(told.load(Ordering::Relaxed), 1);
    drop((one, two));
    let changing = place.change(&NOBODY).unwrap();
    let message = place.read(&NOBODY).unwrap_err().to_string();
    let held = format!("lock is held by process {}", std::process::id());
    assert!(message.contains(&held), "{message}");
    drop(changing);
    assert!(place.read(&NOBODY).is_ok());
}

#[test]
fn a_writer_that_waits_goes_on_when_the_reader_is_done() {
    let cache = Temporary::new("wait");
    let place = cache.0.place(&definition("http://h/"));
    let reader = fill(&place, &[]);
    std::thread::scope(|scope| {
        let told = |_: &Path, _| {};
        let place = &place;
        let writer = scope.spawn(move || {
            place.change(&Wait { most: Duration::from_secs(60), told: &told }).is_ok()
        });
        std::thread::sleep(Duration::from_millis(80));
        drop(reader);
        assert!(writer.join().unwrap());
    });
}

#[test]
fn a_damaged_note_is_as_none() {
    let cache = Temporary::new("note");
    let place = cache.0.place(&definition("http://h/"));
    drop(fill(&place, &[]));
    disk::write(&place.directory().join(NOTE), b"{").unwrap();
    assert!(matches!(place.read(&NOBODY), Err(StoreError::Absent { .. })));
    assert_eq!(place.change(&NOBODY).unwrap().note(), None);
}

#[test]
fn parsed_values_are_kept_until_there_is_no_room() {
    let cache = Temporary::new("parsed");
    let parsed = ParsedDirectory::new(cache.0.root(), 10);
    assert_eq!(parsed.load("a"), None);
    for (key, value) in [("a", "1234"), ("b", "5678")] {
        parsed.store(key, value.as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(15));
    }
    assert_eq!(parsed.load("a").as_deref(), Some(&b"1234"[..]));
    parsed.store("c", b"90ab").unwrap();
    assert_eq!(parsed.load("a"), None);
    assert_eq!(parsed.load("b").as_deref(), Some(&b"5678"[..]));
    assert!(parsed.store("d", &[0; 11]).is_err());
    for key in ["", "../a", ".a", "a/b"] {
        assert!(parsed.store(key, b"").is_err(), "{key:?}");
        assert_eq!(parsed.load(key), None);
    }
}

#[test]
fn values_are_kept_side_by_side() {
    let cache = Temporary::new("side-by-side");
    let parsed = cache.0.parsed();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let parsed = &parsed;
            scope.spawn(move || {
                for value in 0..20 {
                    parsed.store(&format!("{thread}-{value}"), &[thread; 100]).unwrap();
                }
            });
        }
    });
    assert_eq!(parsed.load("3-19"), Some(vec![3; 100]));
}
