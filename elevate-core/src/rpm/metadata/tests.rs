//! Metadata that is broken, and the words for it.

use std::io::{self, Read, Write};

use proptest::prelude::*;

use super::*;
use crate::rpm::{compressed, filelists, primary, repomd};

const PRIMARY: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="1">
<package type="rpm"><name>a</name><arch>noarch</arch><version epoch="0" ver="1" rel="1"/>
<checksum type="md5" pkgid="YES">d41d8cd98f00b204e9800998ecf8427e</checksum><summary>x &amp; y</summary>
<location href="a.rpm"/><format><rpm:requires><rpm:entry name="b" flags="GE" epoch="0" ver="1"/></rpm:requires>
<file>/usr/bin/a</file></format></package>
</metadata>
"#;
const FILELISTS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<filelists packages="1"><package pkgid="ab" name="a" arch="noarch"><version ver="1" rel="1"/>
<file>/usr/bin/a</file><file type="dir">/usr</file></package></filelists>
"#;
const REPOMD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<repomd><revision>1</revision><tags><content>a</content></tags><data type="primary">
<checksum type="md5">d41d8cd98f00b204e9800998ecf8427e</checksum><location href="repodata/primary.xml.gz"/>
<size>1</size></data></repomd>
"#;

/// The three readers.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Primary,
    Filelists,
    Repomd,
}

impl Kind {
    const ALL: [Kind; 3] = [Kind::Primary, Kind::Filelists, Kind::Repomd];

    fn whole(self) -> &'static str {
        match self {
            Kind::Primary => PRIMARY,
            Kind::Filelists => FILELISTS,
            Kind::Repomd => REPOMD,
        }
    }

    /// Reads everything; how many packages or files of metadata there were, and how
    /// many remarks.
    fn read(self, from: impl Read) -> Result<(usize, usize), MetadataError> {
        match self {
            Kind::Primary => {
                let mut reader = primary::Reader::new(from, "f")?;
                let mut count = 0;
                while reader.next()?.is_some() {
                    count += 1;
                }
                Ok((count, reader.remarks().len()))
            }
            Kind::Filelists => {
                let scanned = filelists::scan(from, "f", |_| ())?;
                Ok((usize::try_from(scanned.packages).unwrap(), scanned.remarks.len()))
            }
            Kind::Repomd => {
                let repomd = repomd::read(from, "f")?;
                Ok((repomd.data.len(), repomd.remarks.len()))
            }
        }
    }

    fn told(self, from: impl Read) -> String {
        match self.read(from) {
            Ok((count, remarks)) => format!("{count} read, {remarks} remarks"),
            Err(error) => error.to_string(),
        }
    }
}

/// Replaces one text, which must be there, by another.
fn with(kind: Kind, old: &str, new: &str) -> Vec<u8> {
    assert!(kind.whole().contains(old), "{old}");
    kind.whole().replacen(old, new, 1).into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The same damage for each reader, in the words of XML.
const XML: [(&str, &str, &str); 24] = [
    ("end tag of another name", "</KEY>", "</other>"),
    ("end tag missing", "</KEY>", ""),
    ("end tag twice", "</KEY>", "</KEY></KEY>"),
    ("tag not closed", "<KEY>", "<KEY"),
    ("tag in a tag", "<KEY>", "<KEY <b>"),
    ("tag without a name", "<KEY>", "<><KEY>"),
    ("attribute without a value", "<KEY>", "<KEY><version ver>"),
    ("attribute without quotes", "ATTR=\"", "ATTR="),
    ("attribute twice", "ATTR=\"", "ATTR=\"x\" ATTR=\""),
    ("quote not closed", "ATTR=\"", "ATTR=\"\" x='"),
    ("markup in an attribute", "ATTR=\"", "ATTR=\"<b>"),
    ("unknown entity in a text", "<KEY>", "<KEY>&nbsp;"),
    ("unknown entity in an attribute", "ATTR=\"", "ATTR=\"&nbsp;"),
    ("reference not closed", "<KEY>", "<KEY>&amp"),
    ("lone ampersand", "<KEY>", "<KEY> & "),
    ("reference to no character", "<KEY>", "<KEY>&#xFFFFFFFF;"),
    ("reference to a control character", "<KEY>", "<KEY>&#8;"),
    ("the same in an attribute", "ATTR=\"", "ATTR=\"&#8;"),
    ("control character", "<KEY>", "<KEY>\u{8}"),
    ("zero byte", "<KEY>", "<KEY>\0"),
    ("comment not closed", "<KEY>", "<!-- <KEY>"),
    ("CDATA not closed", "<KEY>", "<KEY><![CDATA["),
    ("instruction not closed", "<KEY>", "<?x <KEY>"),
    ("declaration of nothing", "<KEY>", "<!ELEMENT a><KEY>"),
];

#[test]
fn every_damage_to_the_xml_is_told_with_file_and_place() {
    let mut all = String::new();
    for (kind, key, attribute) in [
        (Kind::Primary, "name", "ver"),
        (Kind::Filelists, "file", "pkgid"),
        (Kind::Repomd, "revision", "href"),
    ] {
        for (name, old, new) in XML {
            let fill = |text: &str| text.replace("KEY", key).replace("ATTR", attribute);
            let bytes = with(kind, &fill(old), &fill(new));
            all.push_str(&format!("{kind:?}, {name}: {}\n", kind.told(&bytes[..])));
        }
    }
    assert!(!all.contains(" read, "), "{all}");
    insta::assert_snapshot!(all);
}

#[test]
fn every_other_damage_is_told_too() {
    let deep = "<x>".repeat(1000);
    let laughs = "<!DOCTYPE m [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>\n<metadata";
    let cases: Vec<(&str, Kind, Vec<u8>)> = vec![
        ("nothing", Kind::Primary, Vec::new()),
        ("blanks", Kind::Filelists, b" \n\t".to_vec()),
        ("a comment", Kind::Repomd, b"<!-- nothing -->".to_vec()),
        ("prose", Kind::Primary, b"404 Not Found".to_vec()),
        ("a web page", Kind::Repomd, b"<!DOCTYPE html><html><body>Login</body></html>".to_vec()),
        ("another file of the repository", Kind::Primary, FILELISTS.into()),
        ("yet another", Kind::Filelists, REPOMD.into()),
        ("another prefix", Kind::Primary, b"<m:metadata xmlns:m='x'></m:metadata>".to_vec()),
        ("UTF-16", Kind::Primary, PRIMARY.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("entities are declared", Kind::Primary, with(Kind::Primary, "<metadata", laughs)),
        ("two outermost elements", Kind::Repomd, [REPOMD, REPOMD].concat().into()),
        ("text before", Kind::Primary, ["hm", "<metadata/>"].concat().into()),
        ("text after", Kind::Filelists, [FILELISTS, "hm"].concat().into()),
        ("an entity after", Kind::Filelists, [FILELISTS, "&amp;"].concat().into()),
        ("deep elements", Kind::Primary, with(Kind::Primary, "<name>", &deep)),
        ("deep elements", Kind::Filelists, with(Kind::Filelists, "<file>", &deep)),
        ("deep elements", Kind::Repomd, with(Kind::Repomd, "<data", &[&deep, "<data"].concat())),
        ("no such checksum", Kind::Primary, with(Kind::Primary, "md5", "crc32")),
        ("no checksum type", Kind::Primary, with(Kind::Primary, "type=\"md5\" ", "")),
        ("short checksum", Kind::Primary, with(Kind::Primary, "d41d8cd9", "d41d8cd")),
        ("checksum of letters", Kind::Primary, with(Kind::Primary, "d41d8cd9", "wxyzwxyz")),
    ];
    let mut all = String::new();
    for (name, kind, bytes) in cases {
        all.push_str(&format!("{kind:?}, {name}: {}\n", kind.told(&bytes[..])));
    }
    assert!(!all.contains(" read, "), "{all}");
    insta::assert_snapshot!(all);
}

#[test]
fn every_damage_to_the_compression_is_told() {
    let whole = gzip(PRIMARY.as_bytes());
    let mut flipped = whole.clone();
    flipped[whole.len() - 6] ^= 1;
    let cases: [(&str, Vec<u8>); 8] = [
        ("cut", whole[..whole.len() - 20].to_vec()),
        ("wrong checksum of the content", flipped),
        ("something behind", [&whole[..], b"PK"].concat()),
        ("only the first bytes", whole[..2].to_vec()),
        ("a database", b"SQLite format 3\0".to_vec()),
        ("zchunk", b"\0ZCK1\x01".to_vec()),
        ("another archive", b"PK\x03\x04".to_vec()),
        ("more than is accepted", gzip(&PRIMARY.repeat(100).into_bytes())),
    ];
    let mut all = String::new();
    for (name, bytes) in cases {
        let told = match compressed::reader(&bytes[..], PRIMARY.len()) {
            Ok(reader) => Kind::Primary.told(reader),
            Err(error) => error.to_string(),
        };
        all.push_str(&format!("{name}: {told}\n"));
    }
    assert!(!all.contains(" read, "), "{all}");
    insta::assert_snapshot!(all);
}

/// So many bytes of one kind, with something before and after.
fn bomb(before: &'static str, filler: u8, length: u64, after: &'static str) -> impl Read {
    before.as_bytes().chain(io::repeat(filler).take(length)).chain(after.as_bytes())
}

#[test]
fn what_never_ends_is_ended() {
    const LONG: u64 = 5 << 20;
    let told = |kind: Kind, before: &'static str, filler: u8| {
        kind.told(bomb(before, filler, LONG, "")).replace(|c: char| c.is_ascii_digit(), "")
    };
    let long = "f: byte , package : a tag or a text of more than  bytes";
    for before in ["<name>", "<name", "<version ver='", "<!--", "<![CDATA[", "<?x ", "</"] {
        let before: &'static str = format!("<metadata><package>{before}").leak();
        assert_eq!(told(Kind::Primary, before, b'x'), long, "{before}");
    }
    let attributes = "a='' ".repeat(900_000);
    let many = format!("<metadata><package><version {attributes}>");
    let told_of_many = Kind::Primary.told(many.as_bytes());
    assert!(told_of_many.contains(": a tag or a text of more"), "{told_of_many}");
    assert_eq!(told(Kind::Repomd, "<repomd>", b' '), long.replace(", package ", ""));
    let texts = "x<!---->".repeat(10_000);
    let text = format!("<filelists><package><file>{texts}</file></package></filelists>");
    assert_eq!(Kind::Filelists.told(text.as_bytes()), "1 read, 2 remarks");
    let path = format!("<filelists><package><file>{}", texts.repeat(10));
    let error = Kind::Filelists.told(path.as_bytes());
    assert!(error.ends_with("more than 65536 bytes of text"), "{error}");
}

#[test]
fn a_file_cut_off_anywhere_is_an_error() {
    for kind in Kind::ALL {
        let whole = kind.whole().trim_end();
        assert_eq!(kind.told(whole.as_bytes()), "1 read, 0 remarks");
        for end in 0..whole.len() {
            let error = kind.read(&whole.as_bytes()[..end]).expect_err(&whole[..end]);
            assert_eq!(error.file, "f");
            assert!(error.offset <= end as u64, "{error}");
        }
        let zipped = gzip(whole.as_bytes());
        for end in 0..zipped.len() {
            let reader = compressed::reader(&zipped[..end], 1 << 20);
            assert!(kind.read(reader.unwrap()).is_err(), "{end}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn no_damage_makes_a_reader_panic(
        kind in prop::sample::select(&Kind::ALL[..]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        moved in any::<prop::sample::Index>(),
    ) {
        let mut bytes = kind.whole().as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let (cut, moved) = (cut.index(bytes.len()), moved.index(bytes.len()));
        let tail = bytes[cut.min(moved)..cut.max(moved)].to_vec();
        let _ = kind.read(&bytes[..]);
        bytes.splice(cut..cut, tail);
        let _ = kind.read(&bytes[..]);
        if let Err(error) = kind.read(&bytes[..cut]) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
