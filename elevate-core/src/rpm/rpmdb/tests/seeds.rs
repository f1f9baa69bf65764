//! What fuzzing, and the tests that damage databases at random, begin with:
//! the files of `fuzz/seeds`, made here and kept so that others need no builder.

#![expect(
    clippy::disallowed_methods,
    reason = "the test compares files with what made them; UPDATE_SEEDS=1 writes them"
)]

use std::path::{Path, PathBuf};

use super::*;

/// A header with a value of every kind that is read.
fn rich() -> Vec<u8> {
    let signature = [
        &[0x88, 22, 3, 5, 0, 0x5c, 0x91, 0x48, 0x45, 0x24, 0xc6, 0xa8, 0xa7, 0xf4][..],
        &[0xa8, 0x0e, 0xb5, 1, 8, 0, 0, 0, 0, 0],
    ];
    let mut header = Builder::package("rich", "1.2", "3.el7")
        .tag(268, &Value::Bytes(&signature.concat()))
        .tag(269, &Value::Text("0123456789abcdef0123456789abcdef01234567"))
        .tag(1003, &Value::Numbers(&[2]))
        .tag(1006, &Value::Numbers(&[1_570_000_000]))
        .tag(1011, &Value::Text("Invented"))
        .tag(1015, &Value::Text("Nobody <nobody@example.com>"))
        .tag(1016, &Value::Translated(&["System Environment/Base", "Grundlagen"]))
        .tag(1044, &Value::Text("rich-1.2-3.el7.src.rpm"))
        .tag(1037, &Value::Numbers(&[0, 17, 2]))
        .tag(1116, &Value::Numbers(&[0, 1, 1]))
        .tag(1117, &Value::Texts(&["rich", "rich.conf", "README"]))
        .tag(1118, &Value::Texts(&["/usr/bin/", "/etc/"]))
        .tag(5009, &Value::Long(5 << 30))
        .tag(5096, &Value::Text("rich:1:20190101:abcdef"));
    for (names, flags, versions) in
        [(1047, 1112, 1113), (1049, 1048, 1050), (1090, 1114, 1115), (1156, 1158, 1157)]
    {
        header = header
            .tag(names, &Value::Texts(&["a", "(b if c)"]))
            .tag(flags, &Value::Numbers(&[8, 1 << 27]))
            .tag(versions, &Value::Texts(&["2:1.2-3", ""]));
    }
    let region = header.region();
    let later = region.tag(1008, &Value::Numbers(&[1_580_000_000]));
    later.tag(1029, &Value::Small(&[0, 1, 2])).bytes()
}

/// Target, name and content of every seed.
fn seeds() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let mut all = headers();
    all.truncate(3);
    all.push(rich());
    let listed = [&[0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0][..], &all[0]].concat();
    let hash =
        |big_endian, page_size, checksums| Bdb { big_endian, page_size, checksums }.build(&all);
    vec![
        ("header", "short", all[0].clone()),
        ("header", "key", all[1].clone()),
        ("header", "rich", rich()),
        ("header", "list", listed),
        ("bdb", "little", hash(false, 512, false)),
        ("bdb", "big", hash(true, 1024, false)),
        ("bdb", "checksums", hash(false, 512, true)),
        ("ndb", "plain", ndb::build(&all)),
        ("sqlite", "plain", in_sqlite(&all)),
    ]
}

fn place(target: &str, name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(target).join(name)
}

#[test]
fn the_seeds_kept_for_fuzzing_are_what_the_builders_make() {
    let anew = std::env::var("UPDATE_SEEDS").is_ok_and(|value| value == "1");
    for (target, name, bytes) in seeds() {
        if anew {
            std::fs::create_dir_all(place(target, name).parent().unwrap()).unwrap();
            std::fs::write(place(target, name), &bytes).unwrap();
        }
        let kept = std::fs::read(place(target, name)).unwrap_or_default();
        let stale = "write them anew: cargo xtask fuzz-seeds";
        assert!(kept == bytes, "fuzz/seeds/{target}/{name} is stale; {stale}");
    }
}

#[test]
fn every_seed_is_read_without_a_loss() {
    for (target, name, bytes) in seeds().into_iter().filter(|(target, ..)| *target != "header") {
        let all = installed(&bytes, Mode::Strict).unwrap();
        assert_eq!(names(&all), ["short", "long", "rich"], "{target}/{name}");
        assert_eq!(all.remarks, Vec::<String>::new(), "{target}/{name}");
    }
    let Ok(Record::Package(rich)) = header::read(rich()) else { panic!("rich is a package") };
    let package = rich.to_installed_package();
    assert_eq!(package.nevra(), "rich-2:1.2-3.el7.noarch");
    assert!(package.pgpsig.is_some_and(|text| text.ends_with("Key ID 24c6a8a7f4a80eb5")));
    assert_eq!((rich.files().count(), rich.size()), (3, Some(5 << 30)));
}
