//! The rules of a small world, as solver-rules.md A6 lists them.

use super::*;
use crate::solve::{Action, Command, Fixed, Goal, Profile, Selection, Switches};
use crate::universe::Universe;
use crate::universe::tests::universe;

const HOST: &str = "app-1-1.x86_64\n  requires libfoo\nkernel-1-1.x86_64\nlibfoo-1-1.x86_64\n\
                    old-1-1.x86_64\n  requires libfoo = 1-1\noldtool-1-1.x86_64\n";
const TARGET: &str = "app-2-1.x86_64\n  requires libfoo >= 2-1\n  requires newdep\n\
                      kernel-2-1.x86_64\nlibfoo-2-1.x86_64\nlibfoo-2-1.i686\nnewdep-1-1.x86_64\n\
                      tool-3-1.x86_64\n  obsoletes oldtool\nunrelated-1-1.x86_64\n";

fn goal(universe: &Universe, profile: Profile) -> Goal {
    let sync = Command {
        best: true,
        fixed: Fixed::BY_DNF,
        ..Command::new(Action::Sync, Selection::Available)
    };
    let kernel = universe.find("kernel").unwrap();
    let multi = Command::new(Action::Multiversion, Selection::Provides(kernel.into()));
    let erase = |p| Command::new(Action::AllowErase, Selection::One(p));
    let erase = universe.installed().map(erase);
    let commands = [sync, multi].into_iter().chain(erase).collect();
    Goal { commands, switches: Switches::DNF, profile }
}

/// Packages by their numbers in the specification, which leaves no gap.
fn number(universe: &Universe, package: SolvableId) -> usize {
    universe.packages().position(|p| p == package).unwrap() + 2
}

fn shown(universe: &Universe, rules: &Rules) -> Vec<String> {
    let literal = |literal: &Literal| {
        let number = number(universe, literal.package());
        if literal.is_positive() { number.to_string() } else { format!("-{number}") }
    };
    let line = |rule: RuleId| {
        let literals: Vec<String> = rules[rule].iter().map(literal).collect();
        let class = format!("{:?}", rules.class(rule)).to_lowercase();
        let off = if rules.is_enabled(rule) || rules.is_void(rule) { "" } else { " off" };
        format!("{} {class} ({}){off}", rule.0, literals.join(" "))
    };
    (1..rules.end()).map(RuleId).map(line).collect()
}

#[test]
fn the_rules_of_a_small_world_are_those_of_libsolv_in_its_order() {
    for profile in Profile::ALL {
        let universe = universe(HOST, &[TARGET]);
        let goal = goal(&universe, profile);
        let mut world = World::new(&universe, &goal);
        let rules = Rules::new(&mut world);
        let expected = "1 package (-12 -6)|2 package (-9 -4)|3 package (-7 -2)|4 package (-7 9 10)|\
                        5 package (-7 11)|6 package (-5 4)|7 package (-2 4 9 10)|8 feature ()|\
                        9 feature (3 8) off|10 feature ()|11 feature ()|12 feature ()|\
                        13 update (2 7)|14 update (3)|15 update (4 9)|16 update (5)|\
                        17 update (6 12)|18 architecture (-10 9)|19 sync (-2)|20 sync (-3 8)|\
                        21 sync (-4)|22 sync (-6)|23 best (-2 7)|24 best (-3 8)|25 best (-4 9)|\
                        26 best (-6 12)|27 choice (-7 9)";
        assert_eq!(shown(&universe, &rules).join("|"), expected, "{}", profile.libsolv);
        let orphans: Vec<usize> = rules.orphans.iter().map(|p| number(&universe, *p)).collect();
        assert_eq!(orphans, [3, 5]);
        let unrelated = universe.packages().last().unwrap();
        assert!(!rules.members.contains(unrelated));
    }
}
