//! Waiters: polling an operation until it reports a certain state.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use crate::answer::operation::{self, Operation};
use crate::call::{CallOptions, tokio_runtime};
use crate::client::{Caller, CoreClient, MakesCalls, Sending};
use crate::error::{Error, Kind, Waited};
use crate::words::typestate::Sealed;

/// How much time is left to the last call before the deadline, where calls are not made more often anyway.
const LAST_CALL: Duration = Duration::from_secs(2);

/// A deadline so far away that nothing lives to see it.
const NEVER: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 30);

/// What to wait for, and how to recognize it in the answers of an operation.
pub trait Waiter: Sealed + 'static {
    /// What is called.
    type Operation: Operation + Clone + 'static;

    /// The name in the description, such as `FunctionActive`.
    const NAME: &'static str;

    /// The pause between two calls, at least a second.
    const DELAY: Duration;

    /// What of an output the waiter looks at, for messages.
    const STATE: &'static str = "";

    /// What an output means. `None` if it says nothing: the wait goes on.
    fn judge(output: &<Self::Operation as Operation>::Output) -> Option<Verdict>;

    /// What an error means. `None` if the waiter does not expect it: the wait ends with it.
    fn judge_error(error: &Error) -> Option<Verdict>;

    /// Its value.
    fn state(_output: &<Self::Operation as Operation>::Output) -> Option<&str> {
        None
    }

    /// Why it is so, as far as the service says.
    fn reason(_output: &<Self::Operation as Operation>::Output) -> Option<&str> {
        None
    }
}

/// What an answer means to a waiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The waiter succeeds.
    Success,
    /// The waiter can no longer succeed.
    Failure,
    /// Not yet: the operation is called again.
    Retry,
}

/// A client that is about to wait: what a builder that can wait holds.
pub struct Waiting<W> {
    caller: Caller,
    waiter: PhantomData<fn() -> W>,
}

impl<W: Waiter> Waiting<W> {
    /// A wait with the client's settings.
    pub fn new(client: &CoreClient) -> Self {
        Self::with_caller(Caller::new(client))
    }

    /// The same wait with these settings for its calls.
    pub fn with_options(self, options: CallOptions) -> Self {
        Self::with_caller(self.caller.with_options(options))
    }

    fn with_caller(caller: Caller) -> Self {
        Self {
            caller,
            waiter: PhantomData,
        }
    }

    /// Calls until the waiter succeeds, fails, or has waited for so long.
    pub fn wait(
        self,
        input: W::Operation,
        limit: Duration,
    ) -> Sending<Option<<W::Operation as Operation>::Output>, <W::Operation as Operation>::Error> {
        let wait = Wait::<W>::new(self.caller, input, limit);
        Sending::new(async move { Ok(wait.run().await?) })
    }
}

impl<W: Waiter> fmt::Debug for Waiting<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting")
            .field("waiter", &W::NAME)
            .field("caller", &self.caller)
            .finish()
    }
}

impl<W: Waiter> MakesCalls for Waiting<W> {
    fn with_options(self, options: CallOptions) -> Self {
        self.with_options(options)
    }
}

/// A wait on its way.
struct Wait<W: Waiter> {
    caller: Caller,
    input: W::Operation,
    limit: Duration,
    deadline: Instant,
    calls: u32,
    /// What the last answer said.
    state: Option<String>,
    /// The last answer, if it was an error.
    error: Option<Error>,
}

impl<W: Waiter> Wait<W> {
    fn new(caller: Caller, input: W::Operation, limit: Duration) -> Self {
        Self {
            caller,
            input,
            limit,
            deadline: Instant::now() + limit.min(NEVER),
            calls: 0,
            state: None,
            error: None,
        }
    }

    async fn run(mut self) -> Result<Option<<W::Operation as Operation>::Output>, Error> {
        tokio_runtime::check().map_err(|error| error.in_operation(operation::info::<W::Operation>()))?;
        loop {
            self.calls += 1;
            let call = self.caller.clone().call(self.input.clone());
            let Ok(answer) = timeout_at(self.deadline, call).await else {
                return Err(self.too_long());
            };
            let verdict = match &answer {
                Ok(output) => W::judge(output),
                Err(error) => W::judge_error(error),
            };
            tracing::debug!(waiter = W::NAME, call = self.calls, ?verdict, "waiting");
            match (verdict, answer) {
                (Some(Verdict::Success), answer) => return Ok(answer.ok()),
                (Some(Verdict::Failure) | None, Err(error)) => return Err(error),
                (Some(Verdict::Retry), Err(error)) => self.remember(None, Some(error)),
                (verdict, Ok(output)) => {
                    self.remember(Some(&output), None);
                    if verdict == Some(Verdict::Failure) {
                        return Err(self.end(Waited::InVain));
                    }
                }
            }
            let Some(pause) = self.pause() else {
                return Err(self.too_long());
            };
            sleep(pause).await;
        }
    }

    fn remember(&mut self, output: Option<&<W::Operation as Operation>::Output>, error: Option<Error>) {
        let state = output.and_then(W::state);
        let reason = output.and_then(W::reason).filter(|reason| !reason.is_empty());
        self.state = match (state, reason, &error) {
            (Some(state), Some(reason), _) => Some(format!("{} is {state}: {reason}", W::STATE)),
            (Some(state), None, _) => Some(format!("{} is {state}", W::STATE)),
            (None, _, Some(error)) => Some(format!("the answer is {}", error.cause().label)),
            (None, _, None) => None,
        };
        self.error = error;
    }

    /// How long to wait for the next call. The last one before the deadline comes early enough to be answered; `None`
    /// after it.
    fn pause(&self) -> Option<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        let last_call = W::DELAY.min(LAST_CALL);
        let pause = W::DELAY.min(left.saturating_sub(last_call));
        (!pause.is_zero()).then_some(pause)
    }

    fn too_long(self) -> Error {
        let limit = self.limit;
        self.end(Waited::TooLong(limit))
    }

    fn end(self, waited: Waited) -> Error {
        let kind = Kind::Waiter {
            name: W::NAME,
            waited,
            calls: self.calls,
            state: self.state,
        };
        let error = Error::new(kind).in_operation(operation::info::<W::Operation>());
        match self.error {
            Some(last) => error.with_source(last),
            None => error,
        }
    }
}
