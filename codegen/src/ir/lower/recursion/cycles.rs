//! Which nodes of a graph are on cycles: Tarjan's strongly connected components, without recursion, so that a chain of
//! any length fits the stack.

use std::collections::BTreeMap;

/// For each node the number of its component: two nodes are on a common cycle, if any, where theirs are the same.
/// Components that a node leads to have lower numbers than its own.
pub(super) fn components<'n>(graph: &BTreeMap<&'n str, Vec<&'n str>>) -> BTreeMap<&'n str, usize> {
    let index: BTreeMap<&str, usize> = graph.keys().enumerate().map(|(index, name)| (*name, index)).collect();
    // What leads to no node is on no cycle.
    let edges = graph.values().map(|targets| targets.iter().filter_map(|name| index.get(name).copied()));
    let mut search = Search::new(edges.map(Iterator::collect).collect());
    for node in 0..graph.len() {
        if search.order[node].is_none() {
            search.walk(node);
        }
    }
    graph.keys().copied().zip(search.component).collect()
}

struct Search {
    edges: Vec<Vec<usize>>,
    /// When a node was met.
    order: Vec<Option<usize>>,
    met: usize,
    /// The earliest met node that is known to be on a cycle with a node.
    low: Vec<usize>,
    /// The nodes that have no component yet, as they were met.
    open: Vec<usize>,
    is_open: Vec<bool>,
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
            low: vec![0; nodes],
            open: Vec::new(),
            is_open: vec![false; nodes],
            component: vec![0; nodes],
            components: 0,
        }
    }

    /// Visits all that can be reached, depth first.
    fn walk(&mut self, start: usize) {
        // Each node on the way, and how many of its edges have been looked at.
        let mut way = vec![(start, 0)];
        self.meet(start);
        while let Some((node, edge)) = way.last_mut() {
            let node = *node;
            if let Some(&target) = self.edges[node].get(*edge) {
                *edge += 1;
                match self.order[target] {
                    None => {
                        self.meet(target);
                        way.push((target, 0));
                    }
                    Some(order) if self.is_open[target] => self.low[node] = self.low[node].min(order),
                    Some(_) => {}
                }
                continue;
            }
            way.pop();
            if let Some((before, _)) = way.last() {
                self.low[*before] = self.low[*before].min(self.low[node]);
            }
            if self.order[node] == Some(self.low[node]) {
                self.close(node);
            }
        }
    }

    fn meet(&mut self, node: usize) {
        self.order[node] = Some(self.met);
        self.low[node] = self.met;
        self.met += 1;
        self.open.push(node);
        self.is_open[node] = true;
    }

    /// Makes a component of a node and all that were met after it and are still open.
    fn close(&mut self, first: usize) {
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
