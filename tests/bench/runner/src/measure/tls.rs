//! What TLS costs: with requests, with large payloads, and before the first response.

use anyhow::Result;
use workload::{Length, Work};

use super::{Bench, rounds};
use crate::process::Client;
use crate::results::{Better, Results, Table};

const KB: u64 = 1 << 10;
const MB: u64 = 1 << 20;

pub(super) fn measure(bench: &Bench) -> Result<Results> {
    let clients = bench.clients.iter();
    let clients: Vec<Client> = clients.map(|client| client.trusting(&bench.server.trusted)).collect();
    let title = "CPU per request over TLS, 1 KB both ways";
    let requests = calls(
        bench,
        &clients,
        Table::new("tls", title, "µs", Better::Less),
        KB,
        [1, 64],
    )?;
    let title = "CPU per request over TLS, 6 MB both ways";
    let payloads = Table::new("tls-payloads", title, "µs", Better::Less);
    let mut tables = vec![requests, calls(bench, &clients, payloads, 6 * MB, [1, 8])?];
    tables.extend(first_response(bench, &clients)?);
    Ok(Results {
        tables,
        ..Results::default()
    })
}

fn calls(bench: &Bench, clients: &[Client], mut cpu: Table, bytes: u64, in_flight: [u64; 2]) -> Result<Table> {
    for in_flight in in_flight {
        let case = format!("{in_flight} in flight");
        let work = Work::Calls {
            url: bench.server.secure_url.clone(),
            bytes,
            in_flight,
            warm_up: Length::Milliseconds(bench.pick(200, 300)),
            measured: Length::Milliseconds(bench.pick(500, 1000)),
        };
        rounds(bench.pick(3, 7), clients, |client| {
            let report = client.run(&work)?;
            cpu.add(&case, client.name, report.cpu / report.calls as f64 * 1e6);
            Ok(())
        })?;
    }
    Ok(cpu)
}

fn first_response(bench: &Bench, clients: &[Client]) -> Result<[Table; 2]> {
    let title = "From the start of a process to its first response, with TLS";
    let mut wall = Table::new("tls-start", title, "ms", Better::Less);
    let title = "CPU of a process that makes one call, with TLS";
    let mut cpu = Table::new("tls-start-cpu", title, "ms", Better::Less);
    let work = Work::Calls {
        url: bench.server.secure_url.clone(),
        bytes: KB,
        in_flight: 1,
        warm_up: Length::Calls(0),
        measured: Length::Calls(1),
    };
    rounds(bench.pick(5, 21), clients, |client| {
        let finished = client.start(&work)?;
        wall.add("one call", client.name, finished.first_line * 1e3);
        cpu.add("one call", client.name, finished.cpu * 1e3);
        Ok(())
    })?;
    Ok([wall, cpu])
}
