//! What comes before the second call: starting a process, finding credentials, and making a client.

use std::fs;

use anyhow::{Result, ensure};
use workload::{Length, Work};

use super::Bench;
use crate::process;
use crate::results::{BARE, BOTO3, Better, OFFICIAL, OURS, Results, Spread, Table};

/// The programs with the default chain of credentials.
const WITH_CHAIN: [(&str, &str); 2] = [(OURS, "hello-ours-chain"), (OFFICIAL, "hello-official-aws-config")];

pub(super) fn measure(bench: &Bench) -> Result<Results> {
    Ok(Results {
        tables: [first_response(bench)?, role(bench)?, vec![creation(bench)?]].concat(),
        ..Results::default()
    })
}

fn first_response(bench: &Bench) -> Result<Vec<Table>> {
    let title = "From the start of a process to its first response, without TLS";
    let mut wall = Table::new("start", title, "ms", Better::Less);
    let mut cpu = Table::new(
        "start-cpu",
        "CPU of a process that makes one call, without TLS",
        "ms",
        Better::Less,
    );
    let work = Work::Calls {
        url: bench.server.url.clone(),
        bytes: 1 << 10,
        in_flight: 1,
        warm_up: Length::Calls(0),
        measured: Length::Calls(1),
    };
    bench.rounds(bench.pick(5, 21), |client| {
        let finished = client.start(&work)?;
        wall.add("one call", client.name, finished.first_line * 1e3);
        cpu.add("one call", client.name, finished.cpu * 1e3);
        Ok(())
    })?;
    Ok(vec![wall, cpu])
}

/// The same by way of a role: files are read and AWS STS is asked before there is a request.
fn role(bench: &Bench) -> Result<Vec<Table>> {
    let title = "From the start of a process to its first response, with a role over a profile";
    let mut wall = Table::new("start-role", title, "ms", Better::Less);
    let title = "CPU of a process that makes one call, with a role over a profile";
    let mut cpu = Table::new("start-role-cpu", title, "ms", Better::Less);
    let config = bench.target.join("role.config");
    let text = format!(
        "[default]\nregion = us-east-1\nendpoint_url = {}\nrole_arn = arn:aws:iam::123456789012:role/bench\n\
         source_profile = user\n[profile user]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n",
        bench.server.url
    );
    fs::write(&config, text)?;
    for _ in 0..bench.pick(5, 21) {
        for (who, program) in WITH_CHAIN {
            let program = bench.programs.join("release").join(program);
            let ended = process::run(process::command(&[program.into()]).env("AWS_CONFIG_FILE", &config))?;
            ensure!(ended.line == "0.5\n", "{who} got {:?}", ended.line);
            wall.add("one call", who, ended.first_line * 1e3);
            cpu.add("one call", who, ended.cpu * 1e3);
        }
    }
    Ok(vec![wall, cpu])
}

fn creation(bench: &Bench) -> Result<Table> {
    let mut table = Table::new("creation", "Time to make a client", "µs", Better::Less);
    let urls = [
        ("https", "https://runtime.sagemaker.us-east-1.amazonaws.com"),
        ("http", bench.server.url.as_str()),
    ];
    for (scheme, url) in urls {
        bench.rounds(bench.pick(3, 9), |client| {
            if client.name == BARE {
                return Ok(());
            }
            let times = if client.name == BOTO3 { 10 } else { 200 };
            let report = client.run(&Work::Create {
                url: url.to_owned(),
                times,
            })?;
            let (first, others) = report.times.split_first().unwrap_or((&f64::NAN, &[]));
            table.add(&format!("first, {scheme}"), client.name, first * 1e6);
            if let Some(others) = Spread::of(others) {
                table.add(&format!("another, {scheme}"), client.name, others.median * 1e6);
            }
            Ok(())
        })?;
    }
    Ok(table)
}
