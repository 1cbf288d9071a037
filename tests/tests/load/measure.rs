//! How much is done, and what memory that takes.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use peak_alloc::PeakAlloc;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use tokio::runtime::Runtime;
use tokio::time::timeout;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// How many cases all properties have together at length; `None` in small.
pub(crate) fn soak() -> Option<u32> {
    std::env::var("SOAK_CASES")
        .ok()
        .map(|cases| cases.parse().expect("SOAK_CASES is a number"))
}

/// One number for a test among others, and one at length.
pub(crate) fn amount(small: u64, long: u64) -> u64 {
    if soak().is_some() { long } else { small }
}

/// What a test has alone: the memory and a runtime.
pub(crate) struct Alone {
    runtime: Runtime,
    _others: MutexGuard<'static, ()>,
}

impl Alone {
    pub(crate) fn new() -> Self {
        static TESTS: Mutex<()> = Mutex::new(());
        let others = TESTS.lock().unwrap_or_else(PoisonError::into_inner);
        // Two sockets for each of a thousand connections are more than many systems give at first.
        let _ = rlimit::increase_nofile_limit(8192);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Self {
            runtime: runtime.expect("a runtime"),
            _others: others,
        }
    }

    /// Runs a test, which fails if it hangs.
    pub(crate) fn run<T>(&self, test: impl Future<Output = T>) -> T {
        let limit = Duration::from_secs(amount(120, 1200));
        let test = async { timeout(limit, test).await.expect("nothing hangs") };
        self.runtime.block_on(test)
    }

    /// Tries a property on its share of all cases, in percent.
    pub(crate) fn property<S: Strategy>(
        &self,
        percent: u32,
        strategy: S,
        test: impl Fn(S::Value) -> Result<(), TestCaseError>,
    ) {
        // The cases of a test among others are always the same ones.
        let (cases, seed) = match soak() {
            None => (20 * percent.max(5), [7; 32]),
            Some(cases) => (
                (u64::from(cases) * u64::from(percent)).div_ceil(100) as u32,
                soak_seed(),
            ),
        };
        let config = Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        };
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
        if let Err(failure) = runner.run(&strategy, test) {
            panic!("{failure}");
        }
    }
}

/// The seed of a soak, a number that its command prints.
fn soak_seed() -> [u8; 32] {
    let seed: u64 = std::env::var("SOAK_SEED").map_or(0, |seed| seed.parse().expect("SOAK_SEED is a number"));
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes
}

/// Watches over the memory of the whole program from here on.
pub(crate) struct Memory(usize);

impl Memory {
    pub(crate) fn watch() -> Self {
        ALLOCATOR.reset_peak_usage();
        Self(ALLOCATOR.current_usage())
    }

    /// How much more than at first there was at most, in bytes.
    pub(crate) fn peak(&self) -> usize {
        ALLOCATOR.peak_usage().saturating_sub(self.0)
    }

    /// How much more than at first there is, in bytes.
    pub(crate) fn growth(&self) -> usize {
        ALLOCATOR.current_usage().saturating_sub(self.0)
    }
}
