//! In which order the steps of a phase are done.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::Direction;
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::step::{Action, Check, Step};

/// Puts steps in order: each after those it names, those about one file as they were asked
/// for, and all else by kind: checks first, a reboot last.
///
/// Steps that wait for each other are given back as circles, by id; within one the order is
/// that by kind.
pub(super) fn order(mut steps: Vec<Step>) -> (Vec<Step>, Vec<Vec<String>>) {
    steps.sort_by_key(|step| rank(&step.action));
    let (mut graph, nodes) = graph(&steps);
    let circles: Vec<BTreeSet<usize>> = tarjan_scc(&graph)
        .into_iter()
        .map(|circle| circle.into_iter().map(|node| graph[node]).collect::<BTreeSet<_>>())
        .filter(|circle| circle.len() > 1 || circle.iter().any(|&at| waits_for_itself(&steps, at)))
        .collect();
    for circle in &circles {
        // What was given later waits for what was given before, and nothing else.
        graph.retain_edges(|graph, edge| {
            let ends = graph.edge_endpoints(edge).map(|(a, b)| (graph[a], graph[b]));
            ends.is_none_or(|(a, b)| !(circle.contains(&a) && circle.contains(&b)) || a < b)
        });
    }
    let places = sorted(&graph, &nodes);
    let mut named: Vec<Vec<String>> = circles
        .iter()
        .map(|circle| circle.iter().map(|&at| steps[at].id.clone()).collect())
        .collect();
    named.sort();
    let mut steps: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    (places.into_iter().filter_map(|at| steps.get_mut(at)?.take()).collect(), named)
}

fn waits_for_itself(steps: &[Step], at: usize) -> bool {
    steps.get(at).is_some_and(|step| step.after.contains(&step.id))
}

/// Steps by their places; an arrow leads from what is first.
fn graph(steps: &[Step]) -> (DiGraph<usize, ()>, Vec<NodeIndex>) {
    let mut graph = DiGraph::new();
    let nodes: Vec<_> = (0..steps.len()).map(|at| graph.add_node(at)).collect();
    let ids: BTreeMap<&str, usize> =
        steps.iter().enumerate().map(|(at, step)| (step.id.as_str(), at)).collect();
    let mut last_about: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        for other in step.after.iter().filter_map(|id| ids.get(id.as_str())) {
            graph.update_edge(nodes[*other], nodes[at], ());
        }
        for file in step.action.files() {
            if let Some(other) = last_about.insert(file, at).filter(|&other| other != at) {
                graph.update_edge(nodes[other], nodes[at], ());
            }
        }
    }
    (graph, nodes)
}

/// What is done first, where nothing says otherwise.
fn rank(action: &Action) -> u8 {
    match action {
        Action::Check { check: Check::Host } => 0,
        Action::Check { .. } => 1,
        Action::Repositories { .. } => 2,
        Action::ImportKey { .. } => 3,
        Action::Modules { .. } => 4,
        Action::Transaction { .. } => 5,
        Action::KernelArgument { .. } => 7,
        Action::BootEntry { .. } => 8,
        Action::Reboot => 9,
        _ => 6,
    }
}

/// By place, each after what leads to it, the lowest first.
fn sorted(graph: &DiGraph<usize, ()>, nodes: &[NodeIndex]) -> Vec<usize> {
    let waits = |node: NodeIndex| graph.neighbors_directed(node, Direction::Incoming).count();
    let mut waiting: Vec<usize> = nodes.iter().map(|&node| waits(node)).collect();
    let mut free: BTreeSet<usize> = (0..nodes.len()).filter(|&at| waiting[at] == 0).collect();
    let mut sorted = Vec::with_capacity(nodes.len());
    while let Some(at) = free.pop_first() {
        sorted.push(at);
        for next in graph.neighbors(nodes[at]).map(|node| graph[node]) {
            waiting[next] -= 1;
            if waiting[next] == 0 {
                free.insert(next);
            }
        }
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing;

    fn step(id: &str, action: Action, after: &[&str]) -> Step {
        let after = after.iter().map(|&id| id.to_owned()).collect();
        Step { after, ..testing::step(id, action) }
    }

    fn other(id: &str, after: &[&str]) -> Step {
        step(id, Action::Other { what: String::new() }, after)
    }

    fn delete(id: &str, path: &str, after: &[&str]) -> Step {
        step(id, Action::Delete { path: path.to_owned() }, after)
    }

    fn ordered(steps: Vec<Step>) -> (String, Vec<Vec<String>>) {
        let (steps, circles) = order(steps);
        let ids: Vec<String> = steps.into_iter().map(|step| step.id).collect();
        (ids.join(" "), circles)
    }

    #[test]
    fn steps_come_as_asked_for_but_by_their_kind() {
        let steps = vec![
            step("reboot", Action::Reboot, &[]),
            other("b", &[]),
            other("a", &[]),
            step("look", Action::Check { check: Check::Host }, &[]),
        ];
        assert_eq!(ordered(steps), ("look b a reboot".to_owned(), vec![]));
    }

    #[test]
    fn a_step_waits_for_those_it_names_and_passes_over_strangers() {
        let steps = vec![other("a", &["c", "nobody"]), other("b", &[]), other("c", &[])];
        assert_eq!(ordered(steps), ("b c a".to_owned(), vec![]));
    }

    #[test]
    fn steps_about_one_file_stay_in_order_even_where_the_first_has_to_wait() {
        let steps = vec![delete("a", "/x", &["c"]), delete("b", "/x", &[]), delete("c", "/y", &[])];
        assert_eq!(ordered(steps), ("c a b".to_owned(), vec![]));
    }

    #[test]
    fn steps_that_wait_for_each_other_are_named_and_come_nevertheless() {
        let steps = vec![other("a", &["b"]), other("b", &["a"]), other("c", &["b"])];
        let circle = vec![vec!["a".to_owned(), "b".to_owned()]];
        assert_eq!(ordered(steps), ("a b c".to_owned(), circle));
        assert_eq!(ordered(vec![other("a", &["a"])]), ("a".to_owned(), vec![vec!["a".to_owned()]]));
    }
}
