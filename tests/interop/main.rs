//! The same inputs through boto3 and through the generated client: are the requests the same, and what is made of the
//! answers?
//!
//! `cargo xtask interop` prepares Python and runs this, without the environment variables that have an influence. First
//! both send to a server that records requests, then to a moto server, which is also AWS STS for this one. A line in
//! `cases.json` is a case; `cases.rs` says what it can have. At last both call the fake of the service, and so does the
//! official SDK if the second argument is a program that has it.

mod cases;
mod client;
mod difference;
mod fake;
mod intended;
mod moto;
mod objects;
mod other_side;
mod report;
mod roles;
mod tokens;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tests::server::{Recorded, Reply, Server};

use crate::cases::{Case, Cases, MotoCases};
use crate::difference::Differences;
use crate::moto::Moto;
use crate::other_side::OtherSide;
use crate::report::Report;

/// The error is for the maintainer to read.
type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

const ACCESS_KEY: &str = "AKIDEXAMPLE";
const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const REGION: &str = "eu-west-1";
const SERVICE: &str = "sagemaker";

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let argument = arguments.next();
    if argument.as_deref().is_some_and(|argument| argument == roles::CALLER) {
        roles::caller().await;
        return ExitCode::SUCCESS;
    }
    let Some(environment) = argument else {
        eprintln!("run `cargo xtask interop`, or name a virtual environment with boto3 and moto");
        return ExitCode::FAILURE;
    };
    match run(Path::new(&environment), arguments.next().as_deref().map(Path::new)).await {
        Ok(report) => report.conclude(),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(environment: &Path, official_sdk: Option<&Path>) -> Result<Report> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("interop");
    let cases = Cases::read(&folder.join("cases.json"))?;
    let mut boto3 = OtherSide::boto3(environment, &folder.join("boto3_side.py"))?;
    let mut report = Report::default();
    Report::begin("recorder");
    compare_recorded(&cases.recorded, &mut boto3, &mut report).await?;
    let moto = Moto::start(environment).await?;
    Report::begin("moto");
    compare_on_moto(&cases.moto, &moto, &mut boto3, &mut report).await?;
    Report::begin("moto as S3 and SageMaker");
    objects::check(&moto, &mut boto3, &mut report).await?;
    Report::begin("moto as STS");
    roles::check(&moto, &mut boto3, &mut report).await?;
    Report::begin("bearer tokens");
    tokens::compare(&mut boto3, &mut report).await?;
    Report::begin("fake, boto3");
    fake::compare(&mut boto3, &mut report).await?;
    if let Some(program) = official_sdk {
        Report::begin("fake, official SDK");
        fake::compare(&mut OtherSide::official_sdk(program)?, &mut report).await?;
    }
    Ok(report)
}

/// Compares requests, and what both make of the same answers.
async fn compare_recorded(cases: &[Case], boto3: &mut OtherSide, report: &mut Report) -> Result<()> {
    let current = Arc::new(Mutex::new(Reply::new(500)));
    let server = Server::start({
        let current = Arc::clone(&current);
        move |_| current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    })
    .await;
    for case in cases {
        *current.lock().unwrap_or_else(PoisonError::into_inner) = case.reply();
        let before = server.requests().len();
        let expected = boto3.call(server.url(), case).await?;
        let between = server.requests().len();
        let actual = client::call(server.url(), case).await?;
        let requests = server.requests();

        let mut differences = Differences::default();
        match (&requests[before..between], &requests[between..]) {
            ([boto3], [ours]) => {
                differences.compare_requests(boto3, ours, case);
                differences.compare_outcomes("output", Some(&expected), Some(&actual));
            }
            // Each says so in words of its own.
            ([], []) if case.refused => {}
            (boto3, ours) => {
                differences.compare("request", Some(sent(boto3, &expected)), Some(sent(ours, &actual)));
            }
        }
        report.add(case, differences);
    }
    Ok(())
}

/// What became of a call that should have sent one request.
fn sent(requests: &[Recorded], outcome: &Value) -> String {
    match requests {
        [] => format!("not sent: {outcome}"),
        [_] => "sent".to_owned(),
        _ => format!("sent {} times", requests.len()),
    }
}

/// Compares what both make of the answers of a moto server, which keeps state: first one side makes all its calls, then
/// the other, on a server that has been set back.
async fn compare_on_moto(cases: &MotoCases, moto: &Moto, boto3: &mut OtherSide, report: &mut Report) -> Result<()> {
    let mut expected = Vec::new();
    moto.reset(boto3, cases).await?;
    for case in &cases.cases {
        expected.push(boto3.call(&moto.url, case).await?);
    }
    moto.reset(boto3, cases).await?;
    for (case, expected) in cases.cases.iter().zip(expected) {
        let actual = client::call(&moto.url, case).await?;
        let mut differences = Differences::default();
        differences.compare_outcomes("output", Some(&expected), Some(&actual));
        report.add(case, differences);
    }
    Ok(())
}
