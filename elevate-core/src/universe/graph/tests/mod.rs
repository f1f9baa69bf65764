//! Small hosts with known answers.

pub(super) mod properties;

use super::{Bonds, DependencyGraph, Found, Wanted};
use crate::universe::tests::{installed, universe};
use crate::universe::{SolvableId, Universe};

/// Asks about a host on which the named packages were wanted for themselves and
/// all others came for their sake; or, where none is named, nobody noted why any
/// came.
fn ask<T>(host: &str, wanted: &[&str], question: impl Fn(&DependencyGraph<'_>) -> T) -> T {
    let universe = universe(host, &[]);
    let by = |package| match universe.text(universe.name(package)) {
        _ if wanted.is_empty() => Wanted::Unknown,
        name if wanted.contains(&name) => Wanted::ForItself,
        _ => Wanted::AsDependency,
    };
    question(&DependencyGraph::new(&universe, universe.installed(), by))
}

/// Packages by their names.
fn named(graph: &DependencyGraph<'_>, names: &[&str]) -> Vec<SolvableId> {
    let name = |package: &SolvableId| name(graph.universe(), *package);
    graph.packages().iter().copied().filter(|p| names.contains(&name(p).as_str())).collect()
}

fn name(universe: &Universe, package: SolvableId) -> String {
    universe.text(universe.name(package)).to_owned()
}

fn names(graph: &DependencyGraph<'_>, packages: &[SolvableId]) -> Vec<String> {
    packages.iter().map(|package| name(graph.universe(), *package)).collect()
}

/// What goes along, round by round, and what is left over.
fn removal(host: &str, wanted: &[&str], asked: &[&str]) -> (Vec<Vec<String>>, Vec<String>) {
    ask(host, wanted, |graph| {
        let removal = graph.removal(&named(graph, asked));
        let round = |round: &Vec<super::Leaving>| {
            round.iter().map(|leaving| name(graph.universe(), leaving.package)).collect()
        };
        (removal.rounds.iter().map(round).collect(), names(graph, &removal.left_over))
    })
}

/// Ways down to a package, as `from -[what]-> to`, with `?` where another would do.
fn why(host: &str, wanted: &[&str], package: &str) -> Vec<String> {
    ask(host, wanted, |graph| {
        let universe = graph.universe();
        let why = graph.why(named(graph, &[package])[0], 9);
        let way = |chain: &super::Chain| {
            let first = chain.links.first().map(|link| name(universe, link.from));
            let link = |link: &super::Link| {
                let sure = if link.only { "" } else { "?" };
                format!(" -[{}{sure}]-> {}", universe.show(link.term), name(universe, link.to))
            };
            first.into_iter().chain(chain.links.iter().map(link)).collect()
        };
        why.chains.iter().map(way).collect()
    })
}

const SHOP: &str = "\
shop-1-1.noarch
  requires shop-libs
  requires webserver
  before shell
shop-libs-1-1.x86_64
  requires libc.so.6
nginx-1-1.x86_64
  requires libc.so.6
  provides webserver
httpd-1-1.x86_64
  requires libc.so.6
  provides webserver
bash-1-1.x86_64
  requires libc.so.6
  provides shell
glibc-1-1.x86_64
  requires glibc-common
  provides libc.so.6
glibc-common-1-1.x86_64
  requires glibc
";

#[test]
fn a_package_needs_all_who_meet_its_requirements_and_knows_the_only_ones() {
    let links = |names: fn(&DependencyGraph<'_>) -> super::Links| {
        ask(SHOP, &["shop"], |graph| {
            let universe = graph.universe();
            let line = |link: &super::Link| {
                let (from, to) = (name(universe, link.from), name(universe, link.to));
                format!("{from} {:?} {to} {}", link.bond, link.only)
            };
            names(graph).links.iter().map(line).collect::<Vec<_>>()
        })
    };
    let needs = links(|graph| graph.needs(named(graph, &["shop"])[0], Bonds::Hard));
    assert_eq!(
        needs,
        [
            "shop RequiresBefore bash true",
            "shop Requires httpd false",
            "shop Requires nginx false",
            "shop Requires shop-libs true",
        ]
    );
    let needed_by = links(|graph| graph.needed_by(named(graph, &["nginx"])[0], Bonds::Hard));
    assert_eq!(needed_by, ["shop Requires nginx false"]);
}

#[test]
fn a_package_goes_when_the_last_of_its_alternatives_does() {
    assert_eq!(removal(SHOP, &["shop"], &["nginx"]), (vec![], vec![]));
    let (rounds, left_over) = removal(SHOP, &["shop"], &["nginx", "httpd"]);
    assert_eq!(rounds, [["shop"]]);
    assert_eq!(left_over, ["bash", "glibc", "glibc-common", "shop-libs"]);
    let (rounds, _) = removal(SHOP, &["shop"], &["glibc-common"]);
    assert_eq!(rounds, [vec!["glibc"], vec!["bash", "httpd", "nginx", "shop-libs"], vec!["shop"]]);
}

#[test]
fn what_a_user_wanted_or_nothing_needed_before_is_not_left_over() {
    let host = "app-1-1.x86_64\n requires lib\nlib-1-1.x86_64\nleaf-1-1.x86_64\n";
    assert_eq!(removal(host, &["app"], &["app"]).1, ["lib"]);
    assert_eq!(removal(host, &["app", "lib"], &["app"]).1, Vec::<String>::new());
    assert_eq!(removal(host, &[], &["app"]).1, ["lib"]);
}

#[test]
fn ways_lead_down_from_what_was_wanted() {
    assert_eq!(
        why(SHOP, &["shop", "bash"], "glibc"),
        ["bash -[libc.so.6]-> glibc", "shop -[shop-libs]-> shop-libs -[libc.so.6]-> glibc",]
    );
    assert_eq!(why(SHOP, &["shop"], "nginx"), ["shop -[webserver?]-> nginx"]);
    assert_eq!(why(SHOP, &["shop"], "shop"), Vec::<String>::new());
}

#[test]
fn without_notes_ways_lead_down_from_what_nothing_needs() {
    assert_eq!(why(SHOP, &[], "bash"), ["shop -[shell]-> bash"]);
    let circle =
        "a-1-1.x86_64\n requires b\nb-1-1.x86_64\n requires a\n requires c\nc-1-1.x86_64\n";
    assert_eq!(why(circle, &[], "c"), ["b -[c]-> c"]);
    ask(circle, &[], |graph| {
        let why = graph.why(named(graph, &["a"])[0], 9);
        assert_eq!(
            (names(graph, &why.circle), why.is_leaf),
            (vec!["a".into(), "b".into()], Some(false))
        );
    });
}

#[test]
fn ways_are_bounded_and_the_rest_is_counted() {
    let apps: String = (0..7).map(|n| format!("app{n}-1-1.noarch\n requires lib\n")).collect();
    ask(&format!("{apps}lib-1-1.noarch\n"), &[], |graph| {
        let why = graph.why(named(graph, &["lib"])[0], 3);
        assert_eq!((why.chains.len(), why.more), (3, 4));
    });
}

#[test]
fn cycles_leaves_and_orphans_are_told_apart() {
    let host = format!("{SHOP}old-1-1.noarch\n requires older\nolder-1-1.noarch\n");
    ask(&host, &["shop"], |graph| {
        let cycles: Vec<_> = graph.cycles().iter().map(|cycle| names(graph, cycle)).collect();
        assert_eq!(cycles, [["glibc", "glibc-common"]]);
        assert_eq!(names(graph, &graph.leaves(Bonds::Hard)), ["old", "shop"]);
        assert_eq!(names(graph, &graph.orphans()), ["old", "older"]);
    });
    ask(&host, &[], |graph| assert!(graph.orphans().is_empty(), "nobody noted why any came"));
}

fn order(host: &str) -> Vec<Vec<String>> {
    ask(host, &[], |graph| {
        graph.order().iter().map(|group| names(graph, &group.packages)).collect()
    })
}

#[test]
fn providers_are_installed_before_those_who_need_them() {
    let groups: Vec<String> = order(SHOP).iter().map(|group| group.join("+")).collect();
    assert_eq!(groups, ["glibc+glibc-common", "shop-libs", "nginx", "httpd", "bash", "shop"]);
}

#[test]
fn within_a_cycle_what_must_be_there_before_comes_first() {
    let host = "\
a-1-1.noarch
  before c
  requires b
b-1-1.noarch
  before a
c-1-1.noarch
  requires b
";
    assert_eq!(order(host), [["c", "a", "b"]]);
    // Where that is mutual too, nothing can be done.
    let mutual = "a-1-1.noarch\n before b\nb-1-1.noarch\n before a\n";
    assert_eq!(order(mutual), [["a", "b"]]);
}

#[test]
fn a_condition_counts_where_it_is_there() {
    let rich = "\
app-1-1.noarch
  requires (plugin if desktop)
plugin-1-1.noarch
";
    assert_eq!(removal(rich, &[], &["plugin"]).0, Vec::<Vec<String>>::new());
    let desktop = format!("{rich}desktop-1-1.noarch\n");
    assert_eq!(removal(&desktop, &[], &["plugin"]).0, [["app"]]);
    assert_eq!(removal(&desktop, &[], &["plugin", "desktop"]).0, Vec::<Vec<String>>::new());
    assert_eq!(why(&desktop, &[], "plugin"), ["app -[(plugin if desktop)]-> plugin"]);
    ask(rich, &[], |graph| assert_eq!(names(graph, &graph.leaves(Bonds::Hard)), ["app", "plugin"]));
}

#[test]
fn rich_dependencies_hold_as_rpm_says() {
    let all = ["a", "b", "c"];
    let cases: [(&str, &[&str]); 8] = [
        ("(a and b)", &["ab", "abc"]),
        ("(a or b)", &["a", "b", "ab", "ac", "bc", "abc"]),
        ("(a if b)", &["", "a", "c", "ab", "ac", "abc"]),
        ("(a if b else c)", &["c", "ab", "ac", "abc"]),
        ("(a unless b)", &["a", "ac"]),
        ("(a unless b else c)", &["a", "ac", "bc", "abc"]),
        ("(a with x)", &["a", "ab", "ac", "abc"]),
        ("(x without a)", &["b", "ab", "bc", "abc"]),
    ];
    for (dependency, holding) in cases {
        for set in 0..8 {
            let there = all.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0);
            let there: Vec<&str> = there.map(|(_, name)| *name).collect();
            let mut host = format!("z-1-1.noarch\n requires {dependency}\n");
            for name in &there {
                host.push_str(&format!("{name}-1-1.noarch\n"));
                if matches!(*name, "a" | "b") {
                    host.push_str(" provides x\n");
                }
            }
            let broken = ask(&host, &[], |graph| graph.broken().count());
            let there = there.concat();
            assert_eq!(broken == 0, holding.contains(&there.as_str()), "{dependency} of {there:?}");
        }
    }
}

#[test]
fn a_rich_dependency_on_itself_and_another_takes_the_other() {
    let host = "a-1-1.noarch\n requires (a and b)\nb-1-1.noarch\n requires (b or a)\n";
    assert_eq!(removal(host, &[], &["b"]).0, [["a"]]);
    assert_eq!(removal(host, &[], &["a"]).0, Vec::<Vec<String>>::new());
    ask(host, &[], |graph| assert_eq!(names(graph, &graph.leaves(Bonds::Hard)), ["a"]));
}

#[test]
fn files_twins_and_several_kernels_are_providers_like_others() {
    let host = "\
tool-1-1.noarch
  requires /usr/bin/perl
  requires kernel >= 2
  requires libz.so.1
perl-1-1.x86_64
  files /usr/bin/perl
kernel-3-1.x86_64
kernel-2-1.x86_64
kernel-1-1.x86_64
zlib-1-1.i686
  provides libz.so.1
zlib-1-1.x86_64
  provides libz.so.1()(64bit)
";
    assert_eq!(removal(host, &[], &["perl"]).0, [["tool"]]);
    assert_eq!(removal(host, &[], &["zlib"]).0, [["tool"]]);
    ask(host, &[], |graph| {
        let tool = named(graph, &["tool"])[0];
        let of = |text: &str| match graph.find(text, &installed(host)) {
            Found::Named(found) => found,
            other => panic!("{text}: {other:?}"),
        };
        let takes = |text: &str| graph.removal(&of(text)).rounds.concat();
        assert_eq!(takes("kernel-3-1"), []);
        assert_eq!(takes("zlib.x86_64"), []);
        assert_eq!(takes("zlib.i686")[0].package, tool);
        assert_eq!(graph.removal(&[of("kernel-3-1"), of("kernel-2-1")].concat()).rounds.len(), 1);
    });
}

#[test]
fn weak_dependencies_explain_and_keep_but_break_nothing() {
    let host = "\
app-1-1.noarch
  recommends helper
helper-1-1.noarch
addon-1-1.noarch
  supplements (app and helper)
";
    assert_eq!(why(host, &["app"], "helper"), ["app -[helper]-> helper"]);
    assert_eq!(why(host, &["app"], "addon"), ["app -[(app and helper)]-> addon"]);
    assert_eq!(removal(host, &["app"], &["helper"]), (vec![], vec!["addon".to_owned()]));
    let all = vec!["addon".to_owned(), "helper".to_owned()];
    assert_eq!(removal(host, &["app"], &["app"]), (vec![], all));
    ask(host, &["app"], |graph| {
        assert!(graph.orphans().is_empty());
        assert_eq!(names(graph, &graph.leaves(Bonds::All)), ["app"]);
        assert_eq!(graph.leaves(Bonds::Hard).len(), 3);
    });
}

#[test]
fn what_is_broken_already_takes_nothing_along() {
    let host = "a-1-1.noarch\n requires gone\n requires b\nb-1-1.noarch\n";
    ask(host, &[], |graph| {
        let broken: Vec<String> =
            graph.broken().map(|r| graph.universe().show(r.term).to_string()).collect();
        assert_eq!(broken, ["gone"]);
    });
    assert_eq!(removal(host, &[], &["b"]).0, [["a"]]);
    assert_eq!(removal("a-1-1.noarch\n requires gone\nb-1-1.noarch\n", &[], &["b"]).0.len(), 0);
}

#[test]
fn what_rpm_can_do_is_no_package() {
    let host = "a-1-1.noarch\n before rpmlib(X) <= 4\n";
    ask(host, &[], |graph| {
        assert_eq!(graph.requirements().len() + graph.broken().count(), 0);
    });
}

#[test]
fn packages_of_a_bare_list_are_unknown() {
    let mut host = installed("a-1-1.noarch\n requires b\nb-1-1.noarch\n");
    host[0].data = None;
    let universe =
        Universe::new(std::sync::Arc::new(crate::universe::tests::target(&[])), &host).unwrap();
    let graph = DependencyGraph::of_installed(&universe, &host);
    assert_eq!(names(&graph, graph.unknown()), ["a"]);
    let is_leaf = |name: &str| graph.why(named(&graph, &[name])[0], 9).is_leaf;
    assert_eq!((is_leaf("a"), is_leaf("b")), (None, None));
}

#[test]
fn a_package_is_found_by_whatever_names_it() {
    let host = "\
bash-4.2-34.x86_64
  files /usr/bin/bash
  provides config(bash) = 4.2-34
bash-completion-1-1.noarch
bind-libs-32:9.11-4.x86_64
zlib-1.2-3.i686
zlib-1.2-3.x86_64
";
    let packages = installed(host);
    ask(host, &[], |graph| {
        let find = |text: &str| match graph.find(text, &packages) {
            Found::Named(found) => names(graph, &found).join(" "),
            Found::Providing(found) => format!("by {}", names(graph, &found).join(" ")),
            Found::Nothing(near) => format!("near {}", near.join(" ")),
        };
        for text in ["bash", "bash.x86_64", "bash-4.2", "bash-4.2-34", "bash-4.2-34.x86_64"] {
            assert_eq!(find(text), "bash", "{text}");
        }
        for text in ["bind-libs-32:9.11-4.x86_64", "bind-libs-9.11-4", "bind-libs"] {
            assert_eq!(find(text), "bind-libs", "{text}");
        }
        assert_eq!((find("zlib"), find("zlib.i686")), ("zlib zlib".into(), "zlib".into()));
        assert_eq!(find("bash-0:4.2-34"), "bash");
        for text in ["/usr/bin/bash", "config(bash)", "config(bash) >= 4", "bash >= 4"] {
            assert_eq!(find(text), "by bash", "{text}");
        }
        assert_eq!(find("bahs"), "near ");
        assert_eq!(find("bask"), "near bash");
        assert_eq!(find("bash >= 5"), "near ");
        assert_eq!(find("completion"), "near bash-completion");
        assert_eq!(find(""), "near ");
    });
}

#[test]
fn packages_of_repositories_are_asked_about_like_installed_ones() {
    let host = "old-1-1.noarch\n requires lib\nlib-1-1.noarch\n";
    let available = "new-2-1.noarch\n requires /usr/bin/run\n recommends lib\n\
                     run-2-1.noarch\n files /usr/bin/run\n requires base\n\
                     base-2-1.noarch\nother-2-1.noarch\n provides base\n";
    let universe = universe(host, &[available]);
    let there = |package: &SolvableId| name(&universe, *package) != "other";
    let graph =
        DependencyGraph::new(&universe, universe.packages().filter(there), |_| Wanted::Unknown);
    let order: Vec<String> =
        graph.order().iter().flat_map(|group| names(&graph, &group.packages)).collect();
    let at = |name: &str| order.iter().position(|other| other == name).unwrap();
    assert!(at("base") < at("run") && at("run") < at("new") && at("lib") < at("old"), "{order:?}");
    let taken = graph.removal(&named(&graph, &["base"])).rounds.concat();
    let taken: Vec<SolvableId> = taken.iter().map(|leaving| leaving.package).collect();
    assert_eq!(names(&graph, &taken), ["run", "new"]);
    assert_eq!(names(&graph, &graph.leaves(Bonds::All)), ["old", "new"]);
}

#[test]
fn a_chain_may_be_as_long_as_there_are_packages() {
    const LONG: usize = 20_000;
    let packages = (0..LONG).map(|n| format!("p{n:05}-1-1.noarch\n requires p{:05}\n", n + 1));
    let host = packages.collect::<String>() + &format!("p{LONG}-1-1.noarch\n");
    let last = format!("p{LONG}");
    ask(&host, &[], |graph| {
        let last = named(graph, &[&last]);
        assert_eq!(graph.removal(&last).rounds.len(), LONG);
        assert_eq!(graph.why(last[0], 1).chains[0].links.len(), LONG);
        assert_eq!(graph.order().len(), LONG + 1);
        assert_eq!(graph.cycles().len(), 0);
    });
}

#[test]
fn a_condition_with_an_alternative_is_needed_itself() {
    let host = "app-1-1.noarch\n requires (a if b else b)\na-1-1.noarch\nb-1-1.noarch\n";
    ask(host, &[], |graph| {
        let links = graph.needed_by(named(graph, &["b"])[0], Bonds::Hard).links;
        assert_eq!(links.iter().map(|link| link.only).collect::<Vec<_>>(), [true]);
    });
    assert_eq!(removal(host, &[], &["b"]).0, [["app"]]);
}
