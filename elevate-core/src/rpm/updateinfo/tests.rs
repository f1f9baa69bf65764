use proptest::prelude::*;

use super::*;

const UPDATE: &str = "<update from='a@b' status='final' type='security' version='3'>
  <id>RHSA-2020:1</id><title>perl</title><issued date='2020-01-02 03:04:05'/><updated date='2020-02-03'/>
  <severity>Important</severity><rights>(c)</rights><summary>S</summary><description>D</description>
  <references>
    <reference href='https://example.com/1' id='CVE-2020-1' type='cve' title='A weakness'/>
    <reference href='https://example.com/2' id='2' type='bugzilla'/>
  </references>
  <pkglist><collection short='M'><name>Modules</name>
    <module name='perl' stream='5.30' version='8030020201201' context='2e213529' arch='x86_64'/>
    <package name='perl' epoch='4' version='5.30.1' release='1.el8' arch='x86_64' src='x'>
      <filename>perl-5.30.1-1.el8.x86_64.rpm</filename><reboot_suggested/><sum type='md5'>x</sum>
    </package>
    <package name='perl-libs' version='5.30.1' release='1.el8' arch='noarch'/>
  </collection></pkglist></update>";

fn info(content: &str) -> UpdateInfo {
    read(format!("<updates>{content}</updates>").as_bytes(), "updateinfo.xml").unwrap()
}

#[test]
fn an_advisory_is_read_with_references_and_packages() {
    let info = info(UPDATE);
    assert_eq!(info.remarks, []);
    let advisory = &info.advisories[0];
    assert_eq!((&*advisory.id, &*advisory.title), ("RHSA-2020:1", "perl"));
    assert_eq!((&advisory.kind, &*advisory.severity), (&AdvisoryKind::Security, "Important"));
    assert_eq!((&*advisory.issued, &*advisory.updated), ("2020-01-02 03:04:05", "2020-02-03"));
    let references: Vec<_> = advisory.references.iter().map(|r| (&*r.kind, &*r.id)).collect();
    assert_eq!(references, [("cve", "CVE-2020-1"), ("bugzilla", "2")]);
    assert_eq!(advisory.references[0].url, "https://example.com/1");
    let collection = &advisory.collections[0];
    assert_eq!((&*collection.short, &*collection.name), ("M", "Modules"));
    let module = collection.module.as_ref().unwrap();
    assert_eq!((&*module.stream, &*module.context), ("5.30", "2e213529"));
    let [perl, libs] = &collection.packages[..] else { panic!("two packages") };
    assert_eq!((&*perl.epoch, &*perl.version, &*perl.arch), ("4", "5.30.1", "x86_64"));
    assert_eq!(perl.filename, "perl-5.30.1-1.el8.x86_64.rpm");
    assert!(perl.reboot_suggested && !libs.reboot_suggested);
    assert_eq!((&*libs.epoch, &*libs.filename), ("", ""));
}

#[test]
fn kinds_are_known_or_kept_as_they_are() {
    let kind =
        |text: &str| info(&format!("<update{text}><id>a</id></update>")).advisories.remove(0).kind;
    assert_eq!(kind(" type='bugfix'"), AdvisoryKind::Bugfix);
    assert_eq!(kind(" type='enhancement'"), AdvisoryKind::Enhancement);
    assert_eq!(kind(" type='newpackage'"), AdvisoryKind::NewPackage);
    assert_eq!(kind(" type='recommended'"), AdvisoryKind::Other("recommended".to_owned()));
    assert_eq!(kind(""), AdvisoryKind::Unknown);
}

#[test]
fn a_reboot_is_suggested_by_an_empty_element_or_a_yes() {
    for (text, suggested) in
        [("", true), ("True", true), ("1", true), ("False", false), ("0", false)]
    {
        let element = format!("<reboot_suggested>{text}</reboot_suggested>");
        let info = info(&format!("<update><id>a</id>{element}</update>"));
        assert_eq!(info.advisories[0].reboot_suggested, suggested, "{text:?}");
    }
}

#[test]
fn what_is_odd_is_remarked() {
    let cases = [
        ("<x/>", "updateinfo.xml: part 1, x: <x> is not known here, left out"),
        ("<update/>", "updateinfo.xml: part 1, update: <update> without an id, left out"),
        (
            "<update><id>a</id><pkglist><collection><package/></collection></pkglist></update>",
            "updateinfo.xml: part 1, update: <package> without a name, left out",
        ),
        (
            "<update><id>a</id><pkglist><package name='a'/></pkglist></update>",
            "updateinfo.xml: part 1, update: <package> is not known here, left out",
        ),
    ];
    for (content, remark) in cases {
        let info = info(content);
        assert_eq!(info.remarks.iter().map(ToString::to_string).collect::<Vec<_>>(), [remark]);
    }
}

#[test]
fn broken_files_are_errors_that_name_file_and_place() {
    let cases = [
        ("", "updateinfo.xml: byte 0: there is no XML in it"),
        ("<comps/>", "begins with <comps>, not <updates>"),
        ("<updates><update type='a' type='b'/></updates>", "attribute type is there twice"),
        ("<updates><update><id>a</id></updates>", "part 1, update: </updates> where </update>"),
        ("<updates><update><id>&#1;</id></update></updates>", "control character 0x01"),
    ];
    for (text, why) in cases {
        let error = read(text.as_bytes(), "updateinfo.xml").unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn a_file_cut_anywhere_is_an_error() {
    let whole = format!("<updates>{UPDATE}</updates>");
    for cut in 0..whole.len() {
        assert!(read(&whole.as_bytes()[..cut], "updateinfo.xml").is_err(), "{cut}");
    }
}

proptest! {
    #[test]
    fn a_damaged_file_is_read_or_refused(at in 0usize..1200, byte in any::<u8>()) {
        let mut whole = format!("<updates>{UPDATE}</updates>").into_bytes();
        let at = at % whole.len();
        whole[at] = byte;
        read(&*whole, "updateinfo.xml").ok();
    }
}
