use std::io::Cursor;

use super::*;
use crate::model::RepoId;
use crate::repository::Value;
use crate::universe::arch::ArchPolicy;
use crate::universe::data::RepositoryData;
use crate::universe::kept::{Kept, Metadata};
use crate::universe::lists::Lists;
use crate::universe::term::RelationId;
use crate::universe::united::{Merged, United};

/// Two repositories of every kind of list, term and detail, with files found.
fn repositories() -> Vec<RepositoryData> {
    let more = "c-1-1.x86_64\n requires /usr/bin/a\n requires /usr/libexec/b\n provides b\n";
    vec![repository(WORLD), repository(more)]
}

fn united(repositories: &[RepositoryData]) -> United {
    let data: Vec<&RepositoryData> = repositories.iter().collect();
    let merged = Merged::of(&data).unwrap();
    let listed = |at: u32| {
        let asked = merged.to_search(&[]);
        let found = asked.iter().map(|_| (at, 0)).take(1).collect();
        Some(Arc::new(ListedFiles { asked, found, remarks: Vec::new() }))
    };
    let found: Vec<_> = (0..).zip(&data).map(|(at, _)| listed(1 - at)).collect();
    merged.finish(&ArchPolicy::of(&Arch::X86_64), &data, &found, 3).unwrap()
}

fn files() -> [Vec<u8>; 2] {
    encode_united(&united(&repositories()), KEY)
}

fn decoded([texts, packages]: [Vec<u8>; 2]) -> Result<United, CacheError> {
    let value =
        |bytes: Vec<u8>| Value { length: bytes.len() as u64, bytes: Box::new(Cursor::new(bytes)) };
    decode_united(&mut value(texts), &mut value(packages), KEY)
}

/// Both files, the second one made to belong to the first.
fn sealed_both([texts, mut packages]: [Vec<u8>; 2]) -> [Vec<u8>; 2] {
    let texts = sealed(texts);
    let at = HEAD + 4 + KEY.len();
    if let (Some(from), Some(to)) = (texts.get(CHECKSUM_AT..HEAD), packages.get_mut(at..at + 4)) {
        to.copy_from_slice(from);
    }
    [texts, sealed(packages)]
}

/// Uses everything of united repositories.
fn use_up_united(united: United) {
    let names = united.parts.iter().map(|_| (RepoId::new("a").unwrap(), 99, false)).collect();
    let metadata = || Metadata::new(Kept::here(Arc::new(repository(WORLD))), None);
    let metadata = united.parts.iter().map(|_| metadata()).collect();
    let target = Target::of(&Arch::X86_64, united, names, metadata).unwrap();
    let _ = (target.owners("/usr/bin/a"), target.foreign(), target.with_supplements());
    target.packages().for_each(|package| {
        let _ = (target.details(package), target.source(package));
        let _ = target.obsoleting(target.nevra(package).0);
    });
    let installed = crate::universe::tests::installed(WORLD);
    use_up_universe(&Universe::new(Arc::new(target), &installed).unwrap());
}

#[test]
fn united_repositories_are_read_back_as_they_were() {
    for repositories in [repositories(), vec![repository("")], Vec::new()] {
        let united = united(&repositories);
        assert_eq!(decoded(encode_united(&united, KEY)), Ok(united));
    }
    assert!(united(&repositories()).files.len() > 2);
}

#[test]
fn everything_united_is_found_by_what_it_says() {
    let pool = united(&repositories()).pool;
    for id in (0..).take(pool.texts.len()).map(crate::universe::StringId) {
        assert_eq!(pool.find(pool.get(id)), Some(id));
    }
    for at in (0..).take(pool.relations.len()) {
        let relation = pool.relation(RelationId(at)).unwrap();
        assert_eq!(pool.find_relation(relation), Some(Term::relation(at)));
    }
    assert_eq!(pool.find("nobody-says-this"), None);
}

#[test]
fn two_files_that_do_not_belong_together_are_refused() {
    let [texts, packages] = files();
    let [others, _] = encode_united(&united(&[repository("x-1-1.noarch\n")]), KEY);
    assert_eq!(decoded([others, packages.clone()]), Err(CacheError::Wrong("texts")));
    assert_eq!(decoded([packages.clone(), texts.clone()]), Err(CacheError::Kind));
    let mut newer = texts.clone();
    newer[VERSION_AT] += 1;
    assert_eq!(decoded([newer, packages.clone()]), Err(CacheError::Version(VERSION + 1)));
    let value = |bytes: &[u8]| Value {
        length: bytes.len() as u64,
        bytes: Box::new(Cursor::new(bytes.to_vec())),
    };
    let other = decode_united(&mut value(&texts), &mut value(&packages), "another");
    assert_eq!(other, Err(CacheError::Key));
}

#[test]
fn united_files_cut_anywhere_are_refused() {
    let whole = files();
    for which in 0..2 {
        for length in 0..whole[which].len() {
            let mut cut = whole.clone();
            cut[which].truncate(length);
            assert!(decoded(cut.clone()).is_err(), "{which} {length}");
            if length >= HEAD {
                assert!(decoded(sealed_both(cut)).is_err(), "{which} {length}");
            }
        }
        let mut longer = whole.clone();
        longer[which].push(0);
        assert_eq!(decoded(sealed_both(longer)), Err(CacheError::Cut));
    }
}

#[test]
fn every_byte_of_united_files_counts() {
    let whole = files();
    for which in 0..2 {
        for at in 0..whole[which].len() {
            let mut damaged = whole.clone();
            damaged[which][at] ^= 0x10;
            assert!(decoded(damaged).is_err(), "{which} {at}");
        }
    }
}

#[test]
fn nothing_united_that_passes_can_break_what_uses_it() {
    let whole = files();
    let mut passed = 0;
    for which in 0..2 {
        for at in HEAD..whole[which].len() {
            let old = whole[which][at];
            for value in [0, 1, 0x7f, 0x80, 0xff, old ^ 1, old.wrapping_add(7)] {
                let mut damaged = whole.clone();
                damaged[which][at] = value;
                if let Ok(united) = decoded(sealed_both(damaged)) {
                    passed += 1;
                    use_up_united(united);
                }
            }
        }
    }
    assert!(passed > 100, "texts and numbers may be others: {passed}");
}

#[test]
fn what_cannot_be_united_is_refused_under_a_right_checksum() {
    type Change = fn(&mut United);
    let changes: [(&str, Change); 14] = [
        ("index", |united| pool(united).by_text.marked.fill(u32::MAX)),
        ("index", |united| pool(united).by_relation.ends[0] = 1_000),
        ("texts", |united| pool(united).texts.ends[0] = 1),
        ("relations", |united| pool(united).relations[0][..4].fill(0xff)),
        ("packages", |united| united.packages.rows[0].name.0 = 1_000),
        ("lists", |united| united.packages.lists = Lists::default()),
        ("dependencies", |united| united.packages.terms[0] = Term(1_000)),
        ("dependencies", |united| united.packages.terms[0] = Term::relation(1_000)),
        ("providers", |united| united.providers.list[0].0 = 5),
        ("providers", |united| *united.providers.ends.last_mut().unwrap() += 1),
        ("providers", |united| united.providers.list.reverse()),
        ("paths", |united| united.paths.reverse()),
        ("files", |united| united.files.reverse()),
        ("repositories", |united| united.parts[0].packages += 1),
    ];
    for (what, change) in changes {
        let mut united = united(&repositories());
        change(&mut united);
        assert_eq!(decoded(encode_united(&united, KEY)), Err(CacheError::Wrong(what)));
    }
}

fn pool(united: &mut United) -> &mut crate::universe::pool::Pool {
    Arc::get_mut(&mut united.pool).unwrap()
}

proptest! {
    #[test]
    fn any_united_bytes_are_refused_or_harmless(
        changes in prop::collection::vec(
            (any::<bool>(), any::<prop::sample::Index>(), any::<u8>()), 1..6
        )
    ) {
        let mut both = files();
        for (which, at, value) in changes {
            let file = &mut both[usize::from(which)];
            let at = at.index(file.len());
            file[at] = value;
        }
        if let Ok(united) = decoded(sealed_both(both)) {
            use_up_united(united);
        }
    }
}
