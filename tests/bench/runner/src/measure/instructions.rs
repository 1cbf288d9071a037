//! Instructions per request: the one number that a busy machine does not change.

use anyhow::Result;
use workload::{Length, Work};

use super::Bench;
use crate::results::{Better, Results, Table};

pub(super) fn measure(bench: &Bench) -> Result<Results> {
    let title = "Instructions per request outside of the kernel, 1 KB both ways, 64 in flight";
    let mut table = Table::new("instructions", title, "thousand", Better::Less);
    if std::process::Command::new("valgrind")
        .arg("--version")
        .output()
        .is_err()
    {
        return Ok(Results {
            skipped: vec!["instructions: there is no valgrind on this machine".to_owned()],
            ..Results::default()
        });
    }
    let more = bench.pick(640, 1920);
    bench.rounds(bench.pick(1, 3), |client| {
        let run = |calls| {
            client.instructions(&Work::Calls {
                url: bench.server.url.clone(),
                bytes: 1 << 10,
                in_flight: 64,
                warm_up: Length::Calls(640),
                measured: Length::Calls(calls),
            })
        };
        // What starting and connecting take is in both, and falls out.
        if let (Some(few), Some(many)) = (run(64)?, run(64 + more)?) {
            table.add("64 in flight", client.name, (many - few) / more as f64 / 1e3);
        }
        Ok(())
    })?;
    Ok(Results {
        tables: vec![table],
        ..Results::default()
    })
}
