use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::model::Arch;
use crate::universe::data::{Builder, Identity};
use crate::universe::tests::repository;
use crate::universe::{Form, PackageDetails, Source, Target, TermKind, Universe};

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

fn world() -> RepositoryData {
    let mut data = repository(WORLD);
    data.details.package_size = vec![1, u64::MAX, 0];
    data.details.base = vec![StringId(1), StringId(2), StringId::EMPTY];
    data
}

/// The same file with the checksum it ought to have.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some((head, content)) = bytes.split_at_mut_checked(CHECKSUM + 4) {
        head[CHECKSUM..].copy_from_slice(&crc32fast::hash(content).to_le_bytes());
    }
    bytes
}

/// Uses everything of a repository.
fn use_up(data: RepositoryData) {
    let data = Arc::new(data);
    for package in 0..data.len() {
        let _ = data.details(package);
    }
    let id = "a".parse().unwrap();
    let source = Source { id, priority: 99, data, listed: None };
    let target = Target::new(&Arch::X86_64, vec![source]).unwrap();
    let _ = target.owners("/usr/bin/a");
    let universe = Universe::new(Arc::new(target), &[]).unwrap();
    for package in universe.packages() {
        let _ = universe.nevra(package);
        for list in List::ALL {
            for term in universe.list(package, list) {
                let _ = (universe.show(*term).to_string(), universe.is_named(package, *term));
                let _ = universe.normalize(*term, Form::Conjunctive);
                if let TermKind::Relation(id) = term.kind() {
                    assert!(universe.relation(id).is_some());
                }
            }
        }
    }
}

#[test]
fn what_is_read_back_is_what_was_written() {
    for data in [world(), RepositoryData::default(), repository("")] {
        assert_eq!(decode(&encode(&data, KEY), KEY), Ok(data));
    }
    let listed = ListedFiles {
        asked: vec!["/bin/sh".to_owned(), "/ünicode".to_owned()],
        found: vec![(0, 1), (7, 0), (7, 1)],
    };
    for listed in [listed, ListedFiles::default()] {
        assert_eq!(decode_listed(&encode_listed(&listed, KEY), KEY, 8), Ok(listed));
    }
}

#[test]
fn a_cache_of_something_else_is_refused() {
    let whole = encode(&world(), KEY);
    assert_eq!(decode(&whole, "another"), Err(CacheError::Key));
    assert_eq!(decode(b"<repomd>", KEY), Err(CacheError::Kind));
    assert_eq!(decode_listed(&whole, KEY, 9), Err(CacheError::Kind));
    let mut newer = whole.clone();
    newer[8] += 1;
    assert_eq!(decode(&newer, KEY), Err(CacheError::Version(VERSION + 1)));
    let mut longer = whole.clone();
    longer.push(0);
    assert_eq!(decode(&longer, KEY), Err(CacheError::Checksum));
    assert_eq!(decode(&sealed(longer), KEY), Err(CacheError::Cut));
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let whole = encode(&world(), KEY);
    let listed = ListedFiles { asked: vec!["/x".to_owned()], found: vec![(0, 0)] };
    let listed = encode_listed(&listed, KEY);
    for length in 0..whole.len() {
        let cut = whole[..length].to_vec();
        assert!(decode(&cut, KEY).is_err(), "{length}");
        assert!(decode(&sealed(cut), KEY).is_err(), "{length}");
    }
    for length in 0..listed.len() {
        let cut = sealed(listed[..length].to_vec());
        assert!(decode_listed(&cut, KEY, 1).is_err(), "{length}");
    }
}

#[test]
fn every_byte_counts() {
    let whole = encode(&world(), KEY);
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        assert!(decode(&damaged, KEY).is_err(), "{at}");
    }
}

#[test]
fn nothing_that_passes_can_break_what_uses_it() {
    let whole = encode(&world(), KEY);
    let mut passed = 0;
    for at in CHECKSUM + 4..whole.len() {
        for value in [0, 1, 2, 0x7f, 0x80, 0xff, whole[at] ^ 1, whole[at].wrapping_add(7)] {
            let mut damaged = whole.clone();
            damaged[at] = value;
            if let Ok(data) = decode(&sealed(damaged), KEY) {
                passed += 1;
                use_up(data);
            }
        }
    }
    assert!(passed > 100, "texts and numbers may be others: {passed}");
}

#[test]
fn what_cannot_be_is_refused_under_a_right_checksum() {
    let refused = |change: &dyn Fn(&mut RepositoryData)| {
        let mut data = world();
        change(&mut data);
        decode(&encode(&data, KEY), KEY).unwrap_err().to_string()
    };
    let says = |what: &str| format!("is damaged: its {what} cannot be");
    let itself = |data: &mut RepositoryData| {
        data.relations[3].left = Term::relation(3);
        data.relations[3].operator = Operator::from_code(16).unwrap();
    };
    assert_eq!(refused(&itself), says("relations"));
    assert_eq!(refused(&|data| data.texts.ends[0] = 1), says("texts"));
    assert_eq!(refused(&|data| data.texts.ends[2] += 1), says("texts"));
    assert_eq!(refused(&|data| data.texts.ends.swap(1, 2)), says("texts"));
    assert_eq!(refused(&|data| data.packages.rows[1].vendor.0 = 1 << 20), says("packages"));
    assert_eq!(refused(&|data| data.packages.ends.swap(0, 1)), says("lists"));
    assert_eq!(refused(&|data| data.packages.ends[29] += 1), says("lists"));
    assert_eq!(refused(&|data| data.packages.terms[0].0 = u32::MAX), says("dependencies"));
    assert_eq!(refused(&|data| data.packages.terms[0].0 = 1 << 30), says("dependencies"));
    assert_eq!(refused(&|data| data.details.base[0].0 = u32::MAX), says("details"));
    let compared = |data: &mut RepositoryData| {
        let at = data.relations.iter().rposition(|r| matches!(r.operator, Operator::Compare(_)));
        data.relations[at.unwrap()].right = Term::relation(0);
    };
    assert_eq!(refused(&compared), says("relations"));
}

#[test]
fn a_term_that_doubles_itself_is_refused() {
    let mut data = world();
    let and = Operator::from_code(16).unwrap();
    for _ in 0..40 {
        let last = Term::relation(u32::try_from(data.relations.len() - 1).unwrap());
        data.relations.push(Relation { left: last, operator: and, right: last });
    }
    assert_eq!(decode(&encode(&data, KEY), KEY), Err(CacheError::Wrong("relations")));
}

#[test]
fn found_files_are_of_packages_and_paths_that_are_there() {
    let listed = |asked: &[&str], found: &[(u32, u32)]| {
        let asked = asked.iter().map(|path| (*path).to_owned()).collect();
        let bytes = encode_listed(&ListedFiles { asked, found: found.to_vec() }, KEY);
        decode_listed(&bytes, KEY, 2).err()
    };
    assert_eq!(listed(&["/a", "/b"], &[(0, 0), (1, 1)]), None);
    assert_eq!(listed(&["/b", "/a"], &[]), Some(CacheError::Wrong("paths")));
    assert_eq!(listed(&["/a"], &[(2, 0)]), Some(CacheError::Wrong("files")));
    assert_eq!(listed(&["/a"], &[(1, 1)]), Some(CacheError::Wrong("files")));
    assert_eq!(listed(&["/a"], &[(1, 0), (0, 0)]), Some(CacheError::Wrong("files")));
}

/// A package of random texts.
fn package() -> impl Strategy<Value = (String, Vec<(usize, String, Option<(u8, String)>)>, u64)> {
    let text = "[a-zäß/ ]{0,6}";
    let version = prop::option::of((0..8u8, text));
    let dependency = (0..List::ALL.len(), text, version);
    (text, prop::collection::vec(dependency, 0..12), any::<u64>())
}

proptest! {
    #[test]
    fn any_repository_is_read_back(packages in prop::collection::vec(package(), 0..8)) {
        let mut builder = Builder::new().unwrap();
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
                location: name,
                checksum: "00",
                package_size: *number,
                ..PackageDetails::default()
            };
            builder.package(identity, details).unwrap();
        }
        let data = builder.finish();
        prop_assert_eq!(decode(&encode(&data, KEY), KEY), Ok(data));
    }

    #[test]
    fn any_bytes_are_refused_or_harmless(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)
    ) {
        let mut bytes = encode(&world(), KEY);
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(data) = decode(&sealed(bytes), KEY) {
            use_up(data);
        }
    }
}
