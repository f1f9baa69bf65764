//! In which order actors are asked: each after those whose outcome it looks at.

use std::collections::BTreeMap;

use petgraph::algo::toposort;
use petgraph::graph::DiGraph;
use thiserror::Error;

/// Actors that wait for each other.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("actor {0} waits, by way of others, for itself")]
pub struct DisorderError(pub String);

/// Groups of actors, by their place in the list: those of one group wait only for actors
/// of earlier ones. Each is given with its name and the names of those it waits for;
/// names that nobody has are passed over.
pub(super) fn groups(actors: &[(&str, Vec<&str>)]) -> Result<Vec<Vec<usize>>, DisorderError> {
    let mut graph = DiGraph::new();
    let nodes: Vec<_> = (0..actors.len()).map(|at| graph.add_node(at)).collect();
    let of_name: BTreeMap<&str, _> =
        actors.iter().zip(&nodes).map(|((name, _), node)| (*name, *node)).collect();
    for (node, (_, after)) in nodes.iter().zip(actors) {
        for other in after.iter().filter_map(|name| of_name.get(name)) {
            graph.add_edge(*other, *node, ());
        }
    }
    let order = toposort(&graph, None)
        .map_err(|cycle| DisorderError(actors[graph[cycle.node_id()]].0.to_owned()))?;
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut level = vec![0; actors.len()];
    for node in order {
        let own =
            graph.neighbors_directed(node, petgraph::Incoming).map(|other| level[graph[other]] + 1);
        let own = own.max().unwrap_or(0);
        level[graph[node]] = own;
        if groups.len() <= own {
            groups.resize(own + 1, Vec::new());
        }
        groups[own].push(graph[node]);
    }
    // The order of a list never depends on how the graph is walked.
    groups.iter_mut().for_each(|group| group.sort_unstable());
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actors_come_after_those_they_wait_for() {
        let actors = [("c", vec!["b", "x"]), ("a", vec![]), ("b", vec!["a"]), ("d", vec!["a"])];
        assert_eq!(groups(&actors), Ok(vec![vec![1], vec![2, 3], vec![0]]));
        assert_eq!(groups(&[]), Ok(vec![]));
    }

    #[test]
    fn actors_that_wait_for_each_other_are_named() {
        let actors = [("a", vec!["b"]), ("b", vec!["a"])];
        let error = groups(&actors).unwrap_err().to_string();
        assert!(
            error == "actor a waits, by way of others, for itself"
                || error == "actor b waits, by way of others, for itself"
        );
        assert!(groups(&[("a", vec!["a"])]).is_err());
    }
}
