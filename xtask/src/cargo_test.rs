//! Runs of `cargo test` that select tests.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// Runs `cargo test`, shows its output, and requires each of its programs to run at least one test.
///
/// # Errors
///
/// When a test fails, or when the filter matches none, which cargo itself takes for a success.
pub(crate) fn run_selected(command: &mut Command) -> Result<()> {
    run_to(command, std::io::stdout())
}

fn run_to(command: &mut Command, out: impl Write) -> Result<()> {
    let shown = crate::shown(command);
    let mut child = command
        .current_dir(crate::root())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{shown}`"))?;
    let printed = copy(child.stdout.take().context("its output is not piped")?, out)?;
    let status = child.wait()?;
    ensure!(status.success(), "`{shown}` failed ({status})");
    let counts = counts(&String::from_utf8_lossy(&printed));
    ensure!(
        !counts.is_empty() && !counts.contains(&0),
        "`{shown}` ran no test: its filter matches none"
    );
    Ok(())
}

/// Copies what arrives when it arrives. Returns all of it.
fn copy(mut from: impl Read, mut out: impl Write) -> Result<Vec<u8>> {
    let mut printed = Vec::new();
    let mut piece = [0; 1024];
    loop {
        let read = from.read(&mut piece)?;
        if read == 0 {
            return Ok(printed);
        }
        out.write_all(&piece[..read])?;
        out.flush()?;
        printed.extend_from_slice(&piece[..read]);
    }
}

/// How many tests each program has run.
fn counts(printed: &str) -> Vec<u64> {
    let count = |line: &str| line.strip_prefix("running ")?.split_once(" test")?.0.parse().ok();
    printed.lines().filter_map(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One test by its name, of this very program.
    fn run(filter: &str) -> Result<()> {
        let mut program = Command::new(std::env::current_exe()?);
        run_to(program.args(["--exact", filter]), std::io::sink())
    }

    #[test]
    fn a_filter_that_matches_a_test() {
        run("cargo_test::tests::tests_are_counted").unwrap();
    }

    #[test]
    fn a_filter_that_matches_none_is_an_error() {
        let error = run("cargo_test::tests::nothing_of_this_name").unwrap_err().to_string();
        assert!(error.ends_with("ran no test: its filter matches none"), "{error}");
    }

    #[test]
    fn tests_are_counted() {
        let printed = "\nrunning 1 test\n.\ntest result: ok\n\nrunning 0 tests\n\nrunning 12 tests\nrunning late\n";
        assert_eq!(counts(printed), [1, 0, 12]);
    }
}
