//! rpm's own comparison cases (the facts of its test suite `rpmvercmp.at`) and
//! the orders libsolv documents.

use proptest::prelude::*;

use super::*;

fn evr(text: &str) -> Evr {
    text.parse().unwrap()
}

#[test]
fn versions_compare_as_rpm_compares_them() {
    use Ordering::{Equal, Greater, Less};
    let cases = [
        ("1.0", "1.0", Equal),
        ("1.0", "2.0", Less),
        ("2.0.1", "2.0", Greater),
        ("2.0.1a", "2.0.1", Greater),
        ("5.5p1", "5.5p2", Less),
        ("5.5p10", "5.5p1", Greater),
        ("10xyz", "10.1xyz", Less),
        ("xyz10", "xyz10.1", Less),
        ("xyz.4", "8", Less),
        ("xyz.4", "2", Less),
        ("5.5p2", "5.6p1", Less),
        ("5.6p1", "6.5p1", Less),
        ("6.0.rc1", "6.0", Greater),
        ("10b2", "10a1", Greater),
        ("1.0aa", "1.0a", Greater),
        ("10.0001", "10.1", Equal),
        ("10.0001", "10.0039", Less),
        ("4.999.9", "5.0", Less),
        ("20101121", "20101122", Less),
        ("2_0", "2.0", Equal),
        ("a", "a+", Equal),
        ("a+", "a_", Equal),
        ("+a", "_a", Equal),
        ("+_", "_+", Equal),
        ("+", "_", Equal),
        ("", "", Equal),
        ("", "1", Less),
        ("1", "", Greater),
        // tilde: older than everything, the end included
        ("1.0~rc1", "1.0~rc1", Equal),
        ("1.0~rc1", "1.0", Less),
        ("1.0~rc1", "1.0~rc2", Less),
        ("1.0~rc1~git123", "1.0~rc1", Less),
        ("1~~", "1~", Less),
        // caret: newer than the end, older than any continuation
        ("1.0^", "1.0", Greater),
        ("1.0^", "1.0^", Equal),
        ("1.0^git1", "1.0", Greater),
        ("1.0^git1", "1.0^git2", Less),
        ("1.0^git1", "1.01", Less),
        ("1.0^20160101", "1.0.1", Less),
        ("1.0^20160102", "1.0^20160101^git1", Greater),
        ("1.0~rc1^git1", "1.0~rc1", Greater),
        ("1.0^git1~pre", "1.0^git1", Less),
        // digits beat letters; long numbers do not overflow
        ("1.a", "1.1", Less),
        ("99999999999999999999999", "100000000000000000000000", Less),
        // bytes outside ASCII only separate
        ("1.1.\u{3b1}", "1.1.\u{3b2}", Equal),
        ("1.1.\u{3b1}", "1.1", Equal),
        ("\u{3b1}\u{3b1}", "\u{3b2}", Equal),
    ];
    for (a, b, expected) in cases {
        assert_eq!(compare_versions(a, b), expected, "{a} {b}");
        assert_eq!(compare_versions(b, a), expected.reverse(), "{b} {a}");
    }
}

#[test]
fn the_epoch_decides_first() {
    assert!(evr("1:1.0-1") > evr("9.0-9"));
    assert!(evr("0:1.0-1") == evr("1.0-1"));
    assert!(evr("1:1.18.0-5.el7_7.1") < evr("1:1.40.16-1.el8"));
}

#[test]
fn the_release_decides_last() {
    assert!(evr("4.2.46-34.el7") < evr("4.2.46-35.el7"));
    assert!(evr("5.5-2.el7") < evr("5.5-2.el8"));
    assert!(evr("1.0") < evr("1.0-1"));
}

#[test]
fn what_is_no_evr_is_refused() {
    for text in ["", ":1-2", "x:1-2", "4294967296:1-2", "1:", "-1", "1 -2"] {
        assert!(text.parse::<Evr>().is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn the_order_is_antisymmetric_and_never_panics(a in "\\PC{0,24}", b in "\\PC{0,24}") {
        prop_assert_eq!(compare_versions(&a, &b), compare_versions(&b, &a).reverse());
    }

    #[test]
    fn the_order_is_transitive(mut v in prop::collection::vec("[0-9a-c~^._]{0,8}", 3)) {
        v.sort_by(|a, b| compare_versions(a, b));
        prop_assert_ne!(compare_versions(&v[0], &v[2]), Ordering::Greater);
    }

    #[test]
    fn display_and_parse_agree(epoch in 0u32..3, version in "[0-9a-z.~^+_]{1,10}", release in "[0-9a-z.~^+_]{1,10}") {
        let evr = Evr::new(epoch, version, release);
        let back: Evr = evr.to_string().parse().unwrap();
        prop_assert_eq!(back.version, evr.version);
        prop_assert_eq!(back.release, evr.release);
        prop_assert_eq!(back.epoch, evr.epoch);
    }
}
