//! Does the work.

mod pages;

use std::panic::resume_unwind;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;
use tokio::task::JoinSet;

use crate::measure::{Allocator, Measuring, peak_memory};
use crate::{Blocks, BoxError, Client, Length, Report, Work, bytes_endpoint, events_endpoint};

pub use self::pages::main_of_pages;

/// Does what the argument of the process says, and prints the report.
///
/// # Errors
///
/// Whatever goes wrong, also in a single call.
pub fn main<C: Client>(allocator: Option<&'static Allocator>) -> Result<(), BoxError> {
    report(|work| match work {
        Work::BlockingCalls {
            url,
            bytes,
            threads,
            warm_up,
            measured,
        } => {
            let client = C::new(&url)?;
            blocking_calls(&client, bytes, threads, warm_up)?;
            let measuring = Measuring::start(allocator)?;
            let calls = blocking_calls(&client, bytes, threads, measured)?;
            let report = measuring.stop()?;
            Ok(Report {
                calls,
                bytes: calls * bytes,
                ..report
            })
        }
        work @ Work::ParallelCalls { .. } => {
            let runtime = Builder::new_multi_thread().enable_all().build()?;
            runtime.block_on(run::<C>(work, allocator))
        }
        work => block_on(run::<C>(work, allocator)),
    })
}

/// Does what the argument of the process says, and prints the report.
fn report(work: impl FnOnce(Work) -> Result<Report, BoxError>) -> Result<(), BoxError> {
    let argument = std::env::args().nth(1).ok_or("the argument is the work, as JSON")?;
    let mut report = work(serde_json::from_str(&argument)?)?;
    report.peak_memory = peak_memory()?;
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}

/// Does asynchronous work on this thread.
fn block_on(work: impl Future<Output = Result<Report, BoxError>>) -> Result<Report, BoxError> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(work)
}

async fn run<C: Client>(work: Work, allocator: Option<&'static Allocator>) -> Result<Report, BoxError> {
    match work {
        Work::Calls {
            url,
            bytes,
            in_flight,
            warm_up,
            measured,
        }
        | Work::ParallelCalls {
            url,
            bytes,
            in_flight,
            warm_up,
            measured,
        } => {
            let client = C::new(&url)?;
            let endpoint = bytes_endpoint(bytes);
            calls(&client, &endpoint, bytes, in_flight, warm_up).await?;
            let measuring = Measuring::start(allocator)?;
            let (calls, bytes) = calls(&client, &endpoint, bytes, in_flight, measured).await?;
            let report = measuring.stop()?;
            Ok(Report { calls, bytes, ..report })
        }
        Work::BlockingCalls { .. } => Err("its threads must not be in a runtime".into()),
        Work::Stream { url, bytes } => {
            let measuring = Measuring::start(allocator)?;
            let read = C::new(&url)?.stream(&bytes_endpoint(bytes)).await?;
            expect(read, bytes)?;
            let report = measuring.stop()?;
            Ok(Report {
                calls: 1,
                bytes,
                ..report
            })
        }
        Work::Events {
            url,
            event,
            bytes,
            warm_up,
            measured,
        } => {
            let client = C::new(&url)?;
            let endpoint = events_endpoint(event, bytes);
            let read = async || client.events(&endpoint).await;
            measure(read, warm_up, measured, allocator).await
        }
        Work::EventsInMemory {
            event,
            bytes,
            warm_up,
            measured,
        } => {
            let response = Blocks::events(usize::try_from(event)?, usize::try_from(bytes)?);
            match C::in_memory(response) {
                Some(client) => measure(async || client.events("memory").await, warm_up, measured, allocator).await,
                None => Ok(Report::default()),
            }
        }
        Work::Sse {
            part,
            bytes,
            warm_up,
            measured,
        } => {
            let response = Blocks::sse(usize::try_from(part)?, usize::try_from(bytes)?);
            let Some(client) = C::in_memory(response) else {
                return Ok(Report::default());
            };
            measure(async || client.sse().await, warm_up, measured, allocator).await
        }
        Work::Create { url, times } => create::<C>(&url, times),
        Work::Page { .. } => Err("pages are read by programs of their own".into()),
    }
}

/// Calls, so many at a time. Returns how many there were, and the bytes of their responses.
async fn calls<C: Client>(
    client: &C,
    endpoint: &str,
    bytes: u64,
    in_flight: u64,
    length: Length,
) -> Result<(u64, u64), BoxError> {
    let payload = vec![b'x'; usize::try_from(bytes)?];
    let mut tasks = JoinSet::new();
    for task in 0..in_flight {
        let mut until = Until::new(length, task, in_flight);
        let (client, endpoint, payload) = (client.clone(), endpoint.to_owned(), payload.clone());
        tasks.spawn(async move {
            let mut calls = 0;
            while until.another() {
                expect(client.call(&endpoint, payload.clone()).await?, bytes)?;
                calls += 1;
            }
            Ok::<_, BoxError>(calls)
        });
    }
    let mut calls = 0;
    while let Some(task) = tasks.join_next().await {
        calls += task??;
    }
    Ok((calls, calls * bytes))
}

/// Calls on so many threads. Returns how many there were.
fn blocking_calls<C: Client>(client: &C, bytes: u64, threads: u64, length: Length) -> Result<u64, BoxError> {
    let endpoint = bytes_endpoint(bytes);
    let payload = vec![b'x'; usize::try_from(bytes)?];
    let call_again = &|thread| {
        let mut until = Until::new(length, thread, threads);
        let mut calls = 0;
        while until.another() {
            expect(client.call_blocking(&endpoint, payload.clone())?, bytes)?;
            calls += 1;
        }
        Ok(calls)
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || call_again(thread)))
            .collect();
        let ended = threads.into_iter().map(|thread| thread.join());
        ended
            .map(|calls| calls.unwrap_or_else(|panic| resume_unwind(panic)))
            .sum()
    })
}

/// Reads a response again and again. Each time its length is told.
async fn measure(
    read: impl AsyncFn() -> Result<u64, BoxError>,
    warm_up: Length,
    measured: Length,
    allocator: Option<&'static Allocator>,
) -> Result<Report, BoxError> {
    read_again(&read, warm_up).await?;
    let measuring = Measuring::start(allocator)?;
    let (calls, bytes) = read_again(&read, measured).await?;
    let report = measuring.stop()?;
    Ok(Report { calls, bytes, ..report })
}

async fn read_again(read: &impl AsyncFn() -> Result<u64, BoxError>, length: Length) -> Result<(u64, u64), BoxError> {
    let mut until = Until::new(length, 0, 1);
    let (mut calls, mut bytes) = (0, 0);
    while until.another() {
        bytes += read().await?;
        calls += 1;
    }
    Ok((calls, bytes))
}

fn create<C: Client>(url: &str, times: u64) -> Result<Report, BoxError> {
    let times = (0..times)
        .map(|_| {
            let started = Instant::now();
            let client = C::new(url)?;
            let time = started.elapsed().as_secs_f64();
            drop(client);
            Ok::<_, BoxError>(time)
        })
        .collect::<Result<_, _>>()?;
    Ok(Report {
        times,
        ..Report::default()
    })
}

fn expect(read: u64, bytes: u64) -> Result<(), BoxError> {
    match read == bytes {
        true => Ok(()),
        false => Err(format!("a response of {read} bytes or items instead of {bytes}").into()),
    }
}

/// Whether one of the tasks goes on.
enum Until {
    Calls(u64),
    Time(Instant),
}

impl Until {
    /// Calls are divided among the tasks.
    fn new(length: Length, task: u64, tasks: u64) -> Self {
        match length {
            Length::Calls(calls) => Self::Calls(calls / tasks + u64::from(task < calls % tasks)),
            Length::Milliseconds(time) => Self::Time(Instant::now() + Duration::from_millis(time)),
        }
    }

    fn another(&mut self) -> bool {
        match self {
            Self::Calls(0) => false,
            Self::Calls(left) => {
                *left -= 1;
                true
            }
            Self::Time(end) => Instant::now() < *end,
        }
    }
}
