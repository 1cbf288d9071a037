//! The life of an endpoint, from its model to its deletion: `cargo run --example endpoint-life`.
//!
//! Without arguments it needs neither an AWS account nor a network: stand-ins for five services listen on this machine.
//! With `--aws` it does the same for real, which costs a little: see `--help`. `docs/endpoint-life.md` explains it.

mod stand_in;
mod steps;

use std::process::ExitCode;

use lean_aws_runtime::{Config, Credentials};

use self::steps::{Clients, Plan, Result};

const HELP: &str = "\
Creates endpoints, calls them in three ways, changes them and deletes them.

usage: cargo run --example endpoint-life [-- --aws ROLE IMAGE MODEL BUCKET [FEATURE_GROUP TRIAL_COMPONENT]]

  (no argument)    talk to stand-ins on this machine
  --aws            talk to AWS, with the region and credentials that the AWS CLI finds
    ROLE             the ARN of the role that SageMaker assumes; it may read IMAGE and MODEL, and read and write BUCKET
    IMAGE            the container image, in the region; it reads `text/csv`
    MODEL            the S3 URI of the model's files, in the region: a `.tar.gz`
    BUCKET           the bucket for inputs and results of the asynchronous endpoint, in the region
    FEATURE_GROUP    a feature group with the features `id`, `event_time` (seconds) and `score`, to put a record into
    TRIAL_COMPONENT  a trial component, to write a metric for; predictions have to be numbers
  --help           show this text

With --aws it starts three instances of the type ml.m5.large for some minutes. It deletes the endpoints, their configurations
and the model, even if a step fails or Ctrl-C is pressed; an endpoint that is still being created is deleted afterwards, which
takes minutes. Objects in BUCKET, the record and the metric remain.";

/// The arguments of `--aws`. The last two go together.
const ARGUMENTS: [&str; 6] = ["ROLE", "IMAGE", "MODEL", "BUCKET", "FEATURE_GROUP", "TRIAL_COMPONENT"];

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments[..] {
        [] => on_this_machine().await,
        ["--aws", role, image, model, bucket] => on_aws(Plan::new([role, image, model, bucket])).await,
        ["--aws", role, image, model, bucket, group, component] => {
            on_aws(Plan::new([role, image, model, bucket]).records(group, component)).await
        }
        ["--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        ["--aws", ref given @ ..] if given.len() < ARGUMENTS.len() => {
            let needed = if given.len() < 4 { 4 } else { ARGUMENTS.len() };
            let missing = ARGUMENTS[given.len()..needed].join(", ");
            eprintln!("error: `--aws` needs more arguments: {missing}\n\n{HELP}");
            return ExitCode::FAILURE;
        }
        _ => {
            eprintln!("error: cannot make sense of `{}`\n\n{HELP}", arguments.join(" "));
            return ExitCode::FAILURE;
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One line says all that matters.
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn on_aws(plan: Plan) -> Result<()> {
    let clients = Clients::new(&Config::from_env()?)?;
    steps::live(&clients, &plan).await
}

async fn on_this_machine() -> Result<()> {
    let stand_in = stand_in::start().await;
    println!("Stand-ins for five services listen on {}\n", stand_in.url());
    let config = Config::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "a secret", None, None, "example"))
        .endpoint_url(stand_in.url())
        .no_proxy()
        .build()?;
    let role = "arn:aws:iam::123456789012:role/sagemaker";
    let image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:1";
    let plan = Plan::new([role, image, "s3://my-bucket/model.tar.gz", "my-bucket"]);
    steps::live(&Clients::new(&config)?, &plan.records("customers", "churn-training")).await
}
