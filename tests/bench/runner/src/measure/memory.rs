//! The most memory that a process has.

use anyhow::Result;
use workload::Work;

use super::Bench;
use crate::results::{Better, Results, Table};

const MB: u64 = 1 << 20;

pub(super) fn measure(bench: &Bench) -> Result<Results> {
    let title = "Peak memory of a process that reads one response, streamed where that is possible";
    let mut table = Table::new("memory", title, "MB", Better::Less);
    for (case, bytes) in [("1 KB", 1 << 10), ("6 MB", 6 * MB), ("100 MB", 100 * MB)] {
        bench.rounds(bench.pick(1, 5), |client| {
            let url = bench.server.url.clone();
            let report = client.run(&Work::Stream { url, bytes })?;
            table.add(case, client.name, report.peak_memory as f64 / MB as f64);
            Ok(())
        })?;
    }
    Ok(Results {
        tables: vec![table],
        ..Results::default()
    })
}
