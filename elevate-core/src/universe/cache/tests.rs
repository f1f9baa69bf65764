mod united;

use std::io::Cursor;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::model::{Arch, RichOperator};
use crate::repository::Value;
use crate::universe::builder::{Builder, Identity};
use crate::universe::data::DetailRow;
use crate::universe::files::ListedFiles;
use crate::universe::term::{Operator, Term};
use crate::universe::tests::repository;
use crate::universe::{Form, List, PackageDetails, Source, Target, TermKind, Universe};

const KEY: &str = "sha256-of-repomd";

/// Every kind of list, term and detail.
const WORLD: &str = "\
a-1:2-3.x86_64
 provides a = 1:2-3
 provides ünicode
 requires b >= 1
 before /bin/sh
 conflicts (c if d else e)
 obsoletes z < 9
 recommends (a or (b and c))
 files /usr/bin/a
b-1-1.noarch
 suggests x
 supplements (a and b)
 enhances y
 files /usr/bin/a
src-1-1.src
";

/// A cache of it.
fn whole() -> Vec<u8> {
    encode(&repository(WORLD), KEY)
}

/// The same file with the checksum it ought to have.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    seal(&mut bytes);
    bytes
}

/// Uses everything of a repository.
fn use_up(data: RepositoryData) {
    let data = Arc::new(data);
    for package in 0..data.len() {
        let _ = data.details(package);
    }
    let id = "a".parse().unwrap();
    let source = Source::new(id, data);
    let target = Target::new(&Arch::X86_64, vec![source]).unwrap();
    let _ = target.owners("/usr/bin/a");
    use_up_universe(&Universe::new(Arc::new(target), &[]).unwrap());
}

fn use_up_universe(universe: &Universe) {
    for package in universe.packages() {
        let _ = universe.nevra(package);
        for list in List::ALL {
            for term in universe.list(package, list) {
                let _ = (universe.show(*term).to_string(), universe.is_named(package, *term));
                let _ = universe.normalize(*term, Form::Conjunctive);
                let _ = universe.providers(*term);
                if let TermKind::Relation(id) = term.kind() {
                    assert!(universe.relation(id).is_some());
                }
            }
        }
    }
}

#[test]
fn what_is_read_back_is_what_was_written() {
    for data in [repository(WORLD), repository("")] {
        assert_eq!(decode(encode(&data, KEY), KEY), Ok(data));
    }
    let listed = ListedFiles {
        asked: vec!["/bin/sh".to_owned(), "/ünicode".to_owned()],
        found: vec![(0, 1), (7, 0), (7, 1)],
        remarks: vec!["odd".to_owned()],
    };
    for listed in [listed, ListedFiles::default()] {
        assert_eq!(decode_listed(&encode_listed(&listed, KEY), KEY, 8), Ok(listed));
    }
}

#[test]
fn a_cache_of_something_else_is_refused() {
    let whole = whole();
    assert_eq!(decode(whole.clone(), "another"), Err(CacheError::Key));
    assert_eq!(decode(b"<repomd>".to_vec(), KEY), Err(CacheError::Kind));
    assert_eq!(decode_listed(&whole, KEY, 9), Err(CacheError::Kind));
    let mut newer = whole.clone();
    newer[8] += 1;
    assert_eq!(decode(newer, KEY), Err(CacheError::Version(VERSION + 1)));
    let mut longer = whole.clone();
    longer.push(0);
    assert_eq!(decode(sealed(longer), KEY), Err(CacheError::Cut));
    let mut other = whole;
    *other.last_mut().unwrap() ^= 1;
    assert_eq!(decode(other, KEY), Err(CacheError::Checksum));
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let whole = whole();
    let listed =
        ListedFiles { asked: vec!["/x".to_owned()], found: vec![(0, 0)], remarks: Vec::new() };
    let listed = encode_listed(&listed, KEY);
    for length in 0..whole.len() {
        let cut = whole[..length].to_vec();
        assert!(decode(cut.clone(), KEY).is_err(), "{length}");
        assert!(decode(sealed(cut), KEY).is_err(), "{length}");
    }
    for length in 0..listed.len() {
        let cut = sealed(listed[..length].to_vec());
        assert!(decode_listed(&cut, KEY, 1).is_err(), "{length}");
    }
}

#[test]
fn every_byte_counts() {
    let whole = whole();
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        assert!(decode(damaged, KEY).is_err(), "{at}");
    }
}

#[test]
fn nothing_that_passes_can_break_what_uses_it() {
    let whole = whole();
    let mut passed = 0;
    for at in HEAD..whole.len() {
        for value in [0, 1, 2, 0x7f, 0x80, 0xff, whole[at] ^ 1, whole[at].wrapping_add(7)] {
            let mut damaged = whole.clone();
            damaged[at] = value;
            if let Ok(data) = decode(sealed(damaged), KEY) {
                passed += 1;
                use_up(data);
            }
        }
    }
    assert!(passed > 100, "texts and numbers may be others: {passed}");
}

fn looked_up(file: &[u8], package: usize) -> Result<PackageDetails<String>, CacheError> {
    let mut value =
        Value { length: file.len() as u64, bytes: Box::new(Cursor::new(file.to_vec())) };
    Lookup::open(&mut value, KEY)?.details(&mut value, package)
}

/// Packages with details, in a cache.
fn detailed() -> (RepositoryData, Vec<u8>) {
    let mut builder = Builder::new(0).unwrap();
    for number in 0..3 {
        let identity = Identity { name: "a", evr: "1-1", arch: "noarch", ..Identity::default() };
        let location = format!("{number}/ünicode.rpm");
        let base = ["", "https://example.com/", ""][number];
        let details = PackageDetails {
            base,
            location: &*location,
            checksum_kind: "sha256",
            checksum: "00ff",
            package_size: u64::MAX,
            installed_size: 1 << 40,
        };
        builder.package(identity, details).unwrap();
    }
    let data = builder.finish(&["odd".to_owned()]).unwrap();
    let file = encode(&data, KEY);
    (data, file)
}

#[test]
fn single_packages_are_read_as_all_of_them_are() {
    let (data, file) = detailed();
    for package in 0..3 {
        assert_eq!(looked_up(&file, package), Ok(data.details(package).owned()), "{package}");
    }
    assert_eq!(data.details(1).base, "https://example.com/");
    assert_eq!(looked_up(&file, 3), Err(CacheError::Cut));
    assert_eq!(looked_up(&encode(&repository(""), KEY), 0), Err(CacheError::Cut));
    assert_eq!(looked_up(&encode(&data, "another"), 0), Err(CacheError::Key));
}

#[test]
fn single_packages_are_refused_where_any_byte_of_them_is_damaged() {
    let (data, file) = detailed();
    let mut refused = 0;
    for at in 0..file.len() {
        for change in [1, 0x80, 0xff] {
            let mut damaged = file.clone();
            damaged[at] ^= change;
            let found = looked_up(&damaged, 1);
            // The rest is the caller's to check, who reads it.
            assert!(found.is_err() || found == Ok(data.details(1).owned()), "{at}");
            refused += usize::from(found.is_err());
        }
    }
    let [.., details, _, own] = sections(&file);
    let (texts, row) = ("https://example.com/1/ünicode.rpmsha25600ff".len(), DetailRow::BYTES);
    assert!(refused >= 3 * (texts + row), "{refused}");
    let mut cut = file.clone();
    cut.truncate(own);
    assert_eq!(looked_up(&cut, 1), Err(CacheError::Cut));
    let mut endless = file;
    endless[details + row + 12..][..4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(looked_up(&endless, 1), Err(CacheError::Wrong("details")));
}

/// Where the sections of a cache begin: ends of texts, relations, packages, ends
/// of lists, terms, details, texts and the details' texts.
fn sections(file: &[u8]) -> [usize; 8] {
    let counts = HEAD + 4 + KEY.len();
    let count = |at: usize| number(file, counts + 4 * at).unwrap() as usize;
    let (texts, bytes, relations, packages) = (count(0), count(1), count(2), count(3));
    let lengths = [
        texts * 4,
        relations * 9,
        packages * 24,
        packages * 40,
        count(4) * 4,
        packages * 36,
        bytes,
    ];
    let mut at = counts + 28;
    let mut begins = [at; 8];
    for (begin, length) in begins[1..].iter_mut().zip(lengths) {
        at += length;
        *begin = at;
    }
    begins
}

#[test]
fn what_cannot_be_is_refused_under_a_right_checksum() {
    let file = whole();
    let [text_ends, relations, packages, lists, terms, details, texts, own] = sections(&file);
    // `(c if d else e)`: its `else` is the third relation.
    let (compared, rich) = (relations, relations + 2 * 9);
    for (what, at, number) in [
        ("the empty text is not empty", text_ends, 1),
        ("a text ends within a character", text_ends + 2 * 4, 7),
        ("a text ends before it begins", text_ends + 4, 60),
        ("no UTF-8", texts, 0xff),
        ("a version is compared with a relation", compared + 4, 1 << 31),
        ("a relation of texts that are not there", compared, 1_000),
        ("a relation of itself", rich, 1 << 31 | 2),
        ("an operator that is none", rich + 8, 0xff),
        ("a package of another name", packages, 1_000),
        ("a package of another vendor", packages + 24 + 12, u32::MAX),
        ("a list ends before it begins", lists, 4),
        ("a list ends behind all others", lists + 29 * 4, 99),
        ("a text that is not there", terms, 1 << 30),
        ("a relation that is not there", terms, u32::MAX),
        ("details end before they begin", details, 5),
        ("no UTF-8 in details", own - 1, 0xffff),
    ] {
        let mut file = file.clone();
        file.resize(file.len().max(at + 4), 0);
        file[at..at + 4].copy_from_slice(&number.to_le_bytes());
        file.truncate(whole().len());
        assert!(matches!(decode(sealed(file), KEY), Err(CacheError::Wrong(_))), "{what}");
    }
}

#[test]
fn a_term_that_doubles_itself_is_refused() {
    let file = whole();
    let [_, relations, packages, ..] = sections(&file);
    let and = Operator::Rich(RichOperator::And).code();
    let doubled = (0..40u32).flat_map(|at| {
        let last = (1 << 31 | (8 + at)).to_le_bytes();
        [last, last].concat().into_iter().chain([and])
    });
    let count = HEAD + 4 + KEY.len() + 8;
    let there = number(&file, count).unwrap();
    assert_eq!(there as usize, (packages - relations) / 9);
    assert_eq!(there, 9);
    let mut file = [&file[..packages], &doubled.collect::<Vec<u8>>(), &file[packages..]].concat();
    file[count..count + 4].copy_from_slice(&(there + 40).to_le_bytes());
    assert_eq!(decode(sealed(file), KEY), Err(CacheError::Wrong("relations")));
}

#[test]
fn found_files_are_of_packages_and_paths_that_are_there() {
    let listed = |asked: &[&str], found: &[(u32, u32)]| {
        let asked = asked.iter().map(|path| (*path).to_owned()).collect();
        let bytes =
            encode_listed(&ListedFiles { asked, found: found.to_vec(), remarks: Vec::new() }, KEY);
        decode_listed(&bytes, KEY, 2).err()
    };
    assert_eq!(listed(&["/a", "/b"], &[(0, 0), (1, 1)]), None);
    assert_eq!(listed(&["/b", "/a"], &[]), Some(CacheError::Wrong("paths")));
    assert_eq!(listed(&["/a"], &[(2, 0)]), Some(CacheError::Wrong("files")));
    assert_eq!(listed(&["/a"], &[(1, 1)]), Some(CacheError::Wrong("files")));
    assert_eq!(listed(&["/a"], &[(1, 0), (0, 0)]), Some(CacheError::Wrong("files")));
}

/// List, name, and comparison with a version.
type Dependency = (usize, String, Option<(u8, String)>);

/// A package of random texts.
fn package() -> impl Strategy<Value = (String, Vec<Dependency>, u64)> {
    let text = "[a-zäß/ ]{0,6}";
    let version = prop::option::of((0..8u8, text));
    let dependency = (0..List::ALL.len(), text, version);
    (text, prop::collection::vec(dependency, 0..12), any::<u64>())
}

proptest! {
    #[test]
    fn any_repository_is_read_back(packages in prop::collection::vec(package(), 0..8)) {
        let mut builder = Builder::new(0).unwrap();
        for (name, dependencies, number) in &packages {
            for (list, name, version) in dependencies {
                let version = version.as_ref();
                let version = version.map(|(bits, evr)| {
                    (crate::model::Comparison::from_bits(*bits), evr.as_str())
                });
                builder.dependency(List::ALL[*list], name, version).unwrap();
            }
            let identity =
                Identity { name, evr: "1-1", arch: "noarch", vendor: name, build_time: *number };
            let details = PackageDetails {
                location: name.as_str(),
                checksum: "00",
                package_size: *number,
                ..PackageDetails::default()
            };
            builder.package(identity, details).unwrap();
        }
        let data = builder.finish(&["odd".to_owned()]).unwrap();
        prop_assert_eq!(decode(encode(&data, KEY), KEY), Ok(data));
    }

    #[test]
    fn any_bytes_are_refused_or_harmless(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)
    ) {
        let mut bytes = whole();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(data) = decode(sealed(bytes), KEY) {
            use_up(data);
        }
    }
}
