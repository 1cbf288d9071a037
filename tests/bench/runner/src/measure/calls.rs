//! CPU per request and requests per second.

use anyhow::Result;
use workload::{Length, Work};

use super::{Bench, rounds};
use crate::results::{BLOCKING, Better, OURS, PARALLEL, Results, Table};

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

/// Only this client has a blocking one: it is compared with itself.
pub(super) fn blocking(bench: &Bench) -> Result<Results> {
    let title = "Requests per second of CPU, asynchronous and blocking, 1 KB both ways";
    let mut rate = Table::new("blocking", title, "1/s", Better::More);
    let clients: Vec<_> = bench
        .clients
        .iter()
        .filter(|client| client.name == OURS)
        .cloned()
        .collect();
    // Threads are for programs that may use all cores.
    bench.cores.everywhere()?;
    for at_once in [1, 8] {
        let case = format!("{at_once} at once");
        let asynchronous = work(bench, KB, at_once);
        let parallel = Work::ParallelCalls {
            url: bench.server.url.clone(),
            bytes: KB,
            in_flight: at_once,
            warm_up: Length::Milliseconds(bench.pick(200, 300)),
            measured: Length::Milliseconds(bench.pick(500, 1000)),
        };
        let blocking = Work::BlockingCalls {
            url: bench.server.url.clone(),
            bytes: KB,
            threads: at_once,
            warm_up: Length::Milliseconds(bench.pick(200, 300)),
            measured: Length::Milliseconds(bench.pick(500, 1000)),
        };
        rounds(bench.pick(3, 9), &clients, |client| {
            for (name, work) in [(OURS, &asynchronous), (PARALLEL, &parallel), (BLOCKING, &blocking)] {
                let report = client.run(work)?;
                rate.add(&case, name, report.calls as f64 / report.cpu);
            }
            Ok(())
        })?;
    }
    bench.cores.client()?;
    Ok(Results {
        tables: vec![rate],
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
