//! Every rule of solver-rules.md A1.2 and A1.3, compared with libsolv.

use std::cmp::Ordering;

use elevate_core::model::{Comparison, EvrParts};
use elevate_tests::binary::libsolv_script;

/// Versions in groups; within a group each is compared with each.
const GROUPS: [&[&str]; 12] = [
    // Tildes are before everything, carets behind the end and before anything longer.
    &["1.0~rc1", "1.0~~", "1.0~", "1.0", "1.0^", "1.0^git1", "1.0^git1~rc", "1.0.1"],
    &["~", "^", "~1", "^1", "", "1", "~^", "^~"],
    // Digits count by value, however many zeros come before them.
    &["1.05", "1.5", "1.050", "1.10", "1.9", "001.5", "1.0", "1.00"],
    &["99999999999999999999", "99999999999999999998", "0099999999999999999999", "1"],
    // Letters are before digits and compare byte by byte.
    &["a", "1", "ab", "b", "A", "1a", "a1", "1a1"],
    &["2.0.1", "2.0.1a", "2.0.1b", "2.0.1A", "2.0", "2"],
    // What is neither only separates.
    &["1_2", "1.2", "1+2", "1..2", "1.2.", ".1.2", "1-2-3", "é1.2"],
    // A release may be absent or empty.
    &["1", "1-", "1-1", "1-0", "1.0-", "1--1", "-1", "-"],
    &["1-1.el7", "1-1.el8", "1-1", "1-1.el7_9", "1-10", "1-2~x", "1-2^x"],
    // An absent epoch is 0.
    &["0:1-1", "1-1", "1:1-1", "00:1-1", "2-1", "1:", ":1", "1:-1"],
    &["10:1", "9:1", "a:1", "1a:1", "010:1", "4294967296:1", "18446744073709551616:1"],
    &["1:2", "1:2-", "1:2-3", "0:2-3", "2-3", "2", "1:3-1"],
];

const FLAGS: std::ops::Range<u8> = 1..8;

fn pairs() -> Vec<(&'static str, &'static str)> {
    let each = |group: &'static [&'static str]| {
        group.iter().flat_map(move |a| group.iter().map(move |b| (*a, *b)))
    };
    GROUPS.into_iter().flat_map(each).collect()
}

#[test]
fn versions_are_ordered_as_libsolv_orders_them() {
    let pairs = pairs();
    assert!(pairs.len() > 300, "{}", pairs.len());
    let questions: String = pairs.iter().map(|(a, b)| format!("evr\t{a}\t{b}\n")).collect();
    let Some(answers) = libsolv_script(super::SCRIPT, &questions) else {
        eprintln!("skipped: python3-solv is not installed");
        return;
    };
    assert_eq!(answers.len(), pairs.len());
    let mut different = Vec::new();
    for ((a, b), theirs) in pairs.into_iter().zip(answers) {
        let ours = match EvrParts::split(a).compare(EvrParts::split(b)) {
            Ordering::Less => "-1",
            Ordering::Equal => "0",
            Ordering::Greater => "1",
        };
        if ours != theirs {
            different.push(format!("{a:?} {b:?}: {ours}, libsolv {theirs}"));
        }
    }
    assert!(different.is_empty(), "{different:#?}");
}

#[test]
fn ranges_meet_as_libsolv_says_for_all_comparisons() {
    let flags = || FLAGS.flat_map(|have| FLAGS.map(move |wanted| (have, wanted)));
    // Equal texts have equal numbers in a pool and are not compared at all.
    let asked: Vec<_> = pairs()
        .into_iter()
        .flat_map(|(a, b)| flags().map(move |(have, wanted)| (have, a, wanted, b)))
        .collect();
    let line = |(have, a, wanted, b): &(u8, &str, u8, &str)| {
        format!("meets\t{have}\t{a}\t{wanted}\t{b}\n")
    };
    let questions: String = asked.iter().map(line).collect();
    let Some(answers) = libsolv_script(super::SCRIPT, &questions) else {
        eprintln!("skipped: python3-solv is not installed");
        return;
    };
    assert_eq!(answers.len(), asked.len());
    let mut different = Vec::new();
    for ((have, a, wanted, b), theirs) in asked.into_iter().zip(answers) {
        let [have, wanted] = [have, wanted].map(Comparison::from_bits);
        let meets = have.meets(EvrParts::split(a), wanted, EvrParts::split(b));
        if meets != (theirs == "1") {
            let (have, wanted) = (have.as_str(), wanted.as_str());
            different.push(format!("{have} {a:?}, {wanted} {b:?}: {meets}, libsolv {theirs}"));
        }
    }
    assert!(different.is_empty(), "{different:#?}");
}
