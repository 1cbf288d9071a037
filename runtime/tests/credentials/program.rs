//! Replays the cases of the folders and files that are its arguments; `cargo xtask credential-tests` starts it.
//!
//! With `--altered` in front, each case also runs with something else expected, which must be seen.

mod altered;
mod cases;
mod decisions;
mod errors;
mod folders;
mod replay;
mod tables;

use std::env;
use std::path::Path;
use std::process::ExitCode;

use self::cases::{Case, Tally};

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments: Vec<_> = env::args_os().skip(1).collect();
    let with_altered = arguments.first().is_some_and(|first| first == "--altered");
    if with_altered {
        arguments.remove(0);
    }
    let found: Result<Vec<_>, _> = arguments.iter().map(|path| Case::find(Path::new(path))).collect();
    let cases = match found.map(|found| found.concat()) {
        Ok(cases) if !cases.is_empty() => cases,
        Ok(_) => {
            eprintln!("there are no cases");
            return ExitCode::FAILURE;
        }
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    let mut tally = Tally::default();
    for case in &cases {
        tally.count(case).await;
        if with_altered {
            tally.count_altered(case).await;
        }
    }
    println!("{tally}");
    match tally.failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
