//! How long the steps of a run take, and what it leaves out.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// A run so far.
#[derive(Default)]
pub(super) struct Report {
    steps: Vec<(&'static str, Duration)>,
    left_out: Vec<String>,
}

impl Report {
    /// Runs a step. `fix` says what to do when it fails.
    pub(super) fn step(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&mut Self) -> Result<()>,
        fix: &str,
    ) -> Result<()> {
        println!("== {name}");
        let started = Instant::now();
        let result = work(self);
        let time = started.elapsed();
        self.steps.push((name, time));
        result.with_context(|| format!("{name} failed after {:.1} s; {fix}", time.as_secs_f64()))?;
        println!("== {name}: passed ({:.1} s)", time.as_secs_f64());
        Ok(())
    }

    /// Notes something that this run does not check, and why.
    pub(super) fn leave_out(&mut self, what: impl fmt::Display, why: impl fmt::Display) {
        self.left_out.push(format!("{what}: {why}"));
    }
}

/// The seconds of each step and of all, and what was left out.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.steps.iter().map(|(_, time)| *time).sum();
        let width = self.steps.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        writeln!(f, "{:width$}  seconds", "step")?;
        for (name, time) in self.steps.iter().chain([&("total", total)]) {
            writeln!(f, "{name:width$}  {:7.1}", time.as_secs_f64())?;
        }
        for left_out in &self.left_out {
            write!(f, "\nleft out: {left_out}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn the_summary_has_every_step_and_all_that_was_left_out() {
        let mut report = Report::default();
        report.step("one", |_| Ok(()), "nothing").unwrap();
        let failing = |report: &mut Report| {
            report.leave_out("moons", "there are none");
            bail!("it rains")
        };
        let error = report.step("another", failing, "wait").unwrap_err();
        assert_eq!(format!("{error:#}"), "another failed after 0.0 s; wait: it rains");
        let summary =
            "step     seconds\none          0.0\nanother      0.0\ntotal        0.0\n\nleft out: moons: there are none";
        assert_eq!(report.to_string(), summary);
    }
}
