//! Which packages of a graph are there, and which conditions therefore hold.

use std::collections::BTreeSet;

use super::condition::{Condition, ConditionId, Conditions, Node};

/// Packages that are there, and conditions that hold.
#[derive(Debug, Clone)]
pub(super) struct State {
    here: Vec<bool>,
    held: Vec<bool>,
    /// How many providers of each condition are there, where it is not rich.
    providers: Vec<u32>,
}

impl State {
    /// All packages are there.
    pub(super) fn all(packages: usize, conditions: &Conditions) -> Self {
        Self::of(vec![true; packages], conditions)
    }

    /// Of each package is said whether it is there.
    pub(super) fn of(here: Vec<bool>, conditions: &Conditions) -> Self {
        let is_here = |package: &Node| here.get(*package as usize).copied().unwrap_or_default();
        let count = |condition: &Condition| match condition {
            // There are fewer packages than 32 bits can count.
            Condition::Any { providers, .. } => {
                let count = providers.iter().filter(|package| is_here(package)).count();
                u32::try_from(count).unwrap_or(u32::MAX)
            }
            Condition::Rich(_) => 0,
        };
        let providers = conditions.iter().map(|(_, condition)| count(condition)).collect();
        let mut state = Self { here, held: Vec::with_capacity(conditions.len()), providers };
        // Parts come before what they are parts of.
        for (id, condition) in conditions.iter() {
            let holds = state.would_hold(id, condition);
            state.held.push(holds);
        }
        state
    }

    /// Whether a package is there.
    pub(super) fn is_here(&self, package: Node) -> bool {
        self.here.get(package as usize).copied().unwrap_or_default()
    }

    /// Whether a condition holds.
    pub(super) fn holds(&self, id: ConditionId) -> bool {
        self.held.get(id as usize).copied().unwrap_or_default()
    }

    /// Takes packages out. Gives back the conditions that held and do not any
    /// more, in order. `provided` are the conditions of each package, `whole` the
    /// rich conditions that each is a part of.
    pub(super) fn remove(
        &mut self,
        packages: &[Node],
        conditions: &Conditions,
        provided: &[Vec<ConditionId>],
        whole: &[Vec<ConditionId>],
    ) -> Vec<ConditionId> {
        let mut touched = BTreeSet::new();
        for package in packages {
            let here = self.here.get_mut(*package as usize);
            if here.is_some_and(|here| std::mem::replace(here, false)) {
                for id in list(provided, *package) {
                    if let Some(count) = self.providers.get_mut(*id as usize) {
                        *count = count.saturating_sub(1);
                        touched.insert(*id);
                    }
                }
            }
        }
        let mut lost = Vec::new();
        // A part has a lower number than what it is a part of.
        while let Some(id) = touched.pop_first() {
            let Some(condition) = conditions.get(id) else { continue };
            let (held, holds) = (self.holds(id), self.would_hold(id, condition));
            if held != holds {
                self.held[id as usize] = holds;
                touched.extend(list(whole, id));
                lost.extend(held.then_some(id));
            }
        }
        lost
    }

    /// Whether a condition holds, by its parts or providers.
    fn would_hold(&self, id: ConditionId, condition: &Condition) -> bool {
        match condition {
            Condition::Any { by_system, .. } => {
                *by_system || self.providers.get(id as usize).is_some_and(|count| *count > 0)
            }
            Condition::Rich(rich) => rich.holds(|part| self.holds(part)),
        }
    }
}

fn list(of: &[Vec<ConditionId>], at: u32) -> &[ConditionId] {
    of.get(at as usize).map_or(&[], Vec::as_slice)
}
