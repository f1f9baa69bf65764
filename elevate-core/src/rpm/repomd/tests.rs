use super::*;
use crate::rpm::metadata::Algorithm;

const WHOLE: &str = include_str!("tests/whole.xml");

fn remarks(text: &str) -> Vec<String> {
    let repomd = read(text.as_bytes(), "repomd.xml").unwrap();
    repomd.remarks.iter().map(ToString::to_string).collect()
}

/// A `repomd.xml` with this in it.
fn with(content: &str) -> String {
    format!(r#"<repomd xmlns="http://linux.duke.edu/metadata/repo">{content}</repomd>"#)
}

fn data(kind: &str, href: &str) -> String {
    let sum = "d41d8cd98f00b204e9800998ecf8427e";
    format!(
        r#"<data type="{kind}"><checksum type="md5">{sum}</checksum><location href="{href}"/></data>"#
    )
}

#[test]
fn a_whole_file_is_read_with_everything_it_says() {
    let repomd = read(WHOLE.as_bytes(), "repomd.xml").unwrap();
    assert_eq!(repomd.remarks, []);
    assert_eq!(repomd.revision.as_deref(), Some("8.10"));
    assert_eq!((repomd.content_tags.len(), repomd.repo_tags.len()), (1, 1));
    assert_eq!(repomd.distro_tags[0].cpe.as_deref(), Some("cpe:/o:example:linux:8"));
    assert_eq!(repomd.distro_tags[0].name, "Example Linux 8");
    let primary = repomd.best("primary").unwrap();
    assert_eq!(primary.location, "repodata/primary.xml.gz");
    assert_eq!(primary.base.as_deref(), Some("http://mirror.example/8/"));
    let sum = primary.checksum.as_ref().unwrap();
    assert_eq!((sum.algorithm(), &sum.hex()[..4]), (Algorithm::Sha256, "1cb6"));
    assert_eq!(primary.open_checksum.as_ref().unwrap().algorithm(), Algorithm::Sha1);
    assert_eq!((primary.size, primary.open_size), (Some(2048), Some(8192)));
    assert_eq!((primary.timestamp, primary.database_version), (Some(1_500_000_000), None));
    assert_eq!(repomd.data[1].database_version, Some(10));
}

#[test]
fn the_best_form_is_the_one_that_can_be_read() {
    let kinds = ["primary_db", "group_gz", "group", "primary", "updateinfo_zck", "modules_xz"];
    let content: String = kinds.iter().map(|kind| data(kind, kind)).collect();
    let repomd = read(with(&content).as_bytes(), "repomd.xml").unwrap();
    let best = |kind| match repomd.best(kind) {
        Ok(data) => data.kind.clone(),
        Err(error) => error.to_string(),
    };
    assert_eq!(best("primary"), "primary");
    assert_eq!(best("group"), "group");
    assert_eq!(best("modules"), "modules_xz");
    assert_eq!(best("filelists"), "the repository has no filelists metadata");
    let only =
        "the repository has its updateinfo metadata only as updateinfo_zck, which is not read";
    assert_eq!(best("updateinfo"), only);
}

#[test]
fn a_location_out_of_the_repository_is_left_out() {
    let outside =
        ["/etc/passwd", "../x", "a/../../x", "http://x/y", "file:x", "a\\b", "a?b", "./../x"];
    for href in outside {
        let text = with(&data("primary", href));
        assert_eq!(read(text.as_bytes(), "r").unwrap().data, [], "{href}");
        let expected =
            format!("r: data \"primary\": {href:?} is no path below the repository, left out");
        let repomd = read(text.as_bytes(), "r").unwrap();
        assert_eq!(repomd.remarks[0].to_string(), expected);
    }
    for href in ["repodata/x.xml", "./x", "x:y/z".trim_start_matches("x:"), "a/b:c"] {
        assert_eq!(
            read(with(&data("primary", href)).as_bytes(), "r").unwrap().data.len(),
            1,
            "{href}"
        );
    }
}

#[test]
fn what_is_odd_is_remarked_on() {
    let cases = [
        ("<data><location href='x'/></data>", "data without a type, left out"),
        ("<data type='a'/>", r#"data "a": no location"#),
        ("<data type='a'><location href='x'/></data>", r#"data "a": no checksum"#),
        ("<revision>1<x/></revision>", "an element where none belongs, left out"),
        ("<x/>", "<x> is not known here, left out"),
        ("hm", "text where none belongs, left out"),
    ];
    for (content, expected) in cases {
        assert_eq!(remarks(&with(content)), [format!("repomd.xml: {expected}")], "{content}");
    }
    let twice = with(&[data("a", "x"), data("a", "y")].concat());
    assert_eq!(
        remarks(&twice),
        [r#"repomd.xml: data "a": "a" is there again, the first one counts"#]
    );
    let numbers =
        data("a", "x").replace("</data>", "<size>many</size><timestamp>1.5</timestamp></data>");
    assert_eq!(
        remarks(&with(&numbers)),
        [r#"repomd.xml: data "a": "many" is no number, left out"#]
    );
    let sum = data("a", "x").replace("md5", "crc32");
    assert_eq!(
        remarks(&with(&sum)),
        [
            r#"repomd.xml: data "a": checksum type "crc32" is not known; taken for none"#,
            r#"repomd.xml: data "a": no checksum"#,
        ]
    );
}

#[test]
fn there_are_no_more_files_than_can_be() {
    let text = with(&data("a", "x").repeat(MAX_DATA + 1));
    let error = read(text.as_bytes(), "repomd.xml").unwrap_err().to_string();
    assert!(error.ends_with(": more than 1000 files"), "{error}");
}
