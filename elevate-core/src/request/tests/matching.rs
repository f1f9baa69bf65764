//! Which target repository follows a source repository (formats.md 2.4, 2.5),
//! and whose packages are whose (section 7).

use super::*;
use crate::model::{PesId, RepoId};
use crate::request::resolve::Resolver;

/// What the families a repository leads to resolve to.
fn expected(world: &World, source: &str) -> String {
    let snapshot = world.snapshot();
    let (facts, data) = (Facts::new(&snapshot), world.data());
    let cx =
        Context { facts: &facts, data: &data, options: &world.options, rules: Rules::LEAPP_0_21 };
    let map = &data.repo_map.as_ref().expect("a map").value;
    let mut resolver = Resolver::new(&[map], cx.scope());
    let sources = source.split_whitespace().map(|id| RepoId::new(id).unwrap()).collect();
    resolver.set_default_channels(&sources);
    let shown = |(family, found): (&PesId, crate::request::resolve::Found<'_>)| {
        let entry = found.entry.map_or("none", |e| e.repoid.as_str());
        format!("{family}={entry}")
    };
    resolver.expected(&sources).into_iter().map(shown).collect::<Vec<_>>().join(" ")
}

/// Entries as `repository family major channel rhui arch`; base leads to all.
fn world(entries: &[&str]) -> World {
    let mut families: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    let mut mapping: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for text in entries {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [id, family, major, channel, rhui, arch] = words[..] else { panic!("{text}") };
        let rhui = if rhui == "-" { "" } else { rhui };
        families.entry(family).or_default().push(json!({"repoid": id, "major_version": major,
            "channel": channel, "rhui": rhui, "arch": arch, "repo_type": "rpm"}));
        mapping.entry(if major == "7" { family } else { "" }).or_default();
    }
    mapping.remove("");
    let targets: Vec<&str> =
        families.keys().filter(|f| !mapping.contains_key(*f)).copied().collect();
    let list: Vec<Value> =
        mapping.keys().map(|source| json!({"source": source, "target": targets})).collect();
    let repositories: Vec<Value> =
        families.iter().map(|(f, e)| json!({"pesid": f, "entries": e})).collect();
    let map = json!({"version_format": "1.2.1", "mapping": [{"source_major_version": "7",
        "target_major_version": "8", "entries": list}], "repositories": repositories});
    World::plain().file("repomap.json", &map.to_string())
}

#[test]
fn the_equivalent_repository_fits_cloud_channel_and_architecture() {
    let ga_eus = ["t-eus t 8 eus - x86_64", "t-ga t 8 ga - x86_64", "t-e4s t 8 e4s - x86_64"];
    let clouds = ["c-ga t 8 ga aws x86_64", "c-eus t 8 eus aws x86_64"];
    let default_eus = "d rhel7-base 7 eus - x86_64";
    let cases: [(&[&str], &[&str], &str, &str); 8] = [
        (&["s f 7 ga - x86_64"], &ga_eus, "s", "t=t-ga"),
        (&["s f 7 eus - x86_64"], &ga_eus, "s", "t=t-eus"),
        (&["s f 7 eus - x86_64"], &["t-ga t 8 ga - x86_64"], "s", "t=t-ga"),
        (&["s f 7 ga - x86_64"], &["t-eus t 8 eus - x86_64"], "s", "t=none"),
        (&["s f 7 ga - x86_64"], &["t-ga t 8 ga - s390x"], "s", "t=none"),
        (&["s f 7 e4s aws x86_64"], &clouds, "s", "t=c-ga"),
        (&["s f 7 e4s aws x86_64", default_eus], &clouds, "d s", "t=c-eus"),
        (&["s f 7 ga - x86_64"], &ga_eus, "unknown", ""),
    ];
    for (sources, targets, asked, wanted) in cases {
        let all: Vec<&str> = sources.iter().chain(targets).copied().collect();
        assert_eq!(expected(&world(&all), asked), wanted, "{sources:?} {targets:?}");
    }
}

#[test]
fn a_preferred_channel_stands_above_that_of_the_source() {
    let all = [
        "s f 7 ga - x86_64",
        "t-ga t 8 ga - x86_64",
        "t-eus t 8 eus - x86_64",
        "u-ga u 8 ga - x86_64",
    ];
    let world = world(&all).with(|w| w.options.channel = Some(Channel::Eus));
    assert_eq!(expected(&world, "s"), "t=t-eus u=u-ga");
}

#[test]
fn of_records_of_one_repository_the_clouds_own_counts_then_the_last_outside_any() {
    let all = [
        "s fa 7 ga - x86_64",
        "s fb 7 ga aws x86_64",
        "s fc 7 ga azure x86_64",
        "s fd 7 ga - x86_64",
        "t-ga t 8 ga - x86_64",
        "t-aws t 8 ga aws x86_64",
        "t-azure t 8 ga azure x86_64",
    ];
    for (cloud, wanted) in [
        ("", "t=t-ga"),
        ("aws", "t=t-aws"),
        ("aws-sap-e4s", "t=t-aws"),
        ("azure-sap-ha", "t=t-azure"),
        ("google", "t=t-ga"),
    ] {
        let world =
            world(&all).with(|w| w.cloud = Some(cloud.into()).filter(|c: &String| !c.is_empty()));
        assert_eq!(expected(&world, "s"), wanted, "{cloud}");
    }
}

#[test]
fn the_better_channel_of_several_sources_is_kept() {
    let all = [
        "a fa 7 ga - x86_64",
        "b fb 7 eus - x86_64",
        "t-ga t 8 ga - x86_64",
        "t-eus t 8 eus - x86_64",
    ];
    assert_eq!(expected(&world(&all), "a b"), "t=t-eus");
    assert_eq!(expected(&world(&all), "a"), "t=t-ga");
}

#[test]
fn signatures_are_judged_by_the_distributions_keys_and_by_name() {
    let installed = "a b=05b555b38483c65d c=4eb84e71f2ee9d55 d=199e2f91fd431d51 e=5326810137017186 \
                     f! g=72f97b74ec551f03 gpg-pubkey! katello-ca-consumer-sat.example.com! \
                     rhui-azure-rhel8! elevate=429785e181b961a5";
    let signed = "a b c elevate gpg-pubkey katello-ca-consumer-sat.example.com rhui-azure-rhel8";
    let world = World::plain().installed(installed);
    for decisions in [world.leapp(), world.ours()] {
        assert_eq!(texts(decisions.signed).join(" "), signed);
        assert_eq!(texts(decisions.unsigned).join(" "), "d e f g");
    }
    let rhel = world.clone().with(|w| w.system = "rhel:7.9".into());
    assert_eq!(texts(rhel.leapp().unsigned).join(" "), "a b c f g");
    let all = world.with(|w| w.options.all_signed = true);
    assert_eq!(all.leapp().unsigned, BTreeSet::new());
}

#[test]
fn data_streams_are_judged_of_every_asset_that_is_opened() {
    let events =
        |streams: &str| format!(r#"{{"packageinfo": [], "provided_data_streams": {streams}}}"#);
    let (fine, old, odd) = ("", "data.streams-incompatible", "data.streams-malformed");
    let cases = [
        (r#"["3.0"]"#, fine, fine),
        (r#"["2.0", "3.1"]"#, fine, fine),
        (r#"["2.0"]"#, old, fine),
        (r#"["4.0"]"#, old, old),
        (r#"["2.0", "4.0"]"#, old, fine),
        ("null", old, old),
        ("[]", odd, odd),
        (r#""3.0""#, odd, odd),
        (r#"["3"]"#, odd, odd),
    ];
    for (streams, leapp, ours) in cases {
        let world = World::plain().file("pes-events.json", &events(streams));
        let ids = |decisions: Decisions| {
            decisions.findings.into_iter().map(|f| f.id.into_owned()).collect::<Vec<_>>().join(" ")
        };
        let found = (ids(world.leapp()), ids(world.decide(Policy::Default).unwrap()));
        assert_eq!(found, (leapp.to_owned(), ours.to_owned()), "{streams}");
    }
}
