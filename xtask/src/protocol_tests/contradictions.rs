//! Published cases that this client fails on purpose, because other cases or real services contradict them.

use std::path::Path;

use super::judge::Difference;
use super::suite::{CaseId, Suite};

struct Contradiction {
    /// The name of the file, in any folder.
    file: &'static str,
    /// The description of the suite.
    suite: &'static str,
    /// Counted from 1, as in reports.
    case: usize,
    reason: &'static str,
}

const CONTRADICTIONS: [Contradiction; 1] = [Contradiction {
    file: "json.json",
    suite: "Lists",
    case: 2,
    reason: "it keeps nulls in lists that are not sparse, which the suites of other protocols drop",
}];

/// What clients read and fakes do not write.
const ONLY_READ: [Contradiction; 1] = [Contradiction {
    file: "responses.json",
    suite: "JSON",
    case: 2,
    reason: "a time has fractions of a second in a format that is written without them",
}];

/// Why a case is expected to fail, if it is.
pub(super) fn reason(suites: &[Suite], id: CaseId) -> Option<&'static str> {
    find(&CONTRADICTIONS, suites, id)
}

/// Why the answer that a fake writes may differ from that of a case, if it may.
pub(super) fn only_read(suites: &[Suite], id: CaseId) -> Option<&'static str> {
    find(&ONLY_READ, suites, id)
}

fn find(list: &[Contradiction], suites: &[Suite], id: CaseId) -> Option<&'static str> {
    let suite = &suites[id.suite];
    let file = Path::new(&suite.file).file_name()?;
    let is_it =
        |known: &&Contradiction| file == known.file && suite.description == known.suite && id.case + 1 == known.case;
    list.iter().find(is_it).map(|known| known.reason)
}

/// What is left of the differences of a case: none if it is expected to fail, and one if it passes all the same.
pub(super) fn apply(suites: &[Suite], id: CaseId, differences: Vec<Difference>) -> Vec<Difference> {
    match reason(suites, id) {
        None => differences,
        Some(_) if differences.is_empty() => {
            let actual = "it passes: remove it from `xtask/src/protocol_tests/contradictions.rs`";
            vec![Difference::new("case", "to fail", actual)]
        }
        Some(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lists of JSON: the second case is listed.
    fn lists() -> Vec<Suite> {
        let case = serde_json::json!({ "given": {}, "serialized": {} });
        let suite = serde_json::json!({ "description": "Lists", "cases": [case, case] });
        let mut suite: Suite = serde_json::from_value(suite).expect("a suite");
        suite.file = "legacy/output/json.json".to_owned();
        vec![suite]
    }

    #[test]
    fn a_listed_case_must_fail_and_every_other_must_pass() {
        let suites = lists();
        let [first, second] = [0, 1].map(|case| CaseId { suite: 0, case });
        let failure = || vec![Difference::new("body", "a", "b")];
        assert_eq!(apply(&suites, first, failure()), failure());
        assert_eq!(apply(&suites, first, Vec::new()), []);
        assert_eq!(apply(&suites, second, failure()), []);
        assert_eq!(apply(&suites, second, Vec::new()).len(), 1);
    }
}
