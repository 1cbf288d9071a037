//! Answers of fakes, whatever their operation.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::Response;

use super::body::{FakeBody, Fate};
use super::request::ReceivedRequest;
use crate::answer::response_body::ResponseBody;

/// What a fake does about a request.
pub(super) enum Reply<B = FakeBody> {
    Response(Response<B>),
    Broken,
    Refused,
    Never,
}

impl Reply<ResponseBody> {
    pub(super) fn with(self, fate: Fate) -> Reply {
        match self {
            Self::Response(response) => Reply::Response(response.map(|body| FakeBody::new(body, fate))),
            Self::Broken => Reply::Broken,
            Self::Refused => Reply::Refused,
            Self::Never => Reply::Never,
        }
    }
}

pub(super) type Condition = Arc<dyn Fn(&ReceivedRequest) -> bool + Send + Sync>;

pub(super) type Make = Arc<Mutex<dyn FnMut(&ReceivedRequest) -> Result<Reply<ResponseBody>, String> + Send>>;

/// A rule, whatever its operation.
pub(super) struct Entry {
    pub(super) operation: &'static str,
    pub(super) conditions: Vec<Condition>,
    pub(super) steps: Vec<Step>,
    pub(super) is_optional: bool,
}

/// An answer, and how often it is given.
pub(super) struct Step {
    pub(super) what: String,
    pub(super) make: Make,
    pub(super) times: Option<usize>,
    pub(super) used: usize,
    pub(super) delay: Duration,
    pub(super) fate: Fate,
}

/// An answer to give now.
pub(super) struct Answer {
    pub(super) make: Make,
    pub(super) delay: Duration,
    pub(super) fate: Fate,
}

impl Entry {
    pub(super) fn fits(&self, request: &ReceivedRequest) -> bool {
        self.conditions.iter().all(|condition| condition(request))
    }

    /// The next answer, if there is one left.
    pub(super) fn take(&mut self) -> Option<Answer> {
        let last = self.steps.len().checked_sub(1)?;
        let mut steps = self.steps.iter_mut().enumerate();
        let (_, step) = steps.find(|(number, step)| match step.times {
            Some(times) => step.used < times,
            None => step.used == 0 || *number == last,
        })?;
        step.used += 1;
        Some(Answer {
            make: Arc::clone(&step.make),
            delay: step.delay,
            fate: step.fate.clone(),
        })
    }

    /// Whether answers are left that should have been given.
    pub(super) fn is_unused(&self) -> bool {
        let is_unused = |step: &Step| step.used < step.times.unwrap_or(1);
        !self.is_optional && (self.steps.is_empty() || self.steps.iter().any(is_unused))
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation)?;
        if !self.conditions.is_empty() {
            f.write_str(", if the input fits")?;
        }
        if self.steps.is_empty() {
            f.write_str(": no answer")?;
        }
        let last = self.steps.len().saturating_sub(1);
        for (number, step) in self.steps.iter().enumerate() {
            let before = if number == 0 { ": " } else { "; " };
            let limit = match step.times {
                Some(times) => times.to_string(),
                None if number == last => "any number".to_owned(),
                None => "1".to_owned(),
            };
            write!(f, "{before}{} ({} of {limit})", step.what, step.used)?;
        }
        Ok(())
    }
}
