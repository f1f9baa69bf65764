use proptest::prelude::*;

use super::*;

fn comps(content: &str) -> Comps {
    read(format!("<comps>{content}</comps>").as_bytes(), "comps.xml").unwrap()
}

fn remarks(comps: &Comps) -> Vec<String> {
    comps.remarks.iter().map(ToString::to_string).collect()
}

const GROUP: &str = "<group><id>core</id><default>true</default><uservisible>false</uservisible>
  <display_order>1</display_order><name>Core</name><name xml:lang='de'>Kern</name>
  <description>The <![CDATA[least]]> &amp; last</description><langonly>en</langonly><packagelist>
    <packagereq type='mandatory'>bash</packagereq><packagereq>glibc</packagereq>
    <packagereq type='default'> dnf </packagereq><packagereq type='optional'>vim</packagereq>
    <packagereq type='conditional' requires='gtk2'>im-gtk2</packagereq>
  </packagelist></group>";

#[test]
fn a_group_is_read_with_its_packages_and_without_translations() {
    let comps = comps(GROUP);
    assert_eq!(comps.remarks, []);
    let group = &comps.groups[0];
    assert_eq!((&*group.id, &*group.name), ("core", "Core"));
    assert_eq!(group.description, "The least & last");
    assert!(group.is_default && !group.is_visible);
    assert_eq!(group.language.as_deref(), Some("en"));
    let packages: Vec<_> = group.packages.iter().map(|p| (&*p.name, p.kind)).collect();
    let expected = [
        ("bash", PackageKind::Mandatory),
        ("glibc", PackageKind::Mandatory),
        ("dnf", PackageKind::Default),
        ("vim", PackageKind::Optional),
        ("im-gtk2", PackageKind::Conditional),
    ];
    assert_eq!(packages, expected);
    assert_eq!(group.packages[4].requires.as_deref(), Some("gtk2"));
}

#[test]
fn a_group_is_visible_and_not_default_where_nothing_is_said() {
    let group = &comps("<group><id>a</id></group>").groups[0];
    assert!(group.is_visible && !group.is_default && group.packages.is_empty());
}

#[test]
fn environments_categories_and_language_packs_are_read() {
    let comps = comps(
        "<environment><id>e</id><name>E</name><grouplist><groupid>core</groupid></grouplist>
         <optionlist><groupid default='true'>a</groupid><groupid>b</groupid></optionlist></environment>
         <category><id>c</id><name>C</name><grouplist><groupid>core</groupid></grouplist></category>
         <langpacks><match name='man-pages' install='man-pages-%s'/></langpacks><whiteout/>",
    );
    assert_eq!(comps.remarks, []);
    assert_eq!(comps.environments[0].groups, ["core"]);
    let options: Vec<_> =
        comps.environments[0].options.iter().map(|o| (&*o.id, o.is_default)).collect();
    assert_eq!(options, [("a", true), ("b", false)]);
    assert_eq!((&*comps.categories[0].id, comps.categories[0].groups.len()), ("c", 1));
    assert_eq!(comps.language_packs[0].install, "man-pages-%s");
}

#[test]
fn what_is_odd_is_remarked() {
    let cases = [
        ("<surprise/>", "part 1, surprise: <surprise> is not known here, left out"),
        ("<group><name>A</name></group>", "part 1, group: <group> without an id, left out"),
        ("<environment/>", "part 1, environment: <environment> without an id, left out"),
        ("<category/>", "part 1, category: <category> without an id, left out"),
        ("<langpacks><match name='a'/></langpacks>", "<match> without name or install, left out"),
        (
            "<group><id>a</id><packagelist><packagereq type='weird'>b</packagereq></packagelist></group>",
            "kind \"weird\" is not known",
        ),
        (
            "<group><id>a</id><packagelist><packagereq/></packagelist></group>",
            "<packagereq> without a name, left out",
        ),
        (
            "<group><id>a</id><packagelist><packagereq type='conditional'>b</packagereq></packagelist></group>",
            "<packagereq> without the package it depends on",
        ),
        (
            "<category><id>a</id><grouplist><groupid/></grouplist></category>",
            "<groupid> without an id, left out",
        ),
        ("<group><id>a</id><_name>A</_name></group>", "<_name> is not known here, left out"),
        ("stray", "comps.xml: text where none belongs, left out"),
    ];
    for (content, remark) in cases {
        let all = remarks(&comps(content));
        assert!(all.len() == 1 && all[0].ends_with(remark), "{content}: {all:?}");
    }
    let latin = read(&b"<comps><group><id>\xe9</id></group></comps>"[..], "x").unwrap();
    assert_eq!(latin.groups[0].id, "\u{fffd}");
    assert!(remarks(&latin)[0].contains("bytes that are not UTF-8"));
}

#[test]
fn broken_files_are_errors_that_name_file_and_place() {
    let cases: [(String, &str); 9] = [
        (String::new(), "comps.xml: byte 0: there is no XML in it"),
        ("<updates/>".into(), "begins with <updates>, not <comps>"),
        ("<comps><group><id>a</id>".into(), "part 1, group: the file ends here"),
        ("<comps><group></comps>".into(), "part 1, group: </comps> where </group> belongs"),
        ("<comps>&bomb;</comps>".into(), "&bomb; is not known"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><comps/>".into(), "which is refused"),
        ("<comps/><comps/>".into(), "outside of the outermost element"),
        (format!("<comps>{}", "<a>".repeat(100)), "more than 64 elements in each other"),
        (format!("<comps><group><id>{}", "a".repeat(5 << 20)), "of more than"),
    ];
    for (text, why) in cases {
        let error = read(text.as_bytes(), "comps.xml").unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    let many = format!("<comps><group>{}</group></comps>", "<a/>".repeat(1_000_001));
    let error = read(many.as_bytes(), "comps.xml").unwrap_err().to_string();
    assert!(error.contains("more than 1000000 elements in a part"), "{error}");
}

#[test]
fn a_file_cut_anywhere_is_an_error() {
    let whole = format!("<comps>{GROUP}</comps>");
    for cut in 0..whole.len() {
        assert!(read(&whole.as_bytes()[..cut], "comps.xml").is_err(), "{cut}");
    }
}

proptest! {
    #[test]
    fn a_damaged_file_is_read_or_refused(at in 0usize..600, byte in any::<u8>()) {
        let mut whole = format!("<comps>{GROUP}</comps>").into_bytes();
        let at = at % whole.len();
        whole[at] = byte;
        read(&*whole, "comps.xml").ok();
    }
}
