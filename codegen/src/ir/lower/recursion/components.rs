//! What is on a cycle of a graph: Tarjan's strongly connected components, without recursion, so that a chain of any
//! length fits the stack.

use std::collections::BTreeMap;

/// What leads to what.
pub(super) type Graph<'n> = BTreeMap<&'n str, Vec<&'n str>>;

/// The parts of a graph in which everything leads to everything else.
pub(in crate::ir::lower) struct Components<'n>(BTreeMap<&'n str, usize>);

impl<'n> Components<'n> {
    /// Takes time in proportion to the nodes and edges. Edges to what is no node are none.
    pub(super) fn of(graph: &Graph<'n>) -> Self {
        let numbers: BTreeMap<&str, usize> = graph.keys().enumerate().map(|(number, name)| (*name, number)).collect();
        let number = |name: &&str| numbers.get(name).copied();
        let edges = graph
            .values()
            .map(|targets| targets.iter().filter_map(number).collect());
        let mut search = Search::new(edges.collect());
        for node in 0..graph.len() {
            if search.order[node].is_none() {
                search.walk(node);
            }
        }
        Self(graph.keys().copied().zip(search.component).collect())
    }

    /// Whether an edge from one to the other is on a cycle.
    pub(super) fn is_cyclic(&self, from: &str, to: &str) -> bool {
        let component = self.0.get(from);
        component.is_some() && component == self.0.get(to)
    }

    /// All nodes, each after those that it leads to, but for those that lead back.
    pub(super) fn targets_first(&self) -> Vec<&'n str> {
        let mut names: Vec<_> = self.0.iter().collect();
        names.sort_by_key(|(_, component)| **component);
        names.into_iter().map(|(name, _)| *name).collect()
    }
}

/// A walk through a graph, depth first.
struct Search {
    edges: Vec<Vec<usize>>,
    /// When each node was met.
    order: Vec<Option<usize>>,
    met: usize,
    /// The earliest node that is known to be in a node's component, as its place in the order.
    earliest: Vec<usize>,
    /// The nodes whose components are not complete, as they were met.
    open: Vec<usize>,
    is_open: Vec<bool>,
    /// The number of each node's component. What a component leads to has lower ones.
    component: Vec<usize>,
    components: usize,
}

impl Search {
    fn new(edges: Vec<Vec<usize>>) -> Self {
        let nodes = edges.len();
        Self {
            edges,
            order: vec![None; nodes],
            met: 0,
            earliest: vec![0; nodes],
            open: Vec::new(),
            is_open: vec![false; nodes],
            component: vec![0; nodes],
            components: 0,
        }
    }

    /// Visits all that a node leads to.
    fn walk(&mut self, start: usize) {
        // Each node on the way, and how many of its edges have been taken.
        let mut way = vec![(self.meet(start), 0)];
        while let Some((node, taken)) = way.last_mut() {
            let node = *node;
            if let Some(&target) = self.edges[node].get(*taken) {
                *taken += 1;
                match self.order[target] {
                    None => way.push((self.meet(target), 0)),
                    Some(order) if self.is_open[target] => self.join(node, order),
                    Some(_) => {}
                }
            } else {
                way.pop();
                if let Some((before, _)) = way.last() {
                    self.join(*before, self.earliest[node]);
                }
                if self.order[node] == Some(self.earliest[node]) {
                    self.complete(node);
                }
            }
        }
    }

    fn meet(&mut self, node: usize) -> usize {
        self.order[node] = Some(self.met);
        self.earliest[node] = self.met;
        self.met += 1;
        self.open.push(node);
        self.is_open[node] = true;
        node
    }

    /// Notes that a node leads to one that is open.
    fn join(&mut self, node: usize, order: usize) {
        self.earliest[node] = self.earliest[node].min(order);
    }

    /// Makes a component of a node and all that have been met since.
    fn complete(&mut self, first: usize) {
        while let Some(node) = self.open.pop() {
            self.is_open[node] = false;
            self.component[node] = self.components;
            if node == first {
                break;
            }
        }
        self.components += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_are_found() {
        // Two cycles that share a node, one of a single node, a way into them and a way out.
        let edges = [
            ("in", &["a"][..]),
            ("a", &["b", "c"]),
            ("b", &["a"]),
            ("c", &["d", "out", "nowhere"]),
            ("d", &["a"]),
            ("out", &["self"]),
            ("self", &["self", "end"]),
            ("end", &[]),
        ];
        let graph: Graph<'_> = edges.iter().map(|(from, to)| (*from, to.to_vec())).collect();
        let components = Components::of(&graph);
        let cyclic = edges
            .iter()
            .flat_map(|(from, to)| to.iter().map(move |to| (*from, *to)));
        let cyclic: Vec<_> = cyclic.filter(|(from, to)| components.is_cyclic(from, to)).collect();
        let expected = [
            ("a", "b"),
            ("a", "c"),
            ("b", "a"),
            ("c", "d"),
            ("d", "a"),
            ("self", "self"),
        ];
        assert_eq!(cyclic, expected);

        let nodes = components.targets_first();
        let place = |name| nodes.iter().position(|node| *node == name);
        assert!(
            place("end") < place("self") && place("self") < place("out"),
            "{nodes:?}"
        );
        assert!(place("out") < place("c") && place("d") < place("in"), "{nodes:?}");
    }

    /// A recursive search would overflow the stack, and one from each node not end.
    #[test]
    fn a_long_way_is_no_problem() {
        let names: Vec<String> = (0..100_000).map(|number| number.to_string()).collect();
        let edges = names.windows(2).map(|pair| (pair[0].as_str(), vec![pair[1].as_str()]));
        let mut graph: Graph<'_> = edges.collect();
        let nodes = Components::of(&graph).targets_first();
        assert_eq!((nodes.first(), nodes.last()), (Some(&"99998"), Some(&"0")));

        graph.insert("99999", vec!["0"]);
        assert!(Components::of(&graph).is_cyclic("5", "4"));
    }
}
