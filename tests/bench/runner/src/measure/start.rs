//! What comes before the second call: starting a process, and making a client.

use anyhow::Result;
use workload::{Length, Work};

use super::Bench;
use crate::results::{BARE, BOTO3, Better, Results, Spread, Table};

pub(super) fn measure(bench: &Bench) -> Result<Results> {
    Ok(Results {
        tables: [first_response(bench)?, vec![creation(bench)?]].concat(),
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
