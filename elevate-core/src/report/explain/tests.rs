//! Explanations of a small plan.

use super::*;
use crate::actor::Stage;
use crate::plan::Directive;

fn plan() -> Plan {
    Plan::read(include_bytes!("../../../../fixtures/formats/plan-1.json")).unwrap()
}

fn explained(plan: &Plan, names: &[&str]) -> String {
    match Explainer::new(plan, []).explain(names) {
        Ok(explanation) => render(&explanation),
        Err(unclear) => unclear.to_string(),
    }
}

#[test]
fn a_package_is_told_from_its_event_to_its_fate() {
    insta::assert_snapshot!("package", explained(&plan(), &["GeoIP"]));
}

#[test]
fn a_package_that_arrives_says_whose_place_it_takes() {
    insta::assert_snapshot!("arrival", explained(&plan(), &["chrony"]));
}

#[test]
fn a_finding_is_told_with_the_packages_it_is_about() {
    insta::assert_snapshot!("finding", explained(&plan(), &["user.contradiction"]));
}

#[test]
fn a_repository_is_told_with_what_comes_from_it() {
    insta::assert_snapshot!("repository", explained(&plan(), &["almalinux8-appstream"]));
}

#[test]
fn a_plan_is_told_as_a_whole() {
    insta::assert_snapshot!("whole", render(&Explainer::new(&plan(), []).whole()));
}

#[test]
fn packages_may_be_called_by_more_or_less_of_their_names() {
    let plan = plan();
    let whole = explained(&plan, &["httpd"]);
    for name in [
        "httpd.x86_64",
        "httpd-2.4.6",
        "httpd-2.4.6-99.el7.centos.1",
        "httpd-2.4.6-99.el7.centos.1.x86_64",
        "httpd-0:2.4.6-99.el7.centos.1.x86_64",
        "package:httpd",
    ] {
        assert_eq!(explained(&plan, &[name]), whole, "{name}");
    }
    for name in ["httpd.i686", "httpd-2.4", "httpd-1:2.4.6", "http", "finding:httpd"] {
        assert!(explained(&plan, &[name]).contains("the plan has no"), "{name}");
    }
}

#[test]
fn findings_may_be_called_by_the_end_of_their_id_or_their_key() {
    let plan = plan();
    let whole = explained(&plan, &["user.contradiction"]);
    let finding = plan.findings.iter().find(|f| f.id == "user.contradiction").unwrap();
    let key = crate::report::leapp::stable_key(finding);
    for name in ["contradiction", &key, "finding:contradiction"] {
        assert_eq!(explained(&plan, &[name]), whole, "{name}");
    }
}

#[test]
fn a_name_of_several_things_lists_them() {
    let mut plan = plan();
    plan.repositories[0].id = "bash".parse().unwrap();
    plan.findings[1].id = "shell.bash".into();
    let unclear = explained(&plan, &["bash"]);
    assert_eq!(unclear, "bash may mean package:bash, repository:bash, finding:shell.bash");
    assert!(explained(&plan, &["repository:bash"]).starts_with("bash (repository)"));
    plan.findings[2].id = "other.bash".into();
    let unclear = explained(&plan, &["finding:bash"]);
    assert_eq!(unclear, "finding:bash may mean finding:other.bash, finding:shell.bash");
}

#[test]
fn an_unknown_name_comes_with_those_like_it() {
    let plan = plan();
    let unclear = Explainer::new(&plan, []).explain(&["htp"]).unwrap_err();
    let near = vec!["htop".to_owned(), "ntp".to_owned()];
    assert_eq!(unclear, Unclear::Unknown { name: "htp".to_owned(), near });
}

#[test]
fn what_actors_ask_of_a_package_is_told_with_it() {
    let mut plan = plan();
    let package = "bash".parse().unwrap();
    let directive = Directive::Keep { package };
    plan.directives.push(AskedBy { actor: "keeper".to_owned(), directive });
    assert!(explained(&plan, &["bash"]).contains("keeper: keep bash"));
    assert!(!explained(&plan, &["httpd"]).contains("keeper"));
}

#[test]
fn an_actor_is_spoken_of_in_the_version_that_made_the_plan_only() {
    let mut plan = plan();
    plan.findings[0].actor = "checker".into();
    plan.provenance.actors = vec!["checker@2".to_owned()];
    let card = |version| Card {
        name: "checker",
        version,
        stage: Stage::Host,
        summary: "odd lists",
        about: "It looks.",
        covers: vec!["theirs"],
        applies: String::new(),
        needs: Vec::new(),
        after: Vec::new(),
        can_inhibit: true,
        findings: Vec::new(),
    };
    let told = |version| {
        let explainer = Explainer::new(&plan, [card(version)]);
        render(&explainer.explain(&["user.contradiction"]).unwrap())
    };
    assert!(told(2).contains("Made by checker@2") && told(2).contains("Covers of leapp: theirs"));
    assert!(told(1).contains("Made by checker@2") && !told(1).contains("It looks."));
}

#[test]
fn an_explanation_is_read_back_as_it_was_written() {
    let plan = plan();
    let names = ["bash", "GeoIP", "contradiction", "almalinux8-baseos"];
    let explanation = Explainer::new(&plan, []).explain(&names).unwrap();
    let again: Explanation = serde_json::from_str(&explanation.to_json().unwrap()).unwrap();
    assert_eq!(again, explanation);
}
