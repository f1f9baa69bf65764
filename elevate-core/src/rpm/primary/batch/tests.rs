use proptest::prelude::*;

use super::*;
use crate::rpm::primary::Reader;

/// Packages and remarks, in words.
type Told = (Vec<String>, Vec<String>);

fn in_words(remarks: &[MetadataRemark]) -> Vec<String> {
    remarks.iter().map(MetadataRemark::to_string).collect()
}

fn as_a_whole(text: &[u8]) -> Option<Told> {
    let mut reader = Reader::new(text, "f").ok()?;
    let mut packages = Vec::new();
    while let Some(package) = reader.next().ok()? {
        packages.push(format!("{package:?}"));
    }
    Some((packages, in_words(reader.remarks())))
}

/// The same of batches of this size, and how many there were.
fn in_batches(text: &[u8], usual: usize) -> Result<(Told, usize), NotInBatches> {
    let (mut packages, mut all, mut count) = (Vec::new(), Together::default(), 0);
    let mut batches = Batches::of_size(text, usual);
    while let Some(batch) = batches.next()? {
        let take = |package: &Package<'_>| {
            packages.push(format!("{package:?}"));
            Ok(())
        };
        all.join(batch.read("f", take)?)?;
        count += 1;
    }
    Ok(((packages, in_words(&all.into_remarks("f"))), count))
}

fn document(packages: &str) -> String {
    format!("<?xml version=\"1.0\"?>\n<metadata packages=\"3\">\n{packages}\n</metadata>\n")
}

const PACKAGE: &str = "<package type=\"rpm\">\n  <name>a</name><version ver=\"1\"/>\n\
    <format><rpm:provides><rpm:entry name=\"b &gt; c\"/></rpm:provides></format>\n</package>\n";

#[test]
fn batches_hold_what_the_whole_text_holds() {
    for number in [0, 1, 2, 3, 30] {
        let text = document(&PACKAGE.repeat(number));
        let whole = as_a_whole(text.as_bytes()).unwrap();
        assert_eq!(whole.0.len(), number);
        for usual in [64, 200, 1000, text.len(), text.len() + 1] {
            let (told, count) = in_batches(text.as_bytes(), usual).unwrap();
            assert_eq!(told, whole, "{usual}");
            assert!(count > number * PACKAGE.len() / (usual + PACKAGE.len()), "{count}");
        }
    }
}

#[test]
fn remarks_name_the_package_of_the_whole_file() {
    let text = document(&PACKAGE.repeat(5)).replacen("<version", "<odd/><version", 5);
    let at_last = text.rfind("<odd/>").unwrap();
    let text = [&text[..at_last], "\u{1}<other/>", &text[at_last..]].concat();
    let bytes: Vec<u8> = text.bytes().map(|byte| if byte == 1 { 0xe9 } else { byte }).collect();
    let ((_, remarks), count) = in_batches(&bytes, 100).unwrap();
    assert!(count > 3);
    assert_eq!(remarks, as_a_whole(&bytes).unwrap().1);
    let of_last = "f: package 5 (a): <other> is not known here, left out".to_owned();
    assert!(remarks.contains(&of_last), "{remarks:?}");
    let not_utf8 = "f: package 5 (a): bytes that are not UTF-8, read as \u{fffd}".to_owned();
    assert!(remarks.contains(&not_utf8), "{remarks:?}");
}

/// As the reader of a whole text has it, also where a batch begins with it.
#[test]
fn what_stands_between_packages_is_told_by_the_one_before() {
    let odd = b"hm \xe9<!DOCTYPE </package>";
    let document = document("\u{2}");
    let (head, tail) = document.split_once('\u{2}').unwrap();
    let package = PACKAGE.as_bytes();
    let text = [head.as_bytes(), odd, package, odd, package, odd, odd, tail.as_bytes()].concat();
    let whole = as_a_whole(&text).unwrap();
    let not_utf8 = "f: bytes that are not UTF-8, read as \u{fffd} (4 times)";
    assert_eq!(whole.1[1], not_utf8);
    for usual in 16..300 {
        if let Ok((told, _)) = in_batches(&text, usual) {
            assert_eq!(told, whole, "{usual}");
        }
    }
}

/// A text that looks like the end of a package and is none.
#[test]
fn a_wrong_cut_is_noticed() {
    for [before, after] in [
        ["<!-- ", " -->"],
        ["<![CDATA[", "]]>"],
        ["<?x ", "?>"],
        ["<x y=\"", "\"/>"],
        ["<x><package>", "</x>"],
        ["<package><package>", "</package>"],
    ] {
        let odd = format!("{before}</package>{}{after}", " ".repeat(400));
        let text = document(&[PACKAGE, &odd, PACKAGE].concat());
        assert!(as_a_whole(text.as_bytes()).is_some(), "{text}");
        assert_eq!(in_batches(text.as_bytes(), 300), Err(NotInBatches), "{text}");
    }
}

#[test]
fn a_text_without_a_place_to_cut_is_not_kept_for_ever() {
    let endless = b"<metadata>".chain(std::io::repeat(b' '));
    let mut batches = Batches::new(endless);
    assert!(matches!(batches.next(), Err(NotInBatches)));
    assert!(batches.text.len() <= MOST);
}

/// What a text is put together from.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    const ODD: [&str; 28] = [
        "<!-- </package> -->",
        "<!--",
        "-->",
        "<![CDATA[</package>]]>",
        "<![CDATA[",
        "]]>",
        "<?x </package>?>",
        "<?xml encoding='latin1'?>",
        "<?",
        "?>",
        "<x y=\"</package>\"/>",
        "<x y='",
        "'/>",
        "\"",
        "</package>",
        "<package>",
        "<package type='deb'><name>d</name></package>",
        "<package pkgid='x'/>",
        "</metadata>",
        "<metadata>",
        "<!DOCTYPE x>",
        "<!DOCTYPE </package>",
        "hm",
        "\u{feff}",
        "&amp;",
        "&nope;",
        "\r\n",
        "\u{1}",
    ];
    prop_oneof![
        6 => Just(PACKAGE.as_bytes().to_vec()),
        1 => Just(b"<package><name>\xe9</name></package>".to_vec()),
        1 => Just(b"\xe9".to_vec()),
        2 => prop::sample::select(&ODD[..]).prop_map(|text| text.as_bytes().to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

    #[test]
    fn batches_never_hold_anything_else(
        pieces in prop::collection::vec(piece(), 0..12),
        usual in 16_usize..600,
        is_whole in prop::bool::weighted(0.9),
    ) {
        let text = document("\u{2}");
        let (head, tail) = text.split_once('\u{2}').unwrap();
        let tail = if is_whole { tail } else { "" };
        let text = [head.as_bytes(), &pieces.concat(), tail.as_bytes()].concat();
        if let Ok((told, _)) = in_batches(&text, usual) {
            let shown = String::from_utf8_lossy(&text);
            prop_assert_eq!(Some(told), as_a_whole(&text), "{}", shown);
        }
    }
}
