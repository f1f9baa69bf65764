//! The request of a story, as the solver takes it.

use elevate_core::solve::{
    Action, Calls, Command, Goal, Policy, Profile, Selection, Switches, WeakExclusions,
};
use elevate_core::universe::{SolvableId, Term, Universe};
use serde_json::{Value, json};

use super::story::{Dnf, Libsolv};
use super::world::World;

/// The switches of libsolv by their names.
fn switches(all: &mut Switches) -> [(&'static str, &mut bool); 11] {
    [
        ("allow_downgrade", &mut all.allow_downgrade),
        ("allow_arch_change", &mut all.allow_arch_change),
        ("allow_vendor_change", &mut all.allow_vendor_change),
        ("sync_allows_vendor_change", &mut all.sync_allows_vendor_change),
        ("allow_uninstall", &mut all.allow_uninstall),
        ("keep_orphans", &mut all.keep_orphans),
        ("best_obeys_policy", &mut all.best_obeys_policy),
        ("yum_obsoletes", &mut all.yum_obsoletes),
        ("keep_explicit_obsoletes", &mut all.keep_explicit_obsoletes),
        ("weak_dependencies", &mut all.weak_dependencies),
        ("colours", &mut all.colours),
    ]
}

/// How they are where a story says nothing of them.
pub(super) fn usual_switches() -> Value {
    let mut all = Switches::LIBSOLV;
    let named = switches(&mut all).into_iter().map(|(name, on)| (name.to_owned(), json!(*on)));
    Value::Object(named.collect())
}

/// The calls of a story that speaks to dnf.
pub(super) fn calls(dnf: &Dnf, profile: Profile) -> Result<Calls, String> {
    let weak_exclusions = match dnf.weak_exclusions.as_str() {
        "off" => WeakExclusions::Off,
        "by-name" => WeakExclusions::ByName,
        "by-version" => WeakExclusions::ByVersion,
        other => return Err(format!("{other:?} is no way to exclude from weak dependencies")),
    };
    let protected = dnf.protected.iter().map(|name| name.parse().map_err(|_| name.clone()));
    let sorted = |specs: &[String]| {
        let mut specs = specs.to_vec();
        specs.sort_unstable();
        specs
    };
    let policy = Policy {
        best: dnf.best,
        allow_erasing: dnf.allow_erasing,
        weak_dependencies: dnf.weak_dependencies,
        weak_exclusions,
        allow_vendor_change: dnf.vendor_change,
        colours: dnf.colours,
        installonly: dnf.installonly.clone(),
        installonly_limit: dnf.installonly_limit,
        running_kernel: dnf.running_kernel.clone(),
        protected: protected.collect::<Result<_, _>>()?,
        profile,
        ..Policy::leapp()
    };
    Ok(Calls {
        remove: sorted(&dnf.remove),
        install: sorted(&dnf.install),
        upgrade: sorted(&dnf.upgrade),
        reinstall: sorted(&dnf.reinstall),
        sync: dnf.sync,
        ..Calls::new(policy)
    })
}

/// The goal of a story that speaks to libsolv itself.
pub(super) fn goal(
    asked: &Libsolv,
    world: &World,
    universe: &Universe,
    profile: Profile,
) -> Result<Goal, String> {
    let mut all = Switches::LIBSOLV;
    for (name, on) in &asked.switches {
        let known = switches(&mut all).into_iter().find(|(known, _)| known == name);
        *known.ok_or_else(|| format!("{name:?} is no switch"))?.1 = *on;
    }
    let commands = asked.commands.iter().map(|text| command(text, world, universe));
    Ok(Goal { commands: commands.collect::<Result<_, _>>()?, switches: all, profile })
}

/// `ACTION [FLAG...] SELECTION [ARGUMENT...]`
fn command(text: &str, world: &World, universe: &Universe) -> Result<Command, String> {
    let wrong = || format!("{text:?} is no command");
    let mut words: Vec<&str> = text.split(' ').rev().collect();
    let action = action(words.pop().ok_or_else(wrong)?).ok_or_else(wrong)?;
    let mut command = Command::new(action, Selection::All);
    let selection = loop {
        let word = words.pop().ok_or_else(wrong)?;
        match word {
            "best" => command.best = true,
            "weak" => command.weak = true,
            "targeted" => command.targeted = true,
            "evr" => command.fixed.evr = true,
            "arch" => command.fixed.arch = true,
            "vendor" => command.fixed.vendor = true,
            "repository" => command.fixed.repository = true,
            selection => break selection,
        }
    };
    words.reverse();
    let named = |word: &&str| match world.named(universe, word).as_slice() {
        [one] => Ok(*one),
        _ => Err(format!("{word:?} is not one package")),
    };
    let packages = || words.iter().map(named).collect::<Result<Vec<SolvableId>, _>>();
    let term = || term(&words.join(" "), universe);
    command.selection = match selection {
        "all" => Selection::All,
        "available" => Selection::Available,
        "one" => Selection::One(packages()?.first().copied().ok_or_else(wrong)?),
        "one-of" => {
            let mut packages = packages()?;
            packages.sort_unstable();
            packages.dedup();
            Selection::OneOf(packages)
        }
        "provides" => Selection::Provides(term()?),
        "name" => {
            Selection::Name(universe.find(words.first().ok_or_else(wrong)?).ok_or_else(wrong)?)
        }
        _ => return Err(wrong()),
    };
    Ok(command)
}

fn action(word: &str) -> Option<Action> {
    Some(match word {
        "install" => Action::Install,
        "erase" => Action::Erase,
        "update" => Action::Update,
        "sync" => Action::Sync,
        "multiversion" => Action::Multiversion,
        "allow-erase" => Action::AllowErase,
        "exclude-from-weak" => Action::ExcludeFromWeak,
        "lock" => Action::Lock,
        _ => return None,
    })
}

/// A dependency that some package of the universe names.
fn term(text: &str, universe: &Universe) -> Result<Term, String> {
    if !text.contains(' ') {
        let id = universe.find(text).ok_or_else(|| format!("nobody names {text:?}"))?;
        return Ok(id.into());
    }
    use elevate_core::universe::List;
    let mut lists = universe.packages().flat_map(|package| {
        List::ALL.into_iter().flat_map(move |list| universe.list(package, list))
    });
    let found = lists.find(|term| universe.show(**term).to_string() == text);
    found.copied().ok_or_else(|| format!("nobody names {text:?}"))
}
