use super::*;

const GONE: &str = r#"
[[actor]]
name = "panel_gone"
stage = "transaction"
summary = "parts of the panel that go"
about = "They do not come back."
for_each = "fates('panel*')"
when = "item.fate == 'removed' || item.successors.exists(s, arrives(s))"

[actor.finding]
id = "panel.gone"
severity = "high"
inhibitor = true
title = "Parts go"
summary = "{% for one in items %}{{ one.nevra }} is {{ one.fate }} {{ one.successors | join(' or ') }}; {% endfor %}"

[[actor.directive]]
after = "panel --repair {{ item.name }}"

[[test]]
name = "what goes is told, and what comes instead"
host = "//- packages\npanel\npanel-db-2-1.el7.x86_64\npanel-web\npanel-old"
fates = { panel-db = "removed", panel-web = "replaced panel-httpd panel-nginx", panel-old = "renamed panel-new" }
arrives = ["panel-nginx"]
expect = ["high inhibitor panel.gone"]
asks = ["panel --repair panel-db", "panel --repair panel-web"]
says = ['panel-db-2-1.el7.x86_64 is removed ; ',
        'panel-web-1-1.el7.x86_64 is replaced panel-httpd or panel-nginx; ']

[[test]]
name = "all else is upgraded"
host = "//- packages\npanel"
expect = []
"#;

#[test]
fn an_actor_on_the_transaction_speaks_of_fates() {
    assert_eq!(failures(GONE), "");
    let card = read(GONE).unwrap().actors[0].clone();
    assert_eq!(crate::actor::Actor::card(&*card).stage, crate::actor::Stage::Transaction);
}

#[test]
fn a_question_to_the_transaction_needs_its_stage() {
    let early = wrong(&actor("arrives('x')"));
    assert!(early.contains("give the actor stage = \"transaction\""), "{early}");
    let asks = GONE.replace("after = \"panel", "remove = \"panel");
    let late = wrong(&asks);
    assert!(late.contains("\"remove\" can not be asked when the transaction is known"), "{late}");
}

#[test]
fn a_fate_in_a_test_is_one_of_a_package_the_host_has() {
    for (text, why) in [
        ("panel-db = \"gone\"", "\"gone\" is no fate; write one of removed, "),
        ("panel-db = \"removed panel\"", "\"removed panel\" is no fate"),
        ("panel-db = \"renamed\"", "\"renamed\" is no fate"),
        ("other = \"removed\"", "the host has no package other"),
    ] {
        let told = wrong(&GONE.replace("panel-db = \"removed\"", text));
        assert!(told.contains(why), "{told}");
    }
}
