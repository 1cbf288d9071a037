//! CPU per request and requests per second.

use anyhow::Result;
use workload::{Length, Work};

use super::Bench;
use crate::results::{Better, Results, Table};

const KB: u64 = 1 << 10;
const MB: u64 = 1 << 20;

pub(super) fn in_flight(bench: &Bench) -> Result<Results> {
    let mut cpu = Table::new("cpu", "CPU per request, 1 KB both ways", "µs", Better::Less);
    let mut rate = Table::new(
        "rate",
        "Requests per second of CPU, 1 KB both ways",
        "1/s",
        Better::More,
    )
    .without_chart();
    let mut wall = Table::new(
        "throughput",
        "Requests per second of time, 1 KB both ways, client and server on a core each",
        "1/s",
        Better::More,
    );
    for in_flight in [1, 8, 64, 512] {
        let case = format!("{in_flight} in flight");
        bench.rounds(bench.pick(3, 7), |client| {
            let report = client.run(&work(bench, KB, in_flight))?;
            let calls = report.calls as f64;
            cpu.add(&case, client.name, report.cpu / calls * 1e6);
            rate.add(&case, client.name, calls / report.cpu);
            wall.add(&case, client.name, calls / report.wall);
            Ok(())
        })?;
    }
    Ok(Results {
        tables: vec![cpu, rate, wall],
        ..Results::default()
    })
}

pub(super) fn payloads(bench: &Bench) -> Result<Results> {
    let title = "CPU per request, by payload both ways, 8 in flight";
    let mut cpu = Table::new("payloads", title, "µs", Better::Less);
    let sizes = [
        ("0", 0),
        ("1 KB", KB),
        ("64 KB", 64 * KB),
        ("1 MB", MB),
        ("6 MB", 6 * MB),
    ];
    for (case, bytes) in sizes {
        bench.rounds(bench.pick(2, 5), |client| {
            let report = client.run(&work(bench, bytes, 8))?;
            cpu.add(case, client.name, report.cpu / report.calls as f64 * 1e6);
            Ok(())
        })?;
    }
    Ok(Results {
        tables: vec![cpu],
        ..Results::default()
    })
}

fn work(bench: &Bench, bytes: u64, in_flight: u64) -> Work {
    Work::Calls {
        url: bench.server.url.clone(),
        bytes,
        in_flight,
        warm_up: Length::Milliseconds(bench.pick(200, 300)),
        measured: Length::Milliseconds(bench.pick(500, 1000)),
    }
}
