//! The tokio runtimes of blocking clients. They have no threads of their own: a thread that waits drives one.
//!
//! A thread that waits takes a runtime that no other thread drives, so a call costs no switch to another thread. What was
//! opened in a runtime, such as a connection, makes no progress while that runtime is not driven. If a thread waits for it in
//! another one, a helper drives it: a thread that ends when nothing of the runtime is in use.

use std::cell::Cell;
use std::future::poll_fn;
use std::io;
use std::mem;
use std::pin::{Pin, pin};
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::task::{Context, Poll, Waker};
use std::thread;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::words::task;

/// When more threads wait at once, they share runtimes. A runtime has three file descriptors.
const MAX_RUNTIMES: usize = 64;

/// All of them, in the order in which they were needed. They are never dropped: connections refer to them, and no thread is
/// the last to use one.
static RUNTIMES: RwLock<Vec<&'static BlockingRuntime>> = RwLock::new(Vec::new());

// Neither has a destructor, so both can be used in those of other thread-locals.
thread_local! {
    static PLACE: Cell<Place> = const { Cell::new(Place::Elsewhere) };
    /// The runtime that this thread used last. What it waits for next is most likely there.
    static LAST: Cell<Option<&'static BlockingRuntime>> = const { Cell::new(None) };
}

/// What this thread does with the runtimes of blocking clients.
#[derive(Clone, Copy)]
enum Place {
    /// Nothing.
    Elsewhere,
    Driving(&'static BlockingRuntime),
    /// It polls a future once in a runtime, without driving it, and finds out what the future waits for.
    Polling {
        here: &'static BlockingRuntime,
        awaited: Option<&'static BlockingRuntime>,
    },
}

impl Place {
    /// Until the guard is dropped.
    fn enter(self) -> impl Drop {
        struct Restore(Place);
        impl Drop for Restore {
            fn drop(&mut self) {
                PLACE.set(self.0);
            }
        }
        Restore(PLACE.replace(self))
    }
}

struct BlockingRuntime {
    runtime: Runtime,
    /// How many threads are in its `block_on`.
    drivers: AtomicUsize,
    in_use: Mutex<Uses>,
    /// That nothing is in use any more, for the helper.
    released: Notify,
}

/// What only its runtime can go on with.
#[derive(Default)]
struct Uses {
    count: usize,
    has_helper: bool,
}

impl BlockingRuntime {
    fn start() -> io::Result<&'static Self> {
        Ok(Box::leak(Box::new(Self {
            runtime: Builder::new_current_thread().enable_all().build()?,
            drivers: AtomicUsize::new(0),
            in_use: Mutex::default(),
            released: Notify::new(),
        })))
    }

    /// The first one: for what may belong to no runtime in particular.
    fn common() -> io::Result<&'static Self> {
        if let Some(first) = all().first() {
            return Ok(first);
        }
        let mut runtimes = RUNTIMES.write().unwrap_or_else(PoisonError::into_inner);
        if runtimes.is_empty() {
            runtimes.push(Self::start()?);
        }
        Ok(runtimes[0])
    }

    fn uses(&self) -> MutexGuard<'_, Uses> {
        self.in_use.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seat(&'static self) -> Seat {
        self.drivers.fetch_add(1, Ordering::Relaxed);
        Seat(self)
    }

    /// A seat, if no other thread has one.
    fn free_seat(&'static self) -> Option<Seat> {
        let taken = self
            .drivers
            .compare_exchange(0, 1, Ordering::Relaxed, Ordering::Relaxed);
        taken.is_ok().then(|| Seat(self))
    }

    /// Has a thread drive it as long as anything of it is in use.
    ///
    /// # Panics
    ///
    /// If the operating system has no thread, as [`thread::spawn`] does.
    fn help(&'static self) {
        let mut uses = self.uses();
        if uses.has_helper {
            return;
        }
        let seat = self.seat();
        let helper = thread::Builder::new().name("lean-aws-helper".to_owned());
        match helper.spawn(move || seat.block_on(pin!(self.until_unused()))) {
            Ok(_) => uses.has_helper = true,
            Err(error) => {
                drop(uses);
                panic!("failed to spawn the thread that a blocking client needs here: {error}");
            }
        }
    }

    async fn until_unused(&self) {
        loop {
            {
                let mut uses = self.uses();
                if uses.count == 0 {
                    uses.has_helper = false;
                    return;
                }
            }
            self.released.notified().await;
        }
    }
}

fn all() -> RwLockReadGuard<'static, Vec<&'static BlockingRuntime>> {
    RUNTIMES.read().unwrap_or_else(PoisonError::into_inner)
}

/// The right to drive a runtime. Other threads that have it too wait until it is their turn.
pub(crate) struct Seat(&'static BlockingRuntime);

impl Seat {
    /// In a runtime that no other thread drives, if there can be one: for a call.
    ///
    /// # Errors
    ///
    /// When the operating system has no resources for a first runtime.
    pub(crate) fn free() -> io::Result<Self> {
        let seat = match LAST.get().and_then(BlockingRuntime::free_seat) {
            Some(seat) => seat,
            None => Self::other_free()?,
        };
        LAST.set(Some(seat.0));
        Ok(seat)
    }

    fn other_free() -> io::Result<Self> {
        let free = |runtimes: &[&'static BlockingRuntime]| runtimes.iter().find_map(|runtime| runtime.free_seat());
        if let Some(seat) = free(&all()) {
            return Ok(seat);
        }
        let mut runtimes = RUNTIMES.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have been here.
        if let Some(seat) = free(&runtimes) {
            return Ok(seat);
        }
        let least_driven = runtimes
            .iter()
            .min_by_key(|runtime| runtime.drivers.load(Ordering::Relaxed));
        match least_driven {
            Some(shared) if runtimes.len() >= MAX_RUNTIMES => Ok(shared.seat()),
            shared => match (BlockingRuntime::start(), shared) {
                (Ok(runtime), _) => {
                    runtimes.push(runtime);
                    Ok(runtime.seat())
                }
                (Err(_), Some(shared)) => Ok(shared.seat()),
                (Err(error), None) => Err(error),
            },
        }
    }

    /// In the runtime that this thread used last: for what it has of an earlier call.
    ///
    /// # Errors
    ///
    /// As for [`free`](Self::free).
    pub(crate) fn last() -> io::Result<Self> {
        LAST.get().map_or_else(Self::free, |last| Ok(last.seat()))
    }

    /// In the runtime of what may have been opened in another call, such as the connections of a custom transport.
    ///
    /// # Errors
    ///
    /// As for [`free`](Self::free).
    pub(crate) fn common() -> io::Result<Self> {
        BlockingRuntime::common().map(BlockingRuntime::seat)
    }

    /// Drives the runtime until a future is ready.
    pub(crate) fn block_on<F: Future>(self, mut future: Pin<&mut F>) -> F::Output {
        let mut output = None;
        self.drive(&mut |context| future.as_mut().poll(context).map(|ready| output = Some(ready)));
        output.expect("the runtime was driven until there is one")
    }

    /// Without the type of the future: Tokio's code is compiled once, and does not move outputs, which are large.
    fn drive(self, poll: &mut dyn FnMut(&mut Context<'_>) -> Poll<()>) {
        let _driving = Place::Driving(self.0).enter();
        self.0.runtime.block_on(poll_fn(poll));
    }

    /// Polls a future once. If it is not ready, the seat is where it can become so.
    pub(crate) fn poll_once<F: Future>(self, future: Pin<&mut F>) -> Result<F::Output, Self> {
        let here = self.0;
        let _polling = Place::Polling { here, awaited: None }.enter();
        // Timers that the future makes belong to the runtime.
        let _entered = here.runtime.enter();
        match (future.poll(&mut Context::from_waker(Waker::noop())), PLACE.get()) {
            (Poll::Ready(output), _) => Ok(output),
            (
                Poll::Pending,
                Place::Polling {
                    awaited: Some(other), ..
                },
            ) => Err(other.seat()),
            (Poll::Pending, _) => Err(self),
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.drivers.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The runtime of a blocking client in which something is, if it is in one.
#[derive(Clone, Copy, Default)]
pub(crate) struct Home(Option<&'static BlockingRuntime>);

impl Home {
    /// Of what begins here.
    pub(crate) fn here() -> Self {
        match PLACE.get() {
            Place::Driving(here) | Place::Polling { here, .. } => Self(Some(here)),
            Place::Elsewhere => Self(None),
        }
    }

    /// Of what a task drives, wherever it is.
    #[cfg(feature = "credential-chain")]
    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// Of what outlives the call that begins it, and may be found by any other: the connections of a custom transport, and
    /// the renewal of credentials.
    pub(crate) fn common() -> Self {
        let Self(here) = Self::here();
        // There is a first one where there is any.
        Self(here.map(|here| BlockingRuntime::common().unwrap_or(here)))
    }

    /// Whether it is one of blocking clients.
    pub(crate) fn is_blocking(self) -> bool {
        self.0.is_some()
    }

    /// Whether this thread works in another runtime.
    pub(crate) fn is_elsewhere(self) -> bool {
        matches!((self.0, Self::here().0), (Some(home), Some(here)) if !ptr::eq(home, here))
    }

    /// The runtime, which is that of the caller in programs with runtimes of their own.
    pub(crate) fn handle(self) -> Handle {
        self.0
            .map_or_else(Handle::current, |home| home.runtime.handle().clone())
    }

    /// Spawns a task that goes on when the caller does not wait for it.
    pub(crate) fn spawn(self, work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        let Self(Some(home)) = self else {
            return task::spawn(work);
        };
        let in_use = self.in_use();
        let _entered = home.runtime.enter();
        let spawned = task::spawn(async move {
            work.await;
            drop(in_use);
        });
        home.help();
        spawned
    }

    /// Something of it is in use until the guard is dropped.
    pub(crate) fn in_use(self) -> InUse {
        if let Some(home) = self.0 {
            home.uses().count += 1;
        }
        InUse(self)
    }
}

/// That something of a runtime is in use, such as a connection with a response that is not at its end.
#[derive(Default)]
pub(crate) struct InUse(Home);

impl InUse {
    /// Waits for it: sees to it that its runtime is driven, by this thread or another one.
    pub(crate) fn need(&self) {
        let InUse(Home(Some(home))) = self else { return };
        match PLACE.get() {
            Place::Driving(here) | Place::Polling { here, .. } if ptr::eq(here, *home) => {}
            Place::Polling { here, .. } => PLACE.set(Place::Polling {
                here,
                awaited: Some(home),
            }),
            Place::Driving(_) | Place::Elsewhere => home.help(),
        }
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        let Home(Some(home)) = mem::take(&mut self.0) else {
            return;
        };
        let mut uses = home.uses();
        uses.count -= 1;
        if uses.count == 0 && uses.has_helper {
            home.released.notify_one();
        }
    }
}
