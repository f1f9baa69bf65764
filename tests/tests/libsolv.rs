//! Versions and capabilities compared with libsolv's own answers, where
//! python3-solv is installed.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::cmp::Ordering;

use elevate_core::model::{Capability, Evr};
use elevate_tests::binary::libsolv;

/// A small generator with a fixed seed: the same pairs in every run.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self, below: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        let at = self.next(from.len() as u64);
        from[usize::try_from(at).unwrap()]
    }

    fn version(&mut self) -> String {
        const PARTS: [&str; 18] = [
            "0", "1", "2", "9", "10", "007", "a", "b", "rc", "Z", ".", ".", "_", "+", "~", "^",
            "~rc1", "^git2",
        ];
        let parts = 1 + self.next(6);
        (0..parts).map(|_| self.pick(&PARTS)).collect()
    }

    fn evr(&mut self) -> String {
        let epoch = self.pick(&["", "", "", "0:", "1:", "12:"]);
        format!("{epoch}{}-{}", self.version(), self.version())
    }

    fn dependency(&mut self) -> String {
        let comparison = self.pick(&["", "<", "<=", "=", ">=", ">"]);
        if comparison.is_empty() {
            return "cap".to_owned();
        }
        let epoch = self.pick(&["", "", "0:", "1:"]);
        let version = self.pick(&["1", "1.0", "2", "2~rc1", "2^a"]);
        let release = self.pick(&["", "", "-1", "-2", "-2.el7"]);
        format!("cap {comparison} {epoch}{version}{release}")
    }
}

#[test]
fn versions_compare_as_libsolv_compares_them() {
    let mut seeded = Seeded(7);
    let pairs: Vec<(String, String)> = (0..20_000).map(|_| (seeded.evr(), seeded.evr())).collect();
    let questions: String = pairs.iter().map(|(a, b)| format!("evr {a} {b}\n")).collect();
    let Some(answers) = libsolv(&questions) else {
        eprintln!("skipped: python3-solv is not installed");
        return;
    };
    assert_eq!(answers.len(), pairs.len());
    for ((a, b), answer) in pairs.iter().zip(answers) {
        let ours = match a.parse::<Evr>().unwrap().cmp(&b.parse().unwrap()) {
            Ordering::Less => "-1",
            Ordering::Equal => "0",
            Ordering::Greater => "1",
        };
        assert_eq!(ours, answer, "{a} {b}");
    }
}

#[test]
fn capabilities_meet_as_libsolv_says() {
    let mut seeded = Seeded(11);
    let pairs: Vec<(String, String)> =
        (0..20_000).map(|_| (seeded.dependency(), seeded.dependency())).collect();
    let questions: String = pairs.iter().map(|(a, b)| format!("dep {a}|{b}\n")).collect();
    let Some(answers) = libsolv(&questions) else {
        eprintln!("skipped: python3-solv is not installed");
        return;
    };
    for ((provide, wanted), answer) in pairs.iter().zip(answers) {
        let have: Capability = provide.parse().unwrap();
        let meets = have.meets(&wanted.parse().unwrap());
        assert_eq!(u8::from(meets).to_string(), answer, "{provide} for {wanted}");
    }
}
