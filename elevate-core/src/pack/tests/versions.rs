use super::*;

/// Two versions of a rule, and a third that is for other hosts.
const VERSIONS: &str = r#"
[[actor]]
name = "panel"
summary = "an old panel"
about = "It is old."
when = "installed('panel')"
[actor.finding]
id = "panel.old"
severity = "low"
title = "Old"
summary = "It is old."

[[actor]]
name = "panel"
version = 2
summary = "an old panel"
about = "It is old."
when = "installed('panel') && packages('panel').exists(p, compare(p.version, '2') < 0)"
[actor.finding]
id = "panel.old"
severity = "high"
title = "Old"
summary = "It is old."

[[actor]]
name = "panel"
version = 3
applies = { archs = ["aarch64"] }
summary = "an old panel"
about = "It is old."
[actor.finding]
id = "panel.old"
severity = "medium"
title = "Old"
summary = "It is old."

[[test]]
name = "the newest that applies counts"
host = "//- packages\npanel-1-1.el7.x86_64"
expect = ["high panel.old"]

[[test]]
name = "elsewhere another one is the newest"
host = "//- host centos:7.9 aarch64"
expect = ["medium panel.old"]

[[test]]
name = "a version that is pinned counts instead"
host = "//- packages\npanel-2-1.el7.x86_64"
pins = ["panel=1"]
expect = ["low panel.old"]

[[test]]
name = "a pinned version that does not apply is silent"
host = "//- packages\npanel-1-1.el7.x86_64"
pins = ["panel=3"]
expect = []
"#;

#[test]
fn of_several_versions_the_newest_that_applies_counts_or_the_pinned_one() {
    assert_eq!(failures(VERSIONS), "");
}

#[test]
fn a_pin_in_a_test_names_a_version() {
    let told = wrong(&VERSIONS.replace("panel=1", "panel"));
    assert!(told.contains("\"panel\" pins no actor; write NAME=VERSION"), "{told}");
    let pack = read(&VERSIONS.replace("panel=1", "panel=9")).unwrap();
    let error = pack.trials[2].run(&pack).unwrap_err().to_string();
    assert!(error.contains("there is no actor panel@9"), "{error}");
}
