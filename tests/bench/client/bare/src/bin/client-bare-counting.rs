//! Does the work and counts allocations.

use std::alloc::System;

use workload::stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> Result<(), workload::BoxError> {
    workload::main::<client_bare::Compared>(Some(ALLOCATOR))
}
