//! What commands ask (solver-rules.md A4.7).

use super::{RuleId, Rules};
use crate::solve::goal::{Action, Command, Selection};
use crate::solve::set::Set;
use crate::solve::world::World;
use crate::universe::{Form, Literal, Normal, SolvableId};

pub(super) fn add(rules: &mut Rules, world: &World<'_>) {
    let installs = world.goal.commands.iter().filter(|c| c.action == Action::Install);
    let mut asked = Set::default();
    for command in installs {
        asked.extend(world.selected(&command.selection));
    }
    for (at, command) in world.goal.commands.iter().enumerate() {
        match command.action {
            Action::Install => install(rules, world, command),
            Action::Erase => erase(rules, world, command, &asked),
            Action::Lock => {
                for package in world.selected(&command.selection) {
                    let literal = Literal::of(package);
                    rules.add([if package.is_installed() { literal } else { -literal }]);
                }
            }
            _ => {}
        }
        let before = rules.commands.len();
        let made = rules.range(super::Class::Job).len() - before;
        rules.commands.extend(std::iter::repeat_n(at, made));
    }
}

fn install(rules: &mut Rules, world: &World<'_>, command: &Command) {
    let never = -Literal::of(SolvableId::SYSTEM);
    if let Selection::Provides(term) = command.selection
        && world.universe.is_complex(term)
    {
        match world.universe.normalize(term, Form::Conjunctive) {
            Ok(Normal::All) => {}
            Ok(Normal::Blocks(blocks)) => {
                for block in blocks {
                    rules.add(block);
                }
            }
            Ok(Normal::None) | Err(_) => {
                rules.add([never]);
            }
        }
        return;
    }
    let packages = world.selected(&command.selection);
    if !packages.is_empty() {
        rules.add(packages.into_iter().map(Literal::of));
    } else if !matches!(command.selection, Selection::OneOf(_) | Selection::Available) {
        rules.add([never]);
    }
}

/// The packages are not to be there, and where one installed package is meant, none
/// of its name is to come instead.
fn erase(rules: &mut Rules, world: &World<'_>, command: &Command, asked: &Set) {
    let packages = world.selected(&command.selection);
    let first = rules.end();
    for package in &packages {
        rules.add([-Literal::of(*package)]);
    }
    let mut installed = packages.iter().copied().filter(|package| package.is_installed());
    let (Some(only), None) = (installed.next(), installed.next()) else { return };
    if !matches!(command.selection, Selection::One(_) | Selection::Name(_)) {
        return;
    }
    let erased = (first..rules.end()).map(RuleId);
    let known: Vec<Literal> = erased.flat_map(|rule| rules[rule].to_vec()).collect();
    for other in world.of_name(only) {
        let literal = -Literal::of(other);
        if !other.is_installed()
            && !asked.contains(other)
            && world.shares_colour(only, other)
            && !known.contains(&literal)
        {
            rules.add([literal]);
        }
    }
}
