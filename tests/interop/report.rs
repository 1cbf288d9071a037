//! What is printed.

use std::process::ExitCode;

use crate::cases::Case;
use crate::difference::{Difference, Differences};
use crate::intended::INTENDED;

/// Of the first column.
const WIDTH: usize = 50;

/// Prints what was found, a line a case, and keeps count.
#[derive(Default)]
pub(crate) struct Report {
    passed: usize,
    failed: usize,
    /// How often each intended difference was seen.
    seen: [usize; INTENDED.len()],
}

impl Report {
    /// Begins the table of the cases on a server.
    pub(crate) fn begin(server: &str) {
        println!("\n{:WIDTH$}  {:32}  result", format!("{server}: case"), "operation");
    }

    /// Adds the row of a case, with the differences that are not meant to be.
    pub(crate) fn add(&mut self, case: &Case, differences: Differences) {
        let unintended: Vec<Difference> = differences
            .0
            .into_iter()
            .filter(|difference| !self.intended(difference, case))
            .collect();
        let result = if unintended.is_empty() { "same" } else { "DIFFERENT" };
        println!("{:WIDTH$}  {:32}  {result}", case.name, case.operation);
        for difference in &unintended {
            println!("{difference}");
        }
        match unintended.is_empty() {
            true => self.passed += 1,
            false => self.failed += 1,
        }
    }

    /// Adds the row of a call that was not compared with one of boto3, and its outcome if that is not as it should be.
    pub(crate) fn add_check(&mut self, name: &str, operation: &str, is_good: bool, outcome: &str) {
        let result = if is_good { "good" } else { "BAD" };
        println!("{name:WIDTH$}  {operation:32}  {result}");
        match is_good {
            true => self.passed += 1,
            false => {
                println!("    {}", outcome.trim());
                self.failed += 1;
            }
        }
    }

    fn intended(&mut self, difference: &Difference, case: &Case) -> bool {
        let which = INTENDED.iter().position(|intended| intended.covers(difference, case));
        if let Some(which) = which {
            self.seen[which] += 1;
        }
        which.is_some()
    }

    /// Prints how often which intended difference was seen, and the end.
    pub(crate) fn conclude(mut self) -> ExitCode {
        println!("\n seen  intended difference");
        for (intended, seen) in INTENDED.iter().zip(self.seen) {
            println!("{seen:>5}  {}: {}", intended.what, intended.reason);
            if seen == 0 && !intended.is_accidental() {
                println!("       it is never seen: remove it from INTENDED, or add a case that shows it");
                self.failed += 1;
            }
        }
        println!("\n{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
