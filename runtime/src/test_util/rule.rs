//! What a fake answers, and how often.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::Response;

use super::answers::{Entry, Reply, Step};
use super::body::Fate;
#[cfg(feature = "event-stream")]
use super::event::{FakeStream, exception};
use super::operation::{FakeError, FakeOperation, error_response, other_error_response, output_response};
use super::request::ReceivedRequest;
use super::state::State;
#[cfg(feature = "event-stream")]
use crate::answer::event_stream::EventStream;
use crate::answer::response_body::ResponseBody;

/// Answers the calls of one operation, one answer after the other.
///
/// Each answer is given once, and the last one to all calls that follow, unless [`times`](Self::times) sets a number. If
/// several rules for an operation match the input, the first one that has an answer left is used.
///
/// Dropping the fake panics if an answer was never given, or less often than [`times`](Self::times) says;
/// [`optional`](Self::optional) allows it.
///
/// # Panics
///
/// Methods that modify the previous answer, such as `times` or `after`, panic if there is none.
pub struct Rule<'f, O> {
    state: &'f State,
    index: usize,
    operation: PhantomData<fn(O)>,
}

impl<'f, O: FakeOperation> Rule<'f, O> {
    pub(super) fn new(state: &'f State) -> Self {
        let index = state.add(Entry {
            operation: O::NAME,
            conditions: Vec::new(),
            steps: Vec::new(),
            is_optional: false,
        });
        Self {
            state,
            index,
            operation: PhantomData,
        }
    }

    /// Restricts the rule to calls whose input meets the condition. If there are several, all must be met.
    pub fn when(self, condition: impl Fn(&O) -> bool + Send + Sync + 'static) -> Self {
        self.state.change(self.index, |entry| {
            entry.conditions.push(Arc::new(move |request| {
                O::read(request).is_ok_and(|input| condition(&input))
            }));
        });
        self
    }

    /// Answers with the output that the function returns. Its argument is the input, read back from the request.
    pub fn answer(self, mut answer: impl FnMut(O) -> O::Output + Send + 'static) -> Self {
        self.step("an output", move |request| {
            let output = answer(O::read(request)?);
            Ok(Reply::Response(output_response::<O>(output, &request.id)?))
        })
    }

    /// Answers with the output or the error of the service that the function returns, like [`answer`](Self::answer).
    pub fn try_answer<E: Into<O::ServiceError>>(
        self,
        mut answer: impl FnMut(O) -> Result<O::Output, E> + Send + 'static,
    ) -> Self {
        self.step("an output or an error", move |request| {
            let response = match answer(O::read(request)?) {
                Ok(output) => output_response::<O>(output, &request.id),
                Err(error) => error_response(error.into(), &request.id),
            };
            Ok(Reply::Response(response?))
        })
    }

    /// Answers with an error of the service.
    pub fn fail(self, error: impl Into<O::ServiceError>) -> Self {
        let error = error.into();
        self.step(FakeError::code(&error), move |request| {
            Ok(Reply::Response(error_response(error.clone(), &request.id)?))
        })
    }

    /// Answers with an error that may be missing from the description of the operation, such as `ThrottlingException`
    /// with status 400.
    pub fn fail_with(self, status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        let (code, message) = (code.into(), message.into());
        self.step(code.clone(), move |request| {
            let response = other_error_response::<O::ServiceError>(status, &code, &message, &request.id);
            Ok(Reply::Response(response?))
        })
    }

    /// Answers with this HTTP response, as it is.
    pub fn respond(self, response: Response<impl Into<Bytes>>) -> Self {
        let response = response.map(Into::into);
        self.step(format!("HTTP {}", response.status().as_u16()), move |_| {
            Ok(Reply::Response(response.clone().map(ResponseBody::from)))
        })
    }

    /// Breaks the connection before the first byte of an answer.
    pub fn break_connection(self) -> Self {
        self.step("a broken connection", |_| Ok(Reply::Broken))
    }

    /// Refuses the connection.
    pub fn refuse_connection(self) -> Self {
        self.step("a refused connection", |_| Ok(Reply::Refused))
    }

    /// Never answers, so that the call times out.
    pub fn hang(self) -> Self {
        self.step("silence", |_| Ok(Reply::Never))
    }

    /// Gives the previous answer this many times before the next one.
    #[track_caller]
    pub fn times(self, times: usize) -> Self {
        self.change_step(|step| step.times = Some(times))
    }

    /// Delays the previous answer. The delay passes at once in a test with a paused clock
    /// (`#[tokio::test(start_paused = true)]`).
    #[track_caller]
    pub fn after(self, delay: Duration) -> Self {
        self.change_step(|step| step.delay = delay)
    }

    /// Pauses before each event, or other piece, of the previous answer.
    #[track_caller]
    pub fn every(self, pause: Duration) -> Self {
        self.change_step(|step| step.fate.every = Some(pause))
    }

    /// Breaks the connection after this many bytes of the payload of the previous answer.
    #[track_caller]
    pub fn cut_after(self, bytes: usize) -> Self {
        self.change_step(|step| step.fate.cut_after = Some(bytes))
    }

    /// Allows answers of this rule to stay unused.
    pub fn optional(self) -> Self {
        self.state.change(self.index, |entry| entry.is_optional = true);
        self
    }

    fn step(
        self,
        what: impl Into<String>,
        make: impl FnMut(&ReceivedRequest) -> Result<Reply<ResponseBody>, String> + Send + 'static,
    ) -> Self {
        let step = Step {
            what: what.into(),
            make: Arc::new(Mutex::new(make)),
            times: None,
            used: 0,
            delay: Duration::ZERO,
            fate: Fate::default(),
        };
        self.state.change(self.index, |entry| entry.steps.push(step));
        self
    }

    #[track_caller]
    fn change_step(self, change: impl FnOnce(&mut Step)) -> Self {
        let changed = self
            .state
            .change(self.index, |entry| entry.steps.last_mut().map(change));
        if changed.is_none() {
            panic!("a rule for {} says how an answer is given before it has one", O::NAME);
        }
        self
    }
}

#[cfg(feature = "event-stream")]
impl<O: FakeStream> Rule<'_, O> {
    /// Answers with these events.
    pub fn events<T: Into<O::Event>>(self, events: impl IntoIterator<Item = T>) -> Self {
        let events: Vec<O::Event> = events.into_iter().map(Into::into).collect();
        self.step(format!("{} events", events.len()), move |request| {
            let events = EventStream::from_events(events.iter().cloned());
            let response = output_response::<O>(O::output(events), &request.id);
            Ok(Reply::Response(response?))
        })
    }

    /// Ends the previous events with an error of the service.
    #[track_caller]
    pub fn then_fail(self, error: impl Into<O::ServiceError>) -> Self {
        let error = error.into();
        let frame = exception::<O::Event, _>(error.clone());
        self.change_step(|step| {
            step.what = format!("{} and then {}", step.what, FakeError::code(&error));
            step.fate.last = Some(frame);
        })
    }
}

impl<O> fmt::Debug for Rule<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.state.change(self.index, |entry| write!(f, "Rule({entry})"))
    }
}
