//! What dnf is told, and the commands it makes of it.
//!
//! dnf looks up each name among installed and available packages, and turns what
//! it finds into commands for libsolv. After a solution it counts versions side by
//! side, and asks once more where there are too many.

mod commands;
mod kernels;
mod policy;
mod solved;
mod weak;

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::goal::{Action, Command, Goal, Selection};
use crate::universe::{SolvableId, StringId, Universe};
use commands::Commands;
pub use policy::{Policy, WeakExclusions};
pub use solved::Solved;

/// What dnf is told, as leapp's plugin tells it (formats.md 10.3): the calls are made
/// in the order of these fields, each list in its own order.
///
/// A text in a list is a name, a full name or the first part of one, with patterns;
/// else what packages provide, or the path of a file ([`Universe::meaning`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calls {
    /// Not to be installed any more. dnf would also erase what only these needed;
    /// it never does on a host without dnf's history, where all is taken for
    /// wanted by its user.
    pub remove: Vec<String>,
    /// To be installed, or updated where installed.
    pub install: Vec<String>,
    /// Installed ones to be updated.
    pub upgrade: Vec<String>,
    /// Installed ones to be installed again in the same version.
    pub reinstall: Vec<String>,
    /// Installed ones of which some version is to be there in the end. dnf has no such
    /// call: it is for asking what would have to be otherwise.
    pub keep: Vec<String>,
    /// Everything installed is to become what the repositories have
    /// (`distro-sync`).
    pub sync: bool,
    /// How dnf is set up.
    pub policy: Policy,
}

/// A call with a text.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Call {
    /// Remove.
    Remove,
    /// Install.
    Install,
    /// Upgrade.
    Upgrade,
    /// Reinstall.
    Reinstall,
    /// Keep.
    Keep,
}

impl Call {
    /// dnf's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Call::Remove => "remove",
            Call::Install => "install",
            Call::Upgrade => "upgrade",
            Call::Reinstall => "reinstall",
            Call::Keep => "keep",
        }
    }
}

/// What a command comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Asked {
    /// A text of a call.
    Call {
        /// The call.
        call: Call,
        /// The text.
        spec: String,
    },
    /// That everything installed follows the repositories.
    Sync,
}

/// A text that dnf can do nothing with. It warns and goes on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Unmatched {
    /// The call.
    pub call: Call,
    /// The text.
    pub spec: String,
    /// Why.
    pub why: Why,
}

/// Why dnf can do nothing with a text.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// No package matches it.
    Nothing,
    /// No installed package matches it.
    NotInstalled,
    /// No repository has what is installed.
    NotAvailable,
}

/// What dnf makes of its calls.
#[derive(Debug, Clone)]
pub struct Planned {
    /// What libsolv is asked first.
    pub goal: Goal,
    /// What its first commands come from, one by one; the others are of the policy.
    pub asked: Vec<Asked>,
    /// Texts that dnf can do nothing with, in the order of the calls.
    pub unmatched: Vec<Unmatched>,
    /// The package of the running kernel, where one is found.
    pub running_kernel: Option<SolvableId>,
}

impl Calls {
    /// No call yet.
    pub fn new(policy: Policy) -> Self {
        let none = Vec::new;
        Self {
            remove: none(),
            install: none(),
            upgrade: none(),
            reinstall: none(),
            keep: none(),
            sync: false,
            policy,
        }
    }

    /// Takes a text out of all lists.
    pub fn leave_out(&mut self, spec: &str) -> &mut Self {
        for list in [
            &mut self.remove,
            &mut self.install,
            &mut self.upgrade,
            &mut self.reinstall,
            &mut self.keep,
        ] {
            list.retain(|known| known != spec);
        }
        self
    }

    /// Paths of files among the texts: what [`Universe::asking`] and the target are to
    /// be asked for.
    pub fn paths(&self) -> Vec<String> {
        let lists = [&self.remove, &self.install, &self.upgrade, &self.reinstall, &self.keep];
        let all = lists.into_iter().flatten();
        all.filter(|spec| spec.starts_with('/')).cloned().collect()
    }

    /// What libsolv is asked first (solver-rules.md A3.2).
    pub fn plan(&self, universe: &Universe) -> Planned {
        let policy = &self.policy;
        let mut commands = Commands::new(universe, policy.best);
        commands.call(Call::Remove, &self.remove);
        commands.call(Call::Install, &self.install);
        commands.call(Call::Upgrade, &self.upgrade);
        commands.call(Call::Reinstall, &self.reinstall);
        commands.call(Call::Keep, &self.keep);
        if self.sync {
            commands.sync();
        }
        let Commands { list: mut commands, asked, unmatched, .. } = commands;
        let leads_lower = |c: &Command| matches!(c.action, Action::Install | Action::Sync);
        let switches = policy.switches(commands.iter().any(leads_lower));
        let release = policy.running_kernel.as_deref();
        let running_kernel = release.and_then(|release| kernels::running(universe, release));
        commands.extend(policy.exclude_from_weak(universe));
        commands.extend(policy.multiversion(universe));
        if policy.allow_erasing {
            let kept = kept(&commands);
            commands.extend(policy.allow_erase(universe, running_kernel, &kept));
        }
        let goal = Goal { commands, switches, profile: policy.profile };
        Planned { goal, asked, unmatched, running_kernel }
    }
}

/// Names of which some version has to stay.
fn kept(commands: &[Command]) -> Vec<StringId> {
    let name = |command: &Command| match command.selection {
        Selection::Name(name) if command.action == Action::Install => Some(name),
        _ => None,
    };
    commands.iter().filter_map(name).collect()
}

impl Policy {
    fn exclude_from_weak(&self, universe: &Universe) -> impl Iterator<Item = Command> {
        let excluded = weak::excluded(universe, self.weak_exclusions).into_iter();
        excluded.map(|id| Command::new(Action::ExcludeFromWeak, Selection::One(id)))
    }

    fn multiversion(&self, universe: &Universe) -> impl Iterator<Item = Command> {
        let known = self.installonly.iter().filter_map(|text| universe.find(text));
        known.map(|id| Command::new(Action::Multiversion, Selection::Provides(id.into())))
    }

    /// Installed packages may be erased, but for protected and excluded ones and the
    /// running kernel (solver-rules.md A3.5).
    fn allow_erase(
        &self,
        universe: &Universe,
        running: Option<SolvableId>,
        kept: &[StringId],
    ) -> impl Iterator<Item = Command> {
        let may_go = move |id: &SolvableId| {
            Some(*id) != running
                && !kept.contains(&universe.name(*id))
                && !self.is_protected(universe, *id)
                && universe.ruled_out(*id).is_none()
        };
        let all = universe.installed().filter(may_go);
        all.map(|id| Command::new(Action::AllowErase, Selection::One(id)))
    }

    fn is_protected(&self, universe: &Universe, package: SolvableId) -> bool {
        universe.is_one_of(package, &self.protected)
    }
}
