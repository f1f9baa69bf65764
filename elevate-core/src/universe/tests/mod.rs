//! Small worlds with known answers (solver-rules.md A1).

mod world;

use super::RuledOut;
pub(crate) use world::{installed, target, universe};
pub(in crate::universe) use world::{repository, who_provides};

#[test]
fn versions_are_matched_as_the_specification_s_example_says() {
    let wanted = "a-1-1.x86_64\n requires v = 1\n requires w > 1\n requires y >= 2\n";
    let available = "pv-1-1.x86_64\n provides v = 1-5\n provides w = 1-3\n provides y = 2\n\
                     pw-1-1.x86_64\n provides v\n provides w > 0\n provides y = 1:1\n";
    let universe = universe(wanted, &[available]);
    let (pv, pw) = ("pv-1-1.x86_64", "pw-1-1.x86_64");
    assert_eq!(who_provides(&universe, "v = 1"), [pv, pw]);
    assert_eq!(who_provides(&universe, "w > 1"), [pw]);
    assert_eq!(who_provides(&universe, "y >= 2"), [pv, pw]);
}

#[test]
fn installed_packages_come_first_and_foreign_ones_provide_nothing() {
    let host =
        "old-1-1.x86_64\n requires tool\n provides tool\nzforeign-1-1.ppc64\n provides tool\n";
    let available = "new-1-1.x86_64\n provides tool\nother-1-1.aarch64\n provides tool\n\
                     source-1-1.src\n provides tool\n";
    let universe = universe(host, &[available]);
    let providers = ["old-1-1.x86_64", "zforeign-1-1.ppc64", "new-1-1.x86_64"];
    assert_eq!(who_provides(&universe, "tool"), providers);
    let why: Vec<String> = universe
        .target()
        .all_ruled_out()
        .map(|(package, why)| format!("{}: {why:?}", universe.nevra(package)))
        .collect();
    assert_eq!(why, ["other-1-1.aarch64: ForeignArch", "source-1-1.src: Source"]);
}

#[test]
fn foreign_packages_are_counted_by_repository_and_architecture() {
    let target = target(&[
        "a-1-1.aarch64\nb-1-1.aarch64\nc-1-1.ppc64\nd-1-1.i686\ne-1-1.src\n",
        "f-1-1.aarch64\n",
    ]);
    let counts = target.foreign();
    let counts: Vec<_> =
        counts.iter().map(|((id, arch), count)| (id.as_str(), *arch, *count)).collect();
    assert_eq!(counts, [("a", "aarch64", 2), ("a", "ppc64", 1), ("b", "aarch64", 1)]);
}

#[test]
fn a_file_is_provided_where_somebody_asks_for_it() {
    let host = "old-1-1.x86_64\n requires /usr/bin/new\n files /usr/libexec/old\n\
                blank-1-1.x86_64\n files /usr/bin/nobody-asks\n";
    let available = "new-1-1.x86_64\n requires /usr/libexec/old\n files /usr/bin/new\n\
                     asks-1-1.x86_64\n requires (/usr/bin/rich if x)\n\
                     rich-1-1.x86_64\n files /usr/bin/rich\n";
    let universe = universe(host, &[available]);
    assert_eq!(who_provides(&universe, "/usr/bin/new"), ["new-1-1.x86_64"]);
    assert_eq!(who_provides(&universe, "/usr/libexec/old"), ["old-1-1.x86_64"]);
    assert_eq!(who_provides(&universe, "(/usr/bin/rich if x)"), ["rich-1-1.x86_64"]);
    assert_eq!(universe.find("/usr/bin/nobody-asks"), None);
    assert!(universe.unlisted().is_empty());
}

#[test]
fn a_path_that_file_lists_were_not_searched_for_is_said() {
    let universe = universe("a-1-1.x86_64\n requires /usr/libexec/x\n", &["b-1-1.x86_64\n"]);
    assert_eq!(universe.unlisted(), ["/usr/libexec/x"]);
}

#[test]
fn the_system_provides_what_rpm_can_do() {
    let host = "a-1-1.x86_64\n requires rpmlib(X) <= 1-1\n requires rpmlib(Y)\n";
    let universe = universe(host, &[""]);
    assert_eq!(who_provides(&universe, "rpmlib(X) <= 1-1").len(), 1);
    assert!(who_provides(&universe, "rpmlib(Y)").is_empty());
}

#[test]
fn providers_of_rich_terms_are_those_of_their_parts() {
    let host = "a-1-1.x86_64\n requires (x with y)\n requires (x without y)\n requires (x or y)\n\
                \x20requires (x if z else y)\n";
    let available = "px-1-1.x86_64\n provides x\npy-1-1.x86_64\n provides y\n\
                     pxy-1-1.x86_64\n provides x\n provides y\n";
    let universe = universe(host, &[available]);
    let (px, py, pxy) = ("px-1-1.x86_64", "py-1-1.x86_64", "pxy-1-1.x86_64");
    assert_eq!(who_provides(&universe, "(x with y)"), [pxy]);
    assert_eq!(who_provides(&universe, "(x without y)"), [px]);
    assert_eq!(who_provides(&universe, "(x or y)"), [px, py, pxy]);
    assert_eq!(who_provides(&universe, "(x if z else y)"), [px, py, pxy]);
}

#[test]
fn obsoletes_name_packages_and_not_what_they_provide() {
    let host = "foo-1-1.x86_64\n provides bar = 5\n";
    let available = "new-1-1.x86_64\n obsoletes foo < 2\n obsoletes bar\n obsoletes foo = 1-2\n";
    let universe = universe(host, &[available]);
    let foo = universe.installed().next().unwrap();
    let new = universe.target().packages().next().unwrap();
    let terms = universe.list(new, super::List::Obsoletes);
    let named: Vec<bool> = terms.iter().map(|term| universe.is_named(foo, *term)).collect();
    assert_eq!(named, [true, false, false]);
    assert_eq!(universe.providers(terms[1]).len(), 1);
}

#[test]
fn the_first_reason_a_package_is_ruled_out_for_counts() {
    let mut target = target(&["a-1-1.x86_64\n"]);
    let package = target.packages().next().unwrap();
    assert_eq!(target.ruled_out(package), None);
    target.rule_out(package, RuledOut::NotIncluded);
    target.rule_out(package, RuledOut::ForeignArch);
    assert_eq!(target.ruled_out(package), Some(&RuledOut::NotIncluded));
}

#[test]
fn packages_of_one_name_keep_the_order_of_the_database() {
    let host = installed("k-2-1.x86_64\nb-1-1.x86_64\nk-1-1.x86_64\na-1-1.x86_64\n");
    let universe = super::Universe::new(std::sync::Arc::new(target(&[])), &host).unwrap();
    let names: Vec<String> = universe.installed().map(|package| universe.nevra(package)).collect();
    assert_eq!(names, ["a-1-1.x86_64", "b-1-1.x86_64", "k-2-1.x86_64", "k-1-1.x86_64"]);
    let origins: Vec<_> = universe.installed().map(|package| universe.origin(package)).collect();
    assert_eq!(origins, [Some(3), Some(1), Some(0), Some(2)]);
}

#[test]
fn a_vendor_that_rpm_prints_as_none_is_none() {
    let mut host = installed("a-1-1.noarch\nb-1-1.noarch\nc-1-1.noarch\n");
    for (package, vendor) in host.iter_mut().zip([Some("(none)"), None, Some("CentOS")]) {
        package.vendor = vendor.map(str::to_owned);
    }
    let universe = super::Universe::new(std::sync::Arc::new(target(&[])), &host).unwrap();
    let vendors: Vec<&str> =
        universe.installed().map(|package| universe.text(universe.vendor(package))).collect();
    assert_eq!(vendors, ["", "", "CentOS"]);
}

#[test]
fn packages_that_need_different_things_are_told_apart_whatever_their_numbers() {
    let pairs: Vec<(u32, u32)> = (0_u32..8).flat_map(|a| (a + 1..8).map(move |b| (a, b))).collect();
    let package =
        |n: usize, (a, b): (u32, u32)| format!("p{n}-1-1.x86_64\n requires c{a}\n requires c{b}\n");
    let host: String = pairs.iter().enumerate().map(|(n, pair)| package(n, *pair)).collect();
    let twin = "p99-1-1.x86_64\n requires c1\n requires c0\n";
    let universe = universe(&(host + twin), &[]);
    let all: Vec<_> = universe.installed().collect();
    let same = |a, b| universe.need_the_same(all[a], all[b]);
    for a in 0..pairs.len() {
        for b in 0..a {
            assert!(!same(a, b), "{:?} and {:?}", pairs[a], pairs[b]);
        }
    }
    let named = |name: &str| all.iter().position(|p| universe.nevra(*p).starts_with(name)).unwrap();
    assert!(same(named("p0-"), named("p99-")));
}
