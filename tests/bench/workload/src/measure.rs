//! What a process has used so far.

use std::alloc::System;
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use stats_alloc::{Region, StatsAlloc};

use crate::{BoxError, Report};

pub(crate) type Allocator = StatsAlloc<System>;

/// From here to [`Measuring::stop`].
pub(crate) struct Measuring {
    allocations: Option<Region<'static, System>>,
    cpu: Duration,
    wall: Instant,
}

impl Measuring {
    pub(crate) fn start(allocator: Option<&'static Allocator>) -> Result<Self, BoxError> {
        Ok(Self {
            allocations: allocator.map(Region::new),
            cpu: cpu()?,
            wall: Instant::now(),
        })
    }

    pub(crate) fn stop(self) -> Result<Report, BoxError> {
        let wall = self.wall.elapsed().as_secs_f64();
        let cpu = (cpu()? - self.cpu).as_secs_f64();
        let allocations = self.allocations.map(|region| region.change()).unwrap_or_default();
        Ok(Report {
            cpu,
            wall,
            allocations: (allocations.allocations + allocations.reallocations) as u64,
            allocated: allocations.bytes_allocated as u64,
            ..Report::default()
        })
    }
}

/// User and system time of all threads of this process so far.
///
/// # Errors
///
/// Never, on a system that has such a clock.
pub fn cpu() -> Result<Duration, BoxError> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(u64::try_from(micros)?))
}

/// The most memory that this process has had, in bytes.
///
/// # Errors
///
/// Where there is no `/proc`.
pub fn peak_memory() -> Result<u64, BoxError> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(kilobytes
        .ok_or("there is no VmHWM in /proc/self/status")?
        .parse::<u64>()?
        * 1024)
}
