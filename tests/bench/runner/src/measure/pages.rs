//! Pages of lists, from memory.

use anyhow::Result;
use workload::{Length, Page, Work};

use super::Bench;
use crate::process::Client;
use crate::results::{Better, OFFICIAL, OURS, Results, Table};

const CASES: [(&str, Page); 2] = [
    ("ListObjectsV2, 1000 objects", Page::Objects),
    ("DescribeInstances, 100 instances", Page::Instances),
];

pub(super) fn measure(bench: &Bench) -> Result<Results> {
    if bench.python.is_none() {
        return Ok(Results {
            skipped: vec!["pages: the description of EC2 comes with boto3, which is not there".to_owned()],
            ..Results::default()
        });
    }
    let released = bench.programs.join("release");
    let readers = [(OURS, "pages-ours"), (OFFICIAL, "pages-official")];
    let readers = readers.map(|(name, program)| Client::program(name, &released.join(program)));
    let title = "Pages of lists read per second of CPU, from memory";
    let mut speed = Table::new("pages", title, "MB/s", Better::More);
    let mut cpu = Table::new("page-cpu", "CPU per page, from memory", "µs", Better::Less).without_chart();
    for (case, page) in CASES {
        super::rounds(bench.pick(3, 15), &readers, |reader| {
            let report = reader.run(&Work::Page {
                page,
                warm_up: Length::Milliseconds(bench.pick(100, 200)),
                measured: Length::Milliseconds(bench.pick(500, 1000)),
            })?;
            speed.add(case, reader.name, report.bytes as f64 / 1e6 / report.cpu);
            cpu.add(case, reader.name, report.cpu / report.calls as f64 * 1e6);
            Ok(())
        })?;
    }
    Ok(Results {
        tables: vec![speed, cpu],
        ..Results::default()
    })
}
