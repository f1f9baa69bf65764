//! Whether rules contradict each other, by unit propagation alone: independent of the
//! solver.

use std::collections::BTreeSet;

use super::{Outcome, RuleId};

/// Whether rules contradict each other, with the help of what was learnt from none but
/// these.
pub(crate) fn is_proof(outcome: &Outcome, proof: &[RuleId]) -> bool {
    let literals = |rule: RuleId| -> Vec<i32> {
        outcome.rule(rule).literals.iter().map(|literal| literal.number()).collect()
    };
    // The system is there.
    let mut clauses = vec![vec![1]];
    clauses.extend(proof.iter().map(|rule| literals(*rule)));
    if is_contradiction(&clauses) {
        return true;
    }
    for learnt in outcome.learnt() {
        let from = outcome.rule(learnt).follows_from;
        if from.iter().all(|rule| proof.contains(rule)) {
            let mut denied = clauses.clone();
            denied.extend(literals(learnt).into_iter().map(|literal| vec![-literal]));
            if is_contradiction(&denied) {
                clauses.push(literals(learnt));
            }
        }
    }
    is_contradiction(&clauses)
}

/// Whether unit propagation alone leads to a contradiction.
fn is_contradiction(clauses: &[Vec<i32>]) -> bool {
    let mut known: BTreeSet<i32> = BTreeSet::new();
    loop {
        let before = known.len();
        for clause in clauses {
            if clause.iter().any(|literal| known.contains(literal)) {
                continue;
            }
            let mut open = clause.iter().copied().filter(|literal| !known.contains(&-literal));
            match (open.next(), open.next()) {
                (None, _) => return true,
                (Some(only), None) => drop(known.insert(only)),
                _ => {}
            }
        }
        if known.len() == before {
            return false;
        }
    }
}
