//! What `oracle_libsolv.py` was asked, and what it told libsolv for it.

use elevate_core::solve::{
    Action, Calls, Changes, Command, Fixed, Goal, Gone, Outcome, Policy, Profile, Selection,
    Switches, WeakExclusions,
};
use elevate_core::universe::{SolvableId, Universe};

use crate::answer::problems;

/// Folders with their priorities.
pub(crate) type Repositories = Vec<(String, i32)>;

/// What the installed packages are to become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Sync,
    Update,
    None,
}

/// A command line of the script.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) installed: String,
    /// None stand for the whole release.
    pub(crate) repositories: Repositories,
    pub(crate) mode: Mode,
    /// As libsolv does it by itself, else as dnf drives it.
    pub(crate) plain: bool,
    pub(crate) weak: bool,
    pub(crate) uninstall: bool,
    pub(crate) install: Vec<String>,
    pub(crate) erase: Vec<String>,
    pub(crate) keep: Vec<String>,
    pub(crate) lock: Vec<String>,
    pub(crate) exclude: Vec<String>,
}

impl Request {
    /// A synchronisation of these packages with the whole target.
    pub(crate) fn sync(installed: &str) -> Self {
        let none = Vec::new;
        Self {
            installed: installed.to_owned(),
            repositories: Vec::new(),
            mode: Mode::Sync,
            plain: false,
            weak: true,
            uninstall: true,
            install: none(),
            erase: none(),
            keep: none(),
            lock: none(),
            exclude: none(),
        }
    }

    /// Reads the arguments of a recorded scenario.
    pub(crate) fn parse(arguments: &str) -> Self {
        let mut request = Self::sync("");
        for option in arguments.split("--").map(str::trim).filter(|option| !option.is_empty()) {
            let mut words = option.split_whitespace().map(str::to_owned);
            let name = words.next().unwrap();
            let values: Vec<String> = words.collect();
            match name.as_str() {
                "installed" => request.installed = values[0].replace("installed/", ""),
                "repo" => request.repositories.extend(repositories(&values[0])),
                "mode" if values[0] == "none" => request.mode = Mode::None,
                "no-uninstall" => request.uninstall = false,
                "install" => request.install = values,
                "erase" => request.erase = values,
                "keep" => request.keep = values,
                "lock" => request.lock = values,
                "exclude" => request.exclude = values,
                _ => panic!("{arguments}"),
            }
        }
        request
    }

    /// What libsolv is told.
    pub(crate) fn goal(&self, universe: &Universe) -> Goal {
        let mut commands = Vec::new();
        commands.extend(self.mode_command(universe));
        let mut by_name = |action, names: &[String]| {
            commands.extend(names.iter().filter_map(|name| select(universe, action, name)));
        };
        by_name(Action::Install, &self.install);
        by_name(Action::Erase, &self.erase);
        by_name(Action::Install, &self.keep);
        for name in &self.lock {
            let installed = named(universe, name).filter(|package| package.is_installed());
            commands.extend(installed.map(|id| Command::new(Action::Lock, Selection::One(id))));
        }
        let profile = Profile::LIBSOLV_0_7_39;
        if self.plain {
            let switches = Switches {
                allow_uninstall: self.uninstall,
                weak_dependencies: self.weak,
                colours: false,
                ..Switches::LIBSOLV
            };
            return Goal { commands, switches, profile };
        }
        let common = Calls::new(self.policy()).plan(universe).goal;
        commands.extend(common.commands);
        let allow_downgrade = self.mode == Mode::Sync || !self.install.is_empty();
        Goal { commands, switches: Switches { allow_downgrade, ..common.switches }, profile }
    }

    /// What dnf tells libsolv beside what it is told itself.
    fn policy(&self) -> Policy {
        let weak_exclusions = if self.weak { WeakExclusions::ByName } else { WeakExclusions::Off };
        Policy {
            allow_erasing: self.uninstall,
            weak_dependencies: self.weak,
            weak_exclusions,
            colours: false,
            installonly: Vec::new(),
            protected: self.keep.iter().map(|name| name.parse().unwrap()).collect(),
            ..Policy::leapp()
        }
    }

    fn mode_command(&self, universe: &Universe) -> Option<Command> {
        let (action, all) = match self.mode {
            Mode::Sync => (Action::Sync, Selection::Available),
            Mode::Update => {
                let visible = universe.packages().filter(|id| universe.ruled_out(*id).is_none());
                (Action::Update, Selection::OneOf(visible.collect()))
            }
            Mode::None => return None,
        };
        if self.plain {
            return Some(Command::new(action, Selection::All));
        }
        let targeted = action == Action::Update;
        Some(Command { fixed: Fixed::BY_DNF, targeted, ..Command::new(action, all) })
    }
}

/// A folder with its priority; `repos/el8` is there in three cuts.
fn repositories(argument: &str) -> Repositories {
    let (path, priority) = argument.split_once('=').unwrap_or((argument, "99"));
    let priority = priority.parse().unwrap();
    let name = path.strip_prefix("repos/").unwrap();
    let cuts: &[&str] = match name {
        "el8" => &["el8-baseos", "el8-appstream", "el8-epel"],
        name => &[name],
    };
    cuts.iter().map(|name| ((*name).to_owned(), priority)).collect()
}

fn named(universe: &Universe, name: &str) -> impl Iterator<Item = SolvableId> + use<> {
    universe.meaning(name).packages.into_iter()
}

/// A command about what a text means: packages of that name, else providers.
fn select(universe: &Universe, action: Action, text: &str) -> Option<Command> {
    let id = universe.find(text)?;
    let meaning = universe.meaning(text);
    let selection = match (meaning.packages.is_empty(), meaning.by_name) {
        (true, _) => return None,
        (false, true) => Selection::Name(id),
        (false, false) => Selection::Provides(id.into()),
    };
    Some(Command::new(action, selection))
}

/// A transaction in the words of the script, sorted.
pub(crate) fn lines(universe: &Universe, changes: &Changes, outcome: &Outcome) -> Vec<String> {
    if !outcome.is_solved() {
        return vec![problems(outcome)];
    }
    let nevra = |id: SolvableId| universe.nevra(id);
    let mut lines = Vec::new();
    let mut taken = Vec::new();
    for leaving in &changes.leaving {
        let package = leaving.package;
        lines.push(match leaving.how {
            Gone::Erased => format!("erase {}", nevra(package)),
            Gone::Obsoleted => {
                let mut by: Vec<String> = leaving.by.iter().copied().map(nevra).collect();
                by.sort();
                format!("obsolete {} by {}", nevra(package), by.join(","))
            }
            Gone::Replaced => {
                taken.push(leaving.by[0]);
                replaced(universe, package, leaving.by[0])
            }
        });
    }
    let new = changes.arriving.iter().map(|arriving| arriving.package);
    let new = new.filter(|package| !taken.contains(package));
    lines.extend(new.map(|package| format!("install {}", nevra(package))));
    lines.sort();
    lines
}

fn replaced(universe: &Universe, old: SolvableId, new: SolvableId) -> String {
    let kind = match universe.compare_evr(new, old) {
        std::cmp::Ordering::Greater => "upgrade",
        std::cmp::Ordering::Less => "downgrade",
        std::cmp::Ordering::Equal => "change",
    };
    let [from, to] = [old, new].map(|id| universe.text(universe.arch(id)));
    let arch = if from == to { String::new() } else { format!(" arch={to}") };
    format!("{kind} {} -> {}{arch}", universe.nevra(old), universe.text(universe.evr(new)))
}
