//! Lists that cannot be used, or only in part, and the words for it.

use super::*;

/// What is told about a document: the error, or what was taken and what not.
fn told(bytes: &[u8]) -> String {
    match read(bytes) {
        Err(error) => format!("refused: {error}"),
        Ok(list) => format!(
            "{}: {} packages, {} keys; {}",
            list.shape,
            list.packages.len(),
            list.keys.len(),
            unread(&list).join("; ")
        ),
    }
}

#[test]
fn every_malformed_list_is_refused_or_read_in_part_in_plain_words() {
    let deep = "[".repeat(1000) + &"]".repeat(1000);
    let long = format!("{}\nbash-1-1.noarch\n", "x".repeat(17 << 10));
    let cases: Vec<(&str, Vec<u8>)> = [
        ("nothing", ""),
        ("blanks only", " \n\t\n"),
        ("comments only", "# one\n# two\n"),
        ("byte order mark only", "\u{feff}"),
        ("byte order mark", "\u{feff}bash-1-1.noarch\n"),
        ("carriage returns", "bash-1-1.noarch\r\nzlib-1-1.noarch\r\n"),
        ("prose", "Dear support,\nplease find the list attached.\n"),
        ("names without versions", "bash\nzlib\n"),
        ("name and version only", "bash 4.2\nzlib 1.2\n"),
        ("half a name", "bash-\n-1-1\nbash--1.noarch\n"),
        ("epoch that is no number", "bash-one:4.2-1.noarch\nzlib-1-1.noarch\n"),
        ("epoch beyond 32 bits", "bash-4294967296:4.2-1.noarch\nzlib-1-1.noarch\n"),
        ("characters no name has", "ba$h-1-1.noarch\n<b>zlib-1-1.noarch</b>\nok-1-1.noarch\n"),
        ("letters of other scripts", "b\u{e4}sh-1-1.noarch\nok-1-1.noarch\n"),
        ("a bell", "bash-1-1.noarch\nz\u{7}lib-1-1.noarch\n"),
        ("an unfinished colour code", "bash-1-1.noarch\nzlib-1-1.noarch\u{1b}[3\n"),
        ("a very long line", &long),
        ("keys only", "gpg-pubkey-f4a80eb5-53a7ff4b\n"),
        ("damaged keys", "gpg-pubkey-f4a80eb5-now\nbash-1-1.noarch\n"),
        ("a table cut off", "bash|4.2|1|0|(none)|x86_64|(none)\nzlib|1.2\n"),
        (
            "a table with a bad epoch",
            "bash|4.2|1|0|(none)|x86_64|(none)\nzlib|1.2|18|one|(none)|x86_64|(none)\n",
        ),
        ("a header and nothing else", "name,version,release,arch\n"),
        ("a header without a version", "name,colour\nbash,red\n"),
        ("a quote that never ends", "name;version;release\n\"bash;1;1\nzlib;1;1\n"),
        (
            "yum without packages",
            "Loaded plugins: fastestmirror\nError: No matching Packages to list\n",
        ),
        (
            "yum with a name alone at the end",
            "Installed Packages\nbash.x86_64 4.2-1 @base\nzlib.x86_64\n",
        ),
        (
            "yum of what is available",
            "Available Packages\nbash.x86_64 4.2-1 base\nzlib.x86_64 1-1 base\n",
        ),
        (
            "the messages of a damaged database",
            "error: rpmdb: damaged\nwarning: x\nbash-1-1.noarch\n",
        ),
        ("an INI file", "[base]\nname=Base\nbaseurl=http://example.com/7-1/\n"),
        ("an HTML page", "<!DOCTYPE html>\n<html><body>404</body></html>\n"),
        ("truncated array", "[{\"name\": \"bash\""),
        ("truncated object", "{\"installed\": ["),
        ("truncated text", "[\"bash-1-1.noa"),
        ("a comma too many", "[\"bash-1-1.noarch\",]"),
        ("something after the end", "[\"bash-1-1.noarch\"] x"),
        ("deep nesting", &deep),
        ("an empty array", "[]"),
        ("an empty object", "{}"),
        ("an array of numbers", "[1, 2]"),
        ("an array of arrays", "[[\"bash\"]]"),
        ("a list that is an object", "{\"package_list\": {\"bash\": 1}}"),
        ("a list that is null", "{\"installed\": null}"),
        ("packages that are a number", "{\"packages\": 7}"),
        (
            "vuls packages that are texts",
            "{\"packages\": {\"bash\": \"bash-1-1.noarch\", \"x\": 1}}",
        ),
        (
            "a number beyond 64 bits",
            "[{\"name\":\"a\",\"epoch\":99999999999999999999,\"version\":\"1\",\"release\":\"1\"}]",
        ),
        ("a lone surrogate", "[\"bash\\ud800-1-1.noarch\"]"),
        (
            "a manifest without packages",
            "{\"pipelines\": [{\"stages\": [{\"type\": \"org.osbuild.rpm\"}]}], \"sources\": {}}",
        ),
        ("repository data", "{\"mapping\": [], \"repositories\": []}"),
        ("a snapshot", "{\"format\": \"elevate-snapshot\", \"version\": 1, \"packages\": []}"),
        ("a Berkeley database", "\0\0\0\0\0\0\0\0\0\0\0\0\u{61}\u{15}\u{6}\0"),
        ("an SQLite database", "SQLite format 3\0"),
        ("an archive", "PK\u{3}\u{4}"),
    ]
    .into_iter()
    .map(|(name, text)| (name, text.as_bytes().to_vec()))
    .chain([
        ("bytes that are no text", b"\xff-1-1.noarch\nbash-1-1.noarch\n".to_vec()),
        ("JSON that is no text", b"[\n\"\xff\"]".to_vec()),
        ("UTF-16", b"\xff\xfeb\0a\0s\0h\0".to_vec()),
        ("an rpm package", b"\xed\xab\xee\xdb\x03".to_vec()),
        ("gzip", b"\x1f\x8b\x08".to_vec()),
        ("xz cut off", b"\xfd7zXZ\0\0\x04".to_vec()),
        ("noise", (0..=255).collect()),
    ])
    .collect();
    let told: Vec<String> =
        cases.iter().map(|(name, bytes)| format!("{name}\n    {}\n", told(bytes))).collect();
    insta::assert_snapshot!(told.concat());
}

#[test]
fn garbage_of_a_hundred_megabytes_is_refused_by_its_size() {
    assert_eq!(read(&vec![b'x'; 100_000_000]), Err(ListingError::TooLarge));
}

#[test]
fn a_small_file_that_unpacks_to_more_than_a_list_is_refused() {
    use std::io::Write;
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 0);
    for _ in 0..=(MAX_BYTES >> 20) {
        encoder.write_all(&[b'\n'; 1 << 20]).unwrap();
    }
    assert_eq!(read(&encoder.finish().unwrap()), Err(ListingError::TooLarge));
}

#[test]
fn lines_and_values_are_counted_before_they_fill_the_memory() {
    let lines = "a\n".repeat(MAX_LINES + 1);
    assert_eq!(
        read(lines.as_bytes()),
        Err(ListingError::TooMany { what: "lines", limit: MAX_LINES })
    );
    let values = format!("[{}0]", "0,".repeat(4_000_000));
    assert!(matches!(read(values.as_bytes()), Err(ListingError::TooMany { what: "values", .. })));
}
