use proptest::prelude::*;

use super::build::{Builder, Value};
use super::*;

fn header(builder: &Builder) -> Header {
    match read(builder.bytes()).unwrap() {
        Record::Package(header) => *header,
        Record::Key(key) => panic!("a key: {key:?}"),
    }
}

fn refusal(builder: &Builder) -> String {
    read(builder.bytes()).unwrap_err().to_string()
}

/// A header with everything in it.
fn full() -> Builder {
    Builder::package("bash", "4.2.46", "34.el7")
        .tag(1003, &Value::Numbers(&[1]))
        .tag(1011, &Value::Text("Example"))
        .tag(1015, &Value::Text("Example <bugs@example.org>"))
        .tag(1016, &Value::Translated(&["System", "System auf deutsch"]))
        .tag(1008, &Value::Numbers(&[1_500_000_000]))
        .tag(1009, &Value::Numbers(&[4_000]))
        .tag(1044, &Value::Text("bash-4.2.46-34.el7.src.rpm"))
        .tag(1047, &Value::Texts(&["bash", "config(bash)"]))
        .tag(1112, &Value::Numbers(&[8, 8 | 1 << 28]))
        .tag(1113, &Value::Texts(&["1:4.2.46-34.el7", "1:4.2.46-34.el7"]))
        .tag(1049, &Value::Texts(&["rpmlib(X)", "/bin/sh", "(a if b)"]))
        .tag(1048, &Value::Numbers(&[1 << 24 | 0xa, 1 << 8 | 1 << 9, 0]))
        .tag(1050, &Value::Texts(&["4.6.0-1", "", ""]))
        .tag(1117, &Value::Texts(&["bash", "bashrc"]))
        .tag(1118, &Value::Texts(&["/etc/", "/usr/bin/"]))
        .tag(1116, &Value::Numbers(&[1, 0]))
        .tag(1037, &Value::Numbers(&[0, 1 | 16]))
        .tag(1029, &Value::Small(&[0, 2]))
        .tag(5096, &Value::Text("shells:2:20200101:abc"))
        .region()
}

#[test]
fn everything_a_planner_needs_is_read() {
    let header = header(&full());
    let package = header.to_installed_package();
    assert_eq!(package.nevra(), "bash-1:4.2.46-34.el7.noarch");
    assert_eq!(package.vendor.as_deref(), Some("Example"));
    assert_eq!(package.pgpsig.as_deref(), Some("(none)"));
    assert_eq!((package.install_time, package.size), (Some(1_500_000_000), Some(4_000)));
    assert_eq!(package.module.unwrap().to_string(), "shells:2");
    assert_eq!(header.group().unwrap(), "System");
    assert_eq!(header.source_rpm().unwrap(), "bash-4.2.46-34.el7.src.rpm");
    assert_eq!(header.remarks(), Vec::<String>::new());
}

#[test]
fn dependencies_become_requirements_of_the_model() {
    let header = header(&full());
    let all = |kind| -> Vec<String> {
        let dependencies = header.dependencies(kind);
        dependencies.map(|d| d.to_requirement().unwrap().to_string()).collect()
    };
    assert_eq!(
        all(DependencyKind::Provides),
        ["bash = 1:4.2.46-34.el7", "config(bash) = 1:4.2.46-34.el7"]
    );
    assert_eq!(all(DependencyKind::Requires), ["rpmlib(X) <= 4.6.0-1", "/bin/sh", "(a if b)"]);
    let flags: Vec<_> = header.dependencies(DependencyKind::Requires).map(|d| d.flags).collect();
    assert!(flags[0].has(DependencyFlags::RPMLIB) && !flags[0].is_before());
    assert!(flags[1].has(DependencyFlags::INTERPRETER) && flags[1].is_before());
}

#[test]
fn files_have_their_directory_flags_and_state() {
    let header = header(&full());
    let files: Vec<File<'_>> = header.files().collect();
    let paths: Vec<String> = files.iter().map(File::path).collect();
    assert_eq!(paths, ["/usr/bin/bash", "/etc/bashrc"]);
    assert!(files[1].flags.has(FileFlags::CONFIG) && files[1].flags.has(FileFlags::NO_REPLACE));
    let states: Vec<_> = files.iter().map(|file| file.state).collect();
    assert_eq!(states, [Some(FileState::Normal), Some(FileState::NotInstalled)]);
}

#[test]
fn entries_after_the_region_stand_for_those_in_it() {
    let region = Builder::package("a", "1", "1")
        .tag(1011, &Value::Text("in the region"))
        .tag(1027, &Value::Texts(&["/old"]))
        .region();
    let later = region
        .tag(1011, &Value::Text("later"))
        .tag(1117, &Value::Texts(&["new"]))
        .tag(1118, &Value::Texts(&["/"]))
        .tag(1116, &Value::Numbers(&[0]));
    let header = header(&later);
    assert_eq!(header.vendor().unwrap(), "later");
    assert_eq!(header.files().map(|f| f.path()).collect::<Vec<_>>(), ["/new"]);
}

#[test]
fn an_old_header_without_region_and_lists_of_flags_is_read() {
    let old = Builder::package("a", "1", "1")
        .tag(1027, &Value::Texts(&["/bin/a", "/etc/a"]))
        .tag(1047, &Value::Texts(&["b"]))
        .tag(1156, &Value::Texts(&["weak", "strong"]))
        .tag(1157, &Value::Texts(&["", ""]))
        .tag(1158, &Value::Numbers(&[0, 1 << 27]));
    let header = header(&old);
    assert_eq!(header.files().map(|f| f.path()).collect::<Vec<_>>(), ["/bin/a", "/etc/a"]);
    let all = |kind| header.dependencies(kind).map(|d| d.to_string()).collect::<Vec<_>>();
    assert_eq!(all(DependencyKind::Provides), ["b"]);
    assert_eq!(all(DependencyKind::Suggests), ["weak"]);
    assert_eq!(all(DependencyKind::Recommends), ["strong"]);
}

#[test]
fn a_long_size_goes_before_the_short_one() {
    let big = Builder::package("a", "1", "1").tag(5009, &Value::Long(5 << 32));
    assert_eq!(header(&big).size(), Some(5 << 32));
}

#[test]
fn a_public_key_is_no_package() {
    let key = Builder::package("gpg-pubkey", "F4A80EB5", "53a7ff4b");
    let Record::Key(key) = read(key.bytes()).unwrap() else { panic!("a package") };
    assert_eq!((key.id.as_str(), key.created.as_str()), ("f4a80eb5", "53a7ff4b"));
    let odd = Builder::package("gpg-pubkey", "1", "53a7ff4b");
    assert_eq!(
        refusal(&odd),
        "header, tag 1001 (VERSION): of a public key is \"1\", not eight hexadecimal digits"
    );
}

#[test]
fn the_signature_of_the_header_is_the_packages_and_one_of_all_is_known_too() {
    let mut packet = vec![0x88, 19, 3, 5, 0, 0, 0, 0, 0];
    packet.extend([0x24, 0xc6, 0xa8, 0xa7, 0xf4, 0xa8, 0x0e, 0xb5, 1, 8, 0, 0]);
    let rsa = Builder::package("a", "1", "1").tag(268, &Value::Bytes(&packet));
    let text = "RSA/SHA256, Thu Jan  1 00:00:00 1970, Key ID 24c6a8a7f4a80eb5";
    assert_eq!(header(&rsa).to_installed_package().pgpsig.as_deref(), Some(text));
    let whole = header(&Builder::package("a", "1", "1").tag(259, &Value::Bytes(&packet)));
    assert_eq!(whole.to_installed_package().pgpsig.as_deref(), Some("(none)"));
    assert_eq!(whole.signature(SignatureKind::Pgp).as_deref(), Some(text));
}

#[test]
fn texts_that_are_not_utf8_are_read_and_remarked_on() {
    let mut bytes = Builder::package("a", "1", "1").tag(1011, &Value::Text("Caf?")).bytes();
    let at = bytes.iter().position(|&b| b == b'?').unwrap();
    bytes[at] = 0xe9;
    let Record::Package(header) = read(bytes).unwrap() else { panic!("a key") };
    assert_eq!(header.vendor().unwrap(), "Caf\u{fffd}");
    assert_eq!(header.remarks(), ["tag 1011 (VENDOR) is not UTF-8; what is not became U+FFFD"]);
}

#[test]
fn each_kind_of_damage_is_named_with_its_place() {
    let nameless = Builder::default().tag(1001, &Value::Text("1"));
    assert_eq!(refusal(&nameless), "header, tag 1000 (NAME): is missing");
    let short = Builder::package("a", "1", "1").tag(1117, &Value::Texts(&["x", "y"]));
    assert_eq!(
        refusal(&short),
        "header of a-1-1.noarch, tag 1116 (DIRINDEXES): are not one for each of 2 file names"
    );
    let beyond = Builder::package("a", "1", "1")
        .tag(1117, &Value::Texts(&["x"]))
        .tag(1118, &Value::Texts(&["/"]))
        .tag(1116, &Value::Numbers(&[1]));
    assert_eq!(
        refusal(&beyond),
        "header of a-1-1.noarch, tag 1116 (DIRINDEXES): name directory 1 of 1"
    );
    let unequal = Builder::package("a", "1", "1")
        .tag(1049, &Value::Texts(&["x", "y"]))
        .tag(1048, &Value::Numbers(&[0]));
    assert_eq!(
        refusal(&unequal),
        "header of a-1-1.noarch, tag 1048 (dependency): has 1 values, not 2"
    );
    let number = Builder::package("a", "1", "1").tag(1011, &Value::Numbers(&[1]));
    assert_eq!(refusal(&number), "header of a-1-1.noarch, tag 1011 (VENDOR): holds no text");
    let twice = Builder::package("a", "1", "1").tag(1000, &Value::Text("b"));
    assert_eq!(refusal(&twice), "header, byte 72: has tag 1000 a second time");
}

/// The index entry `entry` of a small header with one of its numbers changed.
fn with_number(entry: usize, field: usize, value: u32) -> String {
    let mut bytes = Builder::package("a", "1", "1").region().bytes();
    bytes[8 + entry * 16 + field * 4..][..4].copy_from_slice(&value.to_be_bytes());
    read(bytes).unwrap_err().to_string()
}

#[test]
fn offsets_and_counts_outside_the_header_are_refused() {
    assert_eq!(with_number(1, 1, 17), "header, byte 24: has type 17, which there is none of");
    let far = "header, byte 24: tag 1000 has 1 values at 4294967295 of a store of 29 bytes, where they do not fit";
    assert_eq!(with_number(1, 2, u32::MAX), far);
    assert_eq!(
        with_number(0, 2, 20),
        "header, byte 8: is a region that does not end in the header"
    );
    let mut cut = Builder::package("a", "1", "1").bytes();
    cut.pop();
    assert_eq!(
        read(cut).unwrap_err().to_string(),
        "header, byte 0: says it is 85 bytes long, and 84 are there"
    );
    let huge = [[0, 0, 0, 1], [0xff; 4]].concat();
    assert_eq!(
        read(huge).unwrap_err(),
        HeaderError::TooLarge { bytes: 8 + 16 + u64::from(u32::MAX) }
    );
}

#[test]
fn a_list_of_headers_with_magic_numbers_is_read_to_the_first_damage() {
    let one = [&[0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0][..], &full().bytes()].concat();
    let two = [&one[..], &one].concat();
    assert_eq!(Headers::new(&two).map(Result::unwrap).count(), 2);
    let cut: Vec<_> = Headers::new(&two[..two.len() - 1]).collect();
    assert!(matches!(cut[..], [Ok(_), Err(HeaderError::Damaged { .. })]));
    assert!(read_package_file(&one).is_err());
}

/// Reads everything there is in a header.
fn exhaust(header: &Header) -> usize {
    let dependencies = DependencyKind::ALL.into_iter().flat_map(|kind| header.dependencies(kind));
    dependencies.map(|d| d.to_requirement().map_or(0, |r| r.to_string().len())).sum::<usize>()
        + header.files().map(|file| file.path().len()).sum::<usize>()
        + header.to_installed_package().nevra().len()
        + header.remarks().len()
}

proptest! {
    #[test]
    fn no_damage_makes_it_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut bytes = full().bytes();
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(Record::Package(header)) = read(bytes) {
            exhaust(&header);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(mut bytes in prop::collection::vec(any::<u8>(), 8..300), tags in 1..8u8) {
        let store = bytes.len().saturating_sub(8 + usize::from(tags) * 16);
        bytes[..4].copy_from_slice(&u32::from(tags).to_be_bytes());
        bytes[4..8].copy_from_slice(&u32::try_from(store).unwrap().to_be_bytes());
        if let Ok(Record::Package(header)) = read(bytes) {
            exhaust(&header);
        }
    }
}
