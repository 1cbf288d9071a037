//! How the time to generate grows with the model.

use std::time::Instant;

use super::generate::{self, Generated};

const SIZES: usize = 10;
/// The fastest of some runs is the least disturbed one.
const RUNS: usize = 3;

/// Generates services of ten sizes again, on one core.
pub(super) fn run(generated: &[Generated<'_>]) {
    let mut good: Vec<_> = generated
        .iter()
        .filter(|generated| generated.client().is_some())
        .collect();
    good.sort_by_key(|generated| generated.service.bytes);
    println!("\none core, the fastest of {RUNS} runs:\n      KB    lines     ms   MB/s  service");
    for generated in sizes(&good) {
        let service = generated.service;
        let runs = (0..RUNS).filter_map(|_| {
            let started = Instant::now();
            let client = codegen::generate(&service.model).ok()?;
            Some((started.elapsed(), generate::lines(&client.files)))
        });
        let Some((fastest, lines)) = runs.min() else {
            continue;
        };
        println!(
            "{:8}  {lines:7}  {:5.0}  {:5.1}  {}",
            service.bytes / 1000,
            fastest.as_secs_f64() * 1e3,
            service.bytes as f64 / 1e6 / fastest.as_secs_f64(),
            service.name
        );
    }
}

/// Of those that are sorted by size, some in equal steps up to the largest.
fn sizes<'g, 's>(sorted: &[&'g Generated<'s>]) -> Vec<&'g Generated<'s>> {
    let largest = sorted.last().map_or(0, |largest| largest.service.bytes);
    let mut sizes: Vec<usize> = (1..=SIZES)
        .map(|step| sorted.partition_point(|generated| generated.service.bytes < largest * step / SIZES))
        .collect();
    sizes.dedup();
    sizes.into_iter().map(|at| sorted[at]).collect()
}
