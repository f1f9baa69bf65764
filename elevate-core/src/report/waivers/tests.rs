use super::*;
use crate::plan::{Plan, Verdict};

const WAIVER: &str = "[[waiver]]\nfinding = \"a.stop\"\nreason = \"known\"\nwho = \"jane\"\n\
                      expires = \"2027-06-30\"\n";

/// A plan with one inhibitor about two packages, and a remark.
fn plan() -> Plan {
    let stop = Kind::new("a.stop", "a", Severity::High, "Stop").inhibiting();
    let note = Kind::new("b.note", "b", Severity::Low, "Note");
    let mut plan = crate::plan::testing::plan();
    plan.hostname = Some("web1".to_owned());
    plan.findings = vec![stop.finding("s").about("package", ["x", "y"]), note.finding("n")];
    plan.verdict = plan.judged();
    assert_eq!(plan.verdict, Verdict::Inhibited);
    plan
}

fn applied(text: &str, today: &str) -> Plan {
    let mut plan = plan();
    Waivers::read(text).unwrap().apply(&mut plan, today.parse().unwrap());
    plan
}

fn ids(plan: &Plan) -> Vec<&str> {
    plan.findings.iter().map(|finding| finding.id.as_ref()).collect()
}

#[test]
fn what_is_set_aside_says_so_and_forbids_nothing() {
    let plan = applied(WAIVER, "2027-06-30");
    assert_eq!(plan.verdict, Verdict::Ready);
    assert_eq!(ids(&plan), ["b.note", "a.stop"]);
    let finding = &plan.findings[1];
    assert_eq!((finding.severity, finding.inhibitor), (Severity::Info, false));
    let waived = finding.waived.as_ref().unwrap();
    assert_eq!((waived.severity, waived.inhibitor), (Severity::High, true));
    assert_eq!((&*waived.reason, &*waived.who, &*waived.expires), ("known", "jane", "2027-06-30"));
}

#[test]
fn a_waiver_that_has_expired_is_told_and_sets_nothing_aside() {
    let plan = applied(WAIVER, "2027-07-01");
    assert_eq!(plan.verdict, Verdict::Inhibited);
    assert_eq!(ids(&plan), ["a.stop", "waivers.expired", "b.note"]);
}

#[test]
fn hosts_and_what_it_is_about_narrow_a_waiver_down() {
    for (more, is_meant) in [
        ("host = \"web*\"", true),
        ("host = \"db*\"", false),
        ("about = \"package y\"", true),
        ("about = \"package z\"", false),
        ("severity = \"low\"", true),
    ] {
        let plan = applied(&format!("{WAIVER}{more}\n"), "2026-01-01");
        assert_eq!(plan.verdict == Verdict::Ready, is_meant, "{more}");
        assert_eq!(ids(&plan).contains(&"waivers.unmatched"), !is_meant, "{more}");
    }
}

#[test]
fn the_first_waiver_of_a_finding_counts() {
    let second =
        WAIVER.replace("known", "later").replace("expires", "severity = \"high\"\nexpires");
    let plan = applied(&format!("{WAIVER}{second}"), "2026-01-01");
    assert_eq!(plan.findings[1].waived.as_ref().unwrap().reason, "known");
    assert_eq!(ids(&plan), ["b.note", "a.stop"]);
}

#[test]
fn a_plan_without_a_transaction_cannot_be_waved_through() {
    let mut plan = plan();
    plan.findings[0].id = "transaction.none".into();
    let waivers = Waivers::read(&WAIVER.replace("a.stop", "transaction.none")).unwrap();
    waivers.apply(&mut plan, "2026-01-01".parse().unwrap());
    assert_eq!(plan.verdict, Verdict::Inhibited);
    assert_eq!(ids(&plan), ["transaction.none", "waivers.refused", "b.note"]);
}

#[test]
fn what_is_no_waiver_is_refused_with_its_place() {
    for (from, to) in [
        ("reason = \"known\"", "reason = \" \""),
        ("who = \"jane\"\n", ""),
        ("2027-06-30", "2027-02-30"),
        ("finding", "findings"),
        ("[[waiver]]", "[[waivers]]"),
    ] {
        let error = Waivers::read(&WAIVER.replace(from, to)).unwrap_err().to_string();
        assert!(error.contains("line "), "{error}");
    }
    assert!(Waivers::read("").unwrap().waivers.is_empty());
}
