//! What calls become, in small worlds (solver-rules.md A3).

use std::sync::Arc;

use super::super::{Changes, Fixed, Profile, Switches};
use super::kernels::over_the_limit;
use super::*;
use crate::universe::tests::{installed, target, universe};

/// A command as a line: `+` marks one for the best packages.
fn shown(universe: &Universe, command: &Command) -> String {
    let of = |packages: &[SolvableId]| {
        let all: Vec<String> = packages.iter().map(|id| universe.nevra(*id)).collect();
        all.join(" ").replace(".x86_64", "")
    };
    let selection = match &command.selection {
        Selection::One(package) => of(&[*package]),
        Selection::OneOf(packages) => format!("[{}]", of(packages)),
        Selection::Provides(term) => universe.show(*term).to_string(),
        other => format!("{other:?}"),
    };
    let targeted = if command.targeted { " targeted" } else { "" };
    let best = if command.best { "+" } else { "" };
    format!("{:?}{best}{targeted} {selection}", command.action)
}

fn policy() -> Policy {
    let installonly = vec!["kernel".to_owned(), "nobody-provides-this".to_owned()];
    Policy { allow_erasing: false, installonly, ..Policy::leapp() }
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The calls `remove`, `install`, `upgrade` and `reinstall` with these texts.
fn calls([remove, install, upgrade, reinstall]: [&str; 4]) -> Calls {
    let [remove, install, upgrade, reinstall] = [remove, install, upgrade, reinstall].map(words);
    Calls { remove, install, upgrade, reinstall, ..Calls::new(policy()) }
}

fn lines(universe: &Universe, calls: &Calls) -> Vec<String> {
    calls.plan(universe).goal.commands.iter().map(|command| shown(universe, command)).collect()
}

fn unmatched(universe: &Universe, calls: &Calls) -> Vec<(Call, String, Why)> {
    let all = calls.plan(universe).unmatched.into_iter();
    all.map(|unmatched| (unmatched.call, unmatched.spec, unmatched.why)).collect()
}

const HOST: &str = "\
bar-1-1.x86_64
 provides tool
foo-1-1.i686
foo-1-1.x86_64
kernel-1-1.x86_64
kernel-2-1.x86_64
mine-1-1.x86_64
 obsoletes bar
same-1-1.x86_64
";

const AVAILABLE: &str = "\
foo-2-1.x86_64
foo-0.5-1.x86_64
baz-1-1.x86_64
 obsoletes foo < 1.5
qux-1-1.x86_64
 obsoletes foo = 2
off-1-1.x86_64
 obsoletes foo < 1
wrong-1-1.x86_64
 obsoletes tool
same-1-1.x86_64
cap-1-1.x86_64
 provides tool
";

fn world() -> Universe {
    universe(HOST, &[AVAILABLE, "same-1-1.x86_64\n"])
}

#[test]
fn remove_erases_each_installed_match() {
    let universe = world();
    assert_eq!(
        lines(&universe, &calls(["foo", "", "", ""])),
        ["Erase+ foo-1-1.i686", "Erase+ foo-1-1", "Multiversion kernel"]
    );
    let by_capability = lines(&universe, &calls(["tool", "", "", ""]));
    assert_eq!(by_capability[0], "Erase+ bar-1-1");
    let by_version = lines(&universe, &calls(["kernel-2-1.x86_64", "", "", ""]));
    assert_eq!(by_version[0], "Erase+ kernel-2-1");
}

#[test]
fn install_asks_for_one_of_all_matches_and_what_obsoletes_them() {
    let universe = world();
    let line = |spec: &str| lines(&universe, &calls(["", spec, "", ""])).remove(0);
    let all = "foo-1-1.i686 foo-1-1 foo-2-1 foo-0.5-1 baz-1-1 qux-1-1 off-1-1";
    assert_eq!(line("foo"), format!("Install+ [{all}]"));
    assert_eq!(line("bar"), "Install+ [bar-1-1 mine-1-1]");
    assert_eq!(line("foo.x86_64"), "Install+ [foo-1-1 foo-2-1 foo-0.5-1]");
    assert_eq!(line("foo-2"), "Install+ [foo-2-1]");
    assert_eq!(line("tool"), "Install+ [bar-1-1 cap-1-1]");
}

#[test]
fn upgrade_takes_what_obsoletes_installed_packages_or_their_upgrades() {
    let universe = world();
    let line = |spec: &str| lines(&universe, &calls(["", "", spec, ""])).remove(0);
    let all = "foo-1-1.i686 foo-1-1 foo-2-1 foo-0.5-1 baz-1-1 qux-1-1";
    assert_eq!(line("foo"), format!("Update+ targeted [{all}]"));
    assert_eq!(line("bar"), "Update+ targeted [bar-1-1]");
    assert_eq!(line("kernel"), "Update+ targeted [kernel-1-1 kernel-2-1]");
    // The newest installed one of a name is among what may stay.
    assert_eq!(line("kernel-1-1"), "Update+ targeted [kernel-1-1 kernel-2-1]");
}

#[test]
fn reinstall_takes_the_last_repository_that_has_the_same_package() {
    let universe = world();
    let plan = calls(["", "", "", "same bar"]).plan(&universe);
    let last = universe.target().packages().last().unwrap();
    assert_eq!(plan.goal.commands[0].selection, Selection::OneOf(vec![last]));
    assert_eq!(shown(&universe, &plan.goal.commands[0]), "Install+ [same-1-1]");
    assert!(plan.goal.switches.allow_downgrade);
    assert_eq!(plan.unmatched[0].why, Why::NotAvailable);
}

#[test]
fn what_nothing_matches_is_told_call_by_call() {
    let universe = world();
    let calls = calls(["x baz", "x", "x baz", "cap bar"]);
    let (none, not_installed) = (Why::Nothing, Why::NotInstalled);
    let expected = [
        (Call::Remove, "x", none),
        (Call::Remove, "baz", not_installed),
        (Call::Install, "x", none),
        (Call::Upgrade, "x", none),
        (Call::Upgrade, "baz", not_installed),
        (Call::Reinstall, "cap", not_installed),
        (Call::Reinstall, "bar", Why::NotAvailable),
    ];
    assert_eq!(unmatched(&universe, &calls), expected.map(|(c, s, w)| (c, s.to_owned(), w)));
    assert_eq!(lines(&universe, &calls), ["Multiversion kernel"]);
    assert!(!calls.plan(&universe).goal.switches.allow_downgrade);
}

#[test]
fn commands_come_in_the_order_of_dnf() {
    let host = "a-1-1.x86_64\n recommends weak\nb-1-1.x86_64\nkernel-1-1.x86_64\n";
    let universe = universe(host, &["b-2-1.x86_64\nc-1-1.x86_64\nweak-1-1.x86_64\n"]);
    let calls = Calls {
        sync: true,
        policy: Policy {
            allow_erasing: true,
            weak_exclusions: WeakExclusions::ByVersion,
            protected: ["b".parse().unwrap()].into(),
            running_kernel: Some("1-1.x86_64".to_owned()),
            ..policy()
        },
        ..calls(["a", "c", "b", ""])
    };
    assert_eq!(
        lines(&universe, &calls),
        [
            "Erase+ a-1-1",
            "Install+ [c-1-1]",
            "Update+ targeted [b-1-1 b-2-1]",
            "Sync+ Available",
            "ExcludeFromWeak weak-1-1",
            "Multiversion kernel",
            "AllowErase a-1-1",
        ]
    );
    let goal = calls.plan(&universe).goal;
    assert_eq!(goal.commands[0].fixed, Fixed::default());
    assert!(goal.commands[1..4].iter().all(|command| command.fixed == Fixed::BY_DNF));
    assert_eq!(goal.switches, Switches::DNF);
}

#[test]
fn lists_keep_their_own_order() {
    let universe = world();
    let all = lines(&universe, &calls(["", "qux baz", "", ""]));
    assert_eq!(all[..2], ["Install+ [qux-1-1]", "Install+ [baz-1-1]"]);
}

#[test]
fn switches_follow_the_policy() {
    let universe = world();
    let strict = Policy {
        best: false,
        allow_vendor_change: false,
        weak_dependencies: false,
        colours: false,
        ..policy()
    };
    let goal = Calls { policy: strict, ..calls(["foo", "", "bar", ""]) }.plan(&universe).goal;
    assert_eq!(
        goal.switches,
        Switches {
            allow_downgrade: false,
            allow_vendor_change: false,
            sync_allows_vendor_change: false,
            weak_dependencies: false,
            colours: false,
            ..Switches::DNF
        }
    );
    assert!(goal.commands.iter().all(|command| !command.best));
}

#[test]
fn excluded_packages_are_neither_matched_nor_erased() {
    let mut universe = world();
    universe.exclude(&["foo".to_owned(), "qux".to_owned(), "mine".to_owned()]);
    let policy = Policy { allow_erasing: true, ..policy() };
    let calls = Calls { policy, ..calls(["foo", "bar", "", ""]) };
    let all = lines(&universe, &calls);
    assert_eq!(
        all,
        [
            "Install+ [bar-1-1]",
            "Multiversion kernel",
            "AllowErase bar-1-1",
            "AllowErase kernel-1-1",
            "AllowErase kernel-2-1",
            "AllowErase same-1-1",
        ]
    );
    assert_eq!(unmatched(&universe, &calls)[0].2, Why::Nothing);
}

#[test]
fn files_are_matched_where_the_universe_was_asked_for_them() {
    let calls = calls(["/usr/libexec/old", "/usr/bin/new", "", ""]);
    let host = installed("old-1-1.x86_64\n files /usr/libexec/old\n");
    let target = Arc::new(target(&["new-1-1.x86_64\n files /usr/bin/new\n"]));
    let without = Universe::new(Arc::clone(&target), &host).unwrap();
    assert_eq!(unmatched(&without, &calls).len(), 2);
    let universe = Universe::asking(target, &host, &calls.paths()).unwrap();
    assert_eq!(lines(&universe, &calls)[..2], ["Erase+ old-1-1", "Install+ [new-1-1]"]);
}

#[test]
fn weak_dependencies_do_not_bring_what_the_host_was_without() {
    let host = "a-1-1.x86_64\n recommends lib >= 2\n recommends tool\n recommends (x or y)\n\
                lib-1-1.x86_64\nold-1-1.x86_64\n";
    let available = "lib-2-1.x86_64\ntool-1-1.x86_64\nx-1-1.x86_64\n\
                     addon-1-1.x86_64\n supplements lib\n\
                     old-2-1.x86_64\n supplements lib\n\
                     rich-1-1.x86_64\n supplements (a and lib)\n\
                     stranger-1-1.x86_64\n supplements x\n";
    let universe = universe(host, &[available]);
    let excluded = |how: WeakExclusions| {
        let all = weak::excluded(&universe, how).into_iter();
        all.map(|id| universe.nevra(id).replace("-1.x86_64", "")).collect::<Vec<_>>()
    };
    assert_eq!(excluded(WeakExclusions::Off), [""; 0]);
    assert_eq!(excluded(WeakExclusions::ByVersion), ["lib-2", "tool-1", "addon-1"]);
    assert_eq!(excluded(WeakExclusions::ByName), ["tool-1", "addon-1"]);
}

#[test]
fn the_running_kernel_is_the_owner_of_its_files() {
    let host = "kernel-1-1.x86_64\n provides kernel = 1-1\n\
                kernel-debug-1-1.x86_64\n provides kernel\n files /boot/vmlinuz-1-1.x86_64.debug\n\
                kernel-ml-5:2-1.x86_64\n provides kernel\n\
                kmod-x-1-1.x86_64\n files /lib/modules/1-1.x86_64.debug\n\
                renamed-3-1.x86_64\n files /lib/modules/3-1.custom\n";
    let universe = universe(host, &[""]);
    let running = |release: &str| {
        let found = kernels::running(&universe, release);
        found.map(|id| universe.text(universe.name(id)).to_owned())
    };
    assert_eq!(running("1-1.x86_64").as_deref(), Some("kernel"));
    assert_eq!(running("1-1.x86_64.debug").as_deref(), Some("kernel-debug"));
    assert_eq!(running("2-1.x86_64").as_deref(), Some("kernel-ml"));
    assert_eq!(running("3-1.custom").as_deref(), Some("renamed"));
    assert_eq!(running("4-1.x86_64"), None);
}

/// What is asked in addition where all kernels of a world are in the result.
fn too_many(universe: &Universe, policy: &Policy, running: &str) -> Vec<String> {
    let running = kernels::running(universe, running);
    let is_present = |id: SolvableId| id.is_installed() || !universe.nevra(id).contains("absent");
    let commands = over_the_limit(universe, policy, running, is_present);
    commands.iter().map(|command| shown(universe, command)).collect()
}

#[test]
fn of_too_many_kernels_the_new_the_running_and_the_newest_stay() {
    let host = "kernel-1-1.x86_64\nkernel-2-1.x86_64\nkernel-3-1.x86_64\n";
    let world = universe(host, &["kernel-4-1.x86_64\nkernel-5absent-1.x86_64\n"]);
    let expected =
        ["Install kernel-4-1", "Install kernel-1-1", "Install kernel-3-1", "Erase kernel-2-1"];
    assert_eq!(too_many(&world, &policy(), "1-1.x86_64"), expected);
    let newest =
        ["Install kernel-4-1", "Install kernel-3-1", "Install kernel-2-1", "Erase kernel-1-1"];
    assert_eq!(too_many(&world, &policy(), ""), newest);
    let enough = Policy { installonly_limit: 4, ..policy() };
    assert_eq!(too_many(&world, &enough, ""), [""; 0]);
    let nothing_new = universe(&format!("{host}kernel-4-1.x86_64\n"), &[""]);
    assert_eq!(too_many(&nothing_new, &policy(), ""), [""; 0]);
}

#[test]
fn what_belongs_to_the_running_kernel_stays_with_it() {
    let host = "kernel-1-1.x86_64\nkernel-2-1.x86_64\n\
                part-1-1.x86_64\n provides kernel\n requires kernel = 1-1\n\
                part-1-1.i686\n provides kernel\n\
                part-2-1.x86_64\n provides kernel\npart-3-1.x86_64\n provides kernel\n";
    let universe = universe(host, &["part-4-1.x86_64\n provides kernel\n"]);
    assert_eq!(
        too_many(&universe, &policy(), "1-1.x86_64"),
        [
            "Install part-4-1",
            "Install part-1-1",
            "Install part-1-1.i686",
            "Erase part-3-1",
            "Erase part-2-1",
        ]
    );
}

#[test]
fn newer_releases_rule_out_kernels_that_are_not_used() {
    let host = "kernel-1-1.x86_64\nkernel-2-1.x86_64\n";
    let available = "kernel-3-1.x86_64\nkernel-4absent-1.x86_64\n\
                     other-5absent-1.x86_64\n provides kernel\n";
    let universe = universe(host, &[available]);
    let policy = Policy { installonly_limit: 1, erase_unused_installonly: true, ..policy() };
    assert_eq!(
        too_many(&universe, &policy, ""),
        [
            "Install kernel-3-1",
            "Erase kernel-4absent-1",
            "Erase kernel-2-1",
            "Erase kernel-4absent-1",
            "Erase kernel-1-1",
        ]
    );
}

fn gone(universe: &Universe, solved: &Solved) -> Vec<String> {
    solved.outcome.leaving().map(|package| universe.nevra(package)).collect()
}

#[test]
fn where_there_are_too_many_kernels_a_second_search_follows() {
    let host = "kernel-1-1.x86_64\nkernel-2-1.x86_64\nkernel-3-1.x86_64\nleft-1-1.x86_64\n";
    let universe = universe(host, &["kernel-4-1.x86_64\n"]);
    let running_kernel = Some("1-1.x86_64".to_owned());
    let solved = |policy| Calls { sync: true, ..Calls::new(policy) }.solve(&universe);
    for profile in Profile::ALL {
        let policy = Policy { running_kernel: running_kernel.clone(), profile, ..policy() };
        let three = solved(policy.clone());
        assert_eq!(gone(&universe, &three), ["kernel-2-1.x86_64"], "{}", profile.libsolv);
        assert_eq!(three.outcome.arriving().count(), 1);
        // Not allowed at first, as the policy says; allowed to the second search.
        let may_go = |command: &&Command| command.action == Action::AllowErase;
        let may_go: Vec<String> = three
            .goal
            .commands
            .iter()
            .filter(may_go)
            .map(|command| shown(&universe, command))
            .collect();
        assert_eq!(
            may_go,
            ["AllowErase kernel-2-1", "AllowErase kernel-3-1", "AllowErase left-1-1"]
        );
        let any_number = solved(Policy { installonly_limit: 0, ..policy });
        assert_eq!(gone(&universe, &any_number), [""; 0]);
    }
}

#[test]
fn nothing_is_counted_where_there_is_no_solution() {
    let host = "kernel-1-1.x86_64\nkernel-2-1.x86_64\nkernel-3-1.x86_64\n";
    let universe = universe(host, &["kernel-4-1.x86_64\nbad-1-1.x86_64\n requires nothing\n"]);
    let calls = Calls { sync: true, ..calls(["", "bad", "", ""]) };
    let solved = calls.solve(&universe);
    assert!(!solved.outcome.is_solved());
    assert!(solved.goal.commands.iter().all(|command| command.action != Action::Erase));
}

#[test]
fn dnf_refuses_to_lose_protected_packages_and_the_running_kernel() {
    let host = "gone-1-1.x86_64\nkernel-1-1.x86_64\nobsoleted-1-1.x86_64\nother-1-1.x86_64\n\
                updated-1-1.x86_64\n";
    let available = "new-1-1.x86_64\n obsoletes obsoleted\n obsoletes kernel\nupdated-2-1.x86_64\n";
    let universe = universe(host, &[available]);
    let protected = ["gone", "obsoleted", "updated"].map(|name| name.parse().unwrap());
    let policy = Policy {
        protected: protected.into(),
        running_kernel: Some("1-1.x86_64".to_owned()),
        ..policy()
    };
    let solve = |policy: &Policy| {
        let policy = Policy { installonly: Vec::new(), ..policy.clone() };
        let solved =
            Calls { sync: true, policy, ..calls(["gone other", "", "", ""]) }.solve(&universe);
        let changes = Changes::of(&universe, &solved.goal, &solved.outcome);
        (solved, changes)
    };
    let refused = |policy: &Policy| {
        let (solved, changes) = solve(policy);
        let all = policy.refused(&universe, solved.running_kernel, &changes).into_iter();
        all.map(|id| universe.text(universe.name(id)).to_owned()).collect::<Vec<_>>()
    };
    let newer = Policy { obsoleting_erases_protected: false, ..policy.clone() };
    assert_eq!(refused(&policy), ["gone", "kernel", "obsoleted"]);
    assert_eq!(refused(&newer), ["gone", "kernel"]);
    assert_eq!(refused(&Policy { running_kernel: None, ..newer }), ["gone"]);
    assert_eq!(refused(&self::policy()), [""; 0]);
}
