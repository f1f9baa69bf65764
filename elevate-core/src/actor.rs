//! Actors: one versioned rule each. An actor is what is said about it and one
//! function, which looks at the facts of a host, or at the transaction too, and says
//! what it found and what it asks of the plan.
//!
//! - [`NativeActor`] is an actor written in Rust, [`Actor`] what every actor can do.
//! - [`Host`] is what an actor sees before the transaction is known, [`Upgrade`] what
//!   it sees afterwards.
//! - [`Outcome`] is what it says.
//! - [`Actors`] are those of a run: which of several versions, in which order.
//!
//! An actor never fails a run. What it could not decide is a finding that names the
//! evidence it lacked.

mod applies;
mod engine;
mod host;
mod kinds;
mod lint;
mod order;
mod outcome;
mod registry;
#[cfg(test)]
pub(crate) mod testing;

use std::fmt;

use crate::facts::Fact;
use crate::finding::Kind;
use crate::model::{Arch, UpgradePath};
use crate::question::Question;

pub use applies::Applies;
pub(crate) use applies::Lists;
pub use engine::{Results, Told};
pub use host::{Given, Host, Inputs, Upgrade};
pub use kinds::KINDS;
pub use order::DisorderError;
pub use outcome::Outcome;
pub use registry::{Actors, ActorsError, Pin};

/// One versioned rule.
pub trait Actor: fmt::Debug + Send + Sync {
    /// What is said about it.
    fn card(&self) -> Card<'_>;

    /// Whether it is for this upgrade of a host of this architecture.
    fn applies(&self, path: &UpgradePath, arch: &Arch) -> bool;

    /// What it finds on a host. Where evidence is missing for all that follows, it says
    /// which.
    ///
    /// # Errors
    ///
    /// The evidence that is missing.
    fn on_host(&self, host: &Host<'_>, outcome: &mut Outcome) -> Fact<()>;

    /// What it finds once the transaction is known.
    ///
    /// # Errors
    ///
    /// The evidence that is missing.
    fn on_upgrade(&self, upgrade: &Upgrade<'_>, outcome: &mut Outcome) -> Fact<()>;
}

/// What is said about an actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card<'a> {
    /// Its name; leapp's where leapp has an actor for the same ground.
    pub name: &'a str,
    /// Rises when its outcome for some host changes.
    pub version: u32,
    /// When it is asked.
    pub stage: Stage,
    /// What it looks for, in one line.
    pub summary: &'a str,
    /// What it does, why that matters and what to do, for administrators.
    pub about: &'a str,
    /// Actors of leapp it stands for.
    pub covers: Vec<&'a str>,
    /// Hosts it is for, in words.
    pub applies: String,
    /// Topics of [facts](crate::facts) it asks.
    pub needs: Vec<&'a str>,
    /// Actors whose outcome it looks at.
    pub after: Vec<&'a str>,
    /// Whether it can forbid an upgrade.
    pub can_inhibit: bool,
    /// Ids of the findings it can make.
    pub findings: Vec<&'a str>,
}

impl Card<'_> {
    /// `name@version`.
    pub fn id(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }
}

/// When an actor is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Before the transaction is known: it may still change it.
    Host,
    /// When the transaction is known.
    Transaction,
}

/// An actor written in Rust.
#[derive(Debug, Clone, Copy)]
pub struct NativeActor {
    /// Its name; leapp's where leapp has an actor for the same ground.
    pub name: &'static str,
    /// Rises when its outcome for some host changes.
    pub version: u32,
    /// What it looks for, in one line.
    pub summary: &'static str,
    /// What it does, why that matters and what to do, for administrators.
    pub about: &'static str,
    /// Actors of leapp it stands for, besides the one of its name.
    pub covers: &'static [&'static str],
    /// Hosts it is for.
    pub applies: Applies,
    /// Topics of [facts](crate::facts) it asks.
    pub needs: &'static [&'static str],
    /// Actors whose outcome it looks at.
    pub after: &'static [&'static str],
    /// The findings it can make.
    pub kinds: &'static [Kind],
    /// The questions it can ask.
    pub questions: &'static [Question],
    /// What it does.
    pub run: Run,
}

/// What an actor does.
#[derive(Debug, Clone, Copy)]
pub enum Run {
    /// Looks at a host.
    OnHost(fn(&Host<'_>, &mut Outcome) -> Fact<()>),
    /// Looks at a transaction.
    OnUpgrade(fn(&Upgrade<'_>, &mut Outcome) -> Fact<()>),
}

impl NativeActor {
    /// An actor of which nothing is said yet, to be filled in.
    pub const NEW: Self = Self {
        name: "",
        version: 1,
        summary: "",
        about: "",
        covers: &[],
        applies: Applies::EVERYWHERE,
        needs: &[],
        after: &[],
        kinds: &[],
        questions: &[],
        run: Run::OnHost(|_, _| Ok(())),
    };
}

impl Actor for NativeActor {
    fn card(&self) -> Card<'_> {
        Card {
            name: self.name,
            version: self.version,
            stage: match self.run {
                Run::OnHost(_) => Stage::Host,
                Run::OnUpgrade(_) => Stage::Transaction,
            },
            summary: self.summary,
            about: self.about,
            covers: self.covers.to_vec(),
            applies: self.applies.to_string(),
            needs: self.needs.to_vec(),
            after: self.after.to_vec(),
            can_inhibit: self.kinds.iter().any(|kind| kind.inhibitor) || !self.questions.is_empty(),
            findings: self.kinds.iter().map(|kind| kind.id).collect(),
        }
    }

    fn applies(&self, path: &UpgradePath, arch: &Arch) -> bool {
        self.applies.to_upgrade(path, arch)
    }

    fn on_host(&self, host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
        match self.run {
            Run::OnHost(run) => run(host, outcome),
            Run::OnUpgrade(_) => Ok(()),
        }
    }

    fn on_upgrade(&self, upgrade: &Upgrade<'_>, outcome: &mut Outcome) -> Fact<()> {
        match self.run {
            Run::OnUpgrade(run) => run(upgrade, outcome),
            Run::OnHost(_) => Ok(()),
        }
    }
}
