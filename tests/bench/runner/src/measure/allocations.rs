//! Allocations per request.

use anyhow::Result;
use workload::{Length, Work};

use super::Bench;
use crate::results::{Better, Results, Table};

pub(super) fn measure(bench: &Bench) -> Result<Results> {
    let title = "Allocations per request, 1 KB both ways";
    let mut count = Table::new("allocations", title, "", Better::Less);
    let mut bytes = Table::new(
        "allocated",
        "Bytes allocated per request, 1 KB both ways",
        "KB",
        Better::Less,
    );
    for in_flight in [1, 64] {
        let case = format!("{in_flight} in flight");
        let work = Work::Calls {
            url: bench.server.url.clone(),
            bytes: 1 << 10,
            in_flight,
            warm_up: Length::Calls(20 * in_flight),
            measured: Length::Calls(6400),
        };
        bench.rounds(3, |client| {
            if let Some(report) = client.run_counting(&work)? {
                let calls = report.calls as f64;
                count.add(&case, client.name, report.allocations as f64 / calls);
                bytes.add(&case, client.name, report.allocated as f64 / calls / 1024.0);
            }
            Ok(())
        })?;
    }
    Ok(Results {
        tables: vec![count, bytes],
        ..Results::default()
    })
}
