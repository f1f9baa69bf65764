//! Policy rules that commands contradict, and which are therefore switched off
//! (solver-rules.md A4.12).

use std::collections::BTreeSet;

use super::{Class, RuleId, Rules};
use crate::solve::goal::{Action, Command, Fixed, Selection};
use crate::solve::world::World;
use crate::universe::{List, SolvableId, StringId};

/// What is switched off, and by which command.
#[derive(Debug, Clone, Default)]
pub(in crate::solve) struct Overruled(Vec<(usize, Item)>);

/// Rules that are switched off together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    /// Those to update an installed package.
    Update(SolvableId),
    /// Those on architectures of a name.
    Architecture(StringId),
    /// Those on repositories, of a name.
    Sync(StringId),
}

/// Switches off what contradicts commands.
pub(super) fn apply(rules: &mut Rules, world: &World<'_>) {
    let mut items = Vec::new();
    for at in rules.live_commands() {
        let Some(command) = world.goal.commands.get(at) else { continue };
        let found = match command.action {
            Action::Install => of_install(rules, world, command),
            Action::Erase => of_erase(rules, world, command),
            Action::Lock => {
                let installed = world.selected(&command.selection).into_iter();
                let names = installed.filter(|p| p.is_installed()).map(|p| world.universe.name(p));
                names.map(Item::Sync).collect()
            }
            _ => Vec::new(),
        };
        items.extend(found.into_iter().map(|item| (at, item)));
    }
    for (_, item) in &items {
        switch(rules, world, *item, false);
    }
    rules.overruled = Overruled(items);
}

impl Rules {
    /// Switches on again what one command alone had switched off.
    pub(in crate::solve) fn restore(&mut self, world: &World<'_>, command: usize) {
        let mut live = self.live_commands();
        live.remove(&command);
        let of = |is_one: &dyn Fn(&usize) -> bool| -> Vec<Item> {
            let items = self.overruled.0.iter().filter(|(at, _)| is_one(at));
            items.map(|(_, item)| *item).collect()
        };
        let (own, others) = (of(&|at| *at == command), of(&|at| live.contains(at)));
        for item in own.into_iter().filter(|item| !others.contains(item)) {
            switch(self, world, item, true);
        }
    }

    /// Commands of which some rule counts.
    fn live_commands(&self) -> BTreeSet<usize> {
        let jobs = self.of_class(Class::Job).filter(|rule| self.is_enabled(*rule));
        jobs.filter_map(|rule| self.command(rule)).collect()
    }
}

fn switch(rules: &mut Rules, world: &World<'_>, item: Item, on: bool) {
    let of_name = |rules: &Rules, class: Class, name: StringId| -> Vec<RuleId> {
        let is_of_name = |rule: &RuleId| {
            let first = rules[*rule].first();
            first.is_some_and(|literal| {
                !literal.is_positive() && world.universe.name(literal.package()) == name
            })
        };
        rules.of_class(class).filter(is_of_name).collect()
    };
    let which = match item {
        Item::Architecture(name) => of_name(rules, Class::Architecture, name),
        Item::Sync(name) => of_name(rules, Class::Sync, name),
        Item::Update(package) => {
            if on {
                rules.no_update.remove(package);
            } else {
                rules.no_update.insert(package);
            }
            let guides = [rules.update(world, package), rules.feature(world, package)];
            let guides = guides.into_iter().flatten().filter(|rule| !rules.is_void(*rule));
            // Only one of the two comes back.
            let guides = guides.take(if on { 1 } else { 2 });
            let best = rules.of_class(Class::Best);
            guides.chain(best.filter(|rule| rules.best_for(*rule) == Some(package))).collect()
        }
    };
    for rule in which {
        if on {
            rules.enable(rule);
        } else {
            rules.disable(rule);
        }
    }
}

fn of_install(rules: &Rules, world: &World<'_>, command: &Command) -> Vec<Item> {
    let universe = world.universe;
    let mut items = Vec::new();
    let one = matches!(command.selection, Selection::One(_));
    let fixed = match one {
        true => Fixed { evr: true, arch: true, vendor: true, repository: true },
        false => command.fixed,
    };
    if fixed == Fixed::default() && !matches!(command.selection, Selection::Name(_)) {
        return items;
    }
    let members = world.selected(&command.selection);
    let mut names: Vec<StringId> = Vec::new();
    for name in members.iter().map(|package| universe.name(*package)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if fixed.arch {
        let inferior = |package: &SolvableId| {
            rules.of_class(Class::Architecture).any(|rule| {
                let first = rules[rule].first();
                first.is_some_and(|l| !l.is_positive() && l.package() == *package)
            })
        };
        let mut own = members.iter().filter(|package| inferior(package));
        let found: Vec<StringId> = own.by_ref().map(|package| universe.name(*package)).collect();
        items.extend(names.iter().filter(|n| found.contains(n)).copied().map(Item::Architecture));
    }
    if fixed.repository && !rules.range(Class::Sync).is_empty() {
        items.extend(names.iter().copied().map(Item::Sync));
    }
    if let (true, [package]) = (world.goal.profile.keeping_frees_from_best, members.as_slice())
        && one
        && package.is_installed()
        && !rules.range(Class::Best).is_empty()
    {
        let mut best = rules.of_class(Class::Best);
        if best.any(|rule| rules.best_for(rule) == Some(*package)) {
            items.push(Item::Update(*package));
        }
        return items;
    }
    let kept_beside =
        |p: &SolvableId| world.multi.contains(*p) && !world.goal.switches.keep_explicit_obsoletes;
    if members.iter().any(|p| p.is_installed() || kept_beside(p)) {
        return items;
    }
    let gone = replaced_by_all(world, &members);
    let free = |installed: &SolvableId| {
        let all_fixed = fixed.evr && fixed.arch && fixed.vendor;
        all_fixed || !members.iter().any(|by| world.is_illegal(*installed, *by, fixed))
    };
    items.extend(gone.into_iter().filter(free).map(Item::Update));
    items
}

/// Installed packages whose place every one of these takes.
fn replaced_by_all(world: &World<'_>, members: &[SolvableId]) -> Vec<SolvableId> {
    let mut members = members.iter();
    let Some(first) = members.next() else { return Vec::new() };
    let mut gone = replaced(world, *first);
    for member in members {
        if gone.is_empty() {
            break;
        }
        let own = replaced(world, *member);
        gone.retain(|package| own.contains(package));
    }
    gone
}

/// Installed packages whose place a package takes.
fn replaced(world: &World<'_>, package: SolvableId) -> Vec<SolvableId> {
    let is_multi = world.multi.contains(package);
    let mut found: Vec<SolvableId> = Vec::new();
    if !is_multi {
        let same = world.of_name(package);
        found.extend(same.filter(|p| p.is_installed() && world.shares_colour(package, *p)));
    }
    if world.universe.list(package, List::Obsoletes).is_empty() {
        return found;
    }
    for other in world.taken_over(package) {
        if !found.contains(&other) {
            found.push(other);
        }
    }
    found
}

fn of_erase(rules: &Rules, world: &World<'_>, command: &Command) -> Vec<Item> {
    let one = matches!(command.selection, Selection::One(_));
    let lifts = world.goal.profile.erase_breaks_lockstep && (one || command.fixed.arch);
    let mut items = Vec::new();
    for package in world.selected(&command.selection).into_iter().filter(|p| p.is_installed()) {
        items.push(Item::Update(package));
        let locked = |rule: RuleId| {
            let literals = &rules[rule];
            literals.first().is_some_and(|first| first.package().is_installed())
                && literals.iter().any(|literal| literal.package() == package)
        };
        if lifts && rules.of_class(Class::Architecture).any(locked) {
            items.push(Item::Architecture(world.universe.name(package)));
        }
    }
    items
}
