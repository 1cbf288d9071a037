//! Event streams.

use anyhow::Result;
use workload::{Length, Work};

use super::Bench;
use crate::results::{Better, OFFICIAL, OURS, Results, Table};

const MB: u64 = 1 << 20;
/// Names, the bytes of an event, and those of a stream.
const CASES: [(&str, u64, u64); 2] = [("64 B events", 64, 2 * MB), ("16 KB events", 16 << 10, 64 * MB)];

pub(super) fn measure(bench: &Bench) -> Result<Results> {
    let warm_up = Length::Milliseconds(bench.pick(100, 300));
    let measured = Length::Milliseconds(bench.pick(500, 1000));
    let title = "Payloads of events read per second of CPU, over a socket";
    let mut table = Table::new("events", title, "MB/s", Better::More);
    for (case, event, bytes) in CASES {
        bench.rounds(bench.pick(3, 7), |client| {
            let report = client.run(&Work::Events {
                url: bench.server.url.clone(),
                event,
                bytes,
                warm_up,
                measured,
            })?;
            // Who does not take the events apart counts more than their payloads.
            let bytes = (report.calls * bytes) as f64;
            table.add(case, client.name, bytes / MB as f64 / report.cpu);
            Ok(())
        })?;
    }
    let title = "Payloads of events taken apart per second of CPU, from memory";
    let mut decoding = Table::new("events-decoding", title, "MB/s", Better::More);
    for (case, event, bytes) in CASES {
        let work = Work::EventsInMemory {
            event,
            bytes,
            warm_up,
            measured,
        };
        bench.rounds(bench.pick(3, 7), |client| {
            if [OURS, OFFICIAL].contains(&client.name) {
                let report = client.run(&work)?;
                decoding.add(case, client.name, report.bytes as f64 / MB as f64 / report.cpu);
            }
            Ok(())
        })?;
    }
    let title = "Server-sent events in parts of 64 B read per second of CPU, from memory";
    let mut sse = Table::new("sse", title, "MB/s", Better::More);
    let work = Work::Sse {
        part: 64,
        bytes: 2 * MB,
        warm_up,
        measured,
    };
    bench.rounds(bench.pick(3, 7), |client| {
        if [OURS, OFFICIAL].contains(&client.name) {
            let report = client.run(&work)?;
            sse.add("64 B parts", client.name, report.bytes as f64 / MB as f64 / report.cpu);
        }
        Ok(())
    })?;
    Ok(Results {
        tables: vec![decoding, table, sse],
        ..Results::default()
    })
}
