//! The differences between boto3 and this client that are meant to be.

use Side::{Anything, Containing, Exactly, Nothing};

use crate::cases::Case;
use crate::difference::Difference;

/// A difference that is meant to be.
pub(crate) struct Intended {
    pub(crate) what: &'static str,
    boto3: Side,
    ours: Side,
    /// In which cases.
    when: fn(&Case) -> bool,
    pub(crate) reason: &'static str,
}

/// What one side of an intended difference has.
enum Side {
    Nothing,
    Anything,
    Exactly(&'static str),
    Containing(&'static str),
}

const ALWAYS: fn(&Case) -> bool = |_| true;

/// Cases of the fake are named after the errors that they get.
fn is_error_of_a_stream(case: &Case) -> bool {
    ["InternalStreamFailure", "ModelStreamError"].contains(&&*case.name)
}

/// Every difference that is meant to be. What is listed and never seen is an error, so that nothing stays here for ever.
pub(crate) const INTENDED: [Intended; 23] = [
    Intended {
        what: "header user-agent",
        boto3: Anything,
        ours: Anything,
        when: ALWAYS,
        reason: "each names itself",
    },
    Intended {
        what: "header amz-sdk-invocation-id",
        boto3: Anything,
        ours: Anything,
        when: ALWAYS,
        reason: "random",
    },
    Intended {
        what: "header x-amz-date",
        boto3: Anything,
        ours: Anything,
        when: ALWAYS,
        reason: "the time; that it is well-formed is checked with the signature",
    },
    Intended {
        what: "header authorization",
        boto3: Anything,
        ours: Anything,
        when: ALWAYS,
        reason: "it covers the time; the signature is verified and what it holds is compared by itself",
    },
    Intended {
        what: "header accept-encoding",
        boto3: Exactly("identity"),
        ours: Nothing,
        when: ALWAYS,
        reason: "Python's http.client adds it; without it SageMaker compresses nothing either",
    },
    Intended {
        what: "header content-type",
        boto3: Nothing,
        ours: Exactly("application/octet-stream"),
        when: |case| case.input.body.is_some(),
        reason: "a payload has a type: the default of Smithy's protocol tests and the other SDKs",
    },
    Intended {
        what: "request",
        boto3: Exactly("sent"),
        ours: Containing("`EndpointName` is empty"),
        when: |case| case.input.endpoint_name.is_empty(),
        reason: "the path would be that of no operation",
    },
    Intended {
        what: "request",
        boto3: Exactly("sent"),
        ours: Containing("`EndpointName` is `.` or `..`"),
        when: |case| matches!(&*case.input.endpoint_name, "." | ".."),
        reason: "such a segment changes the path, and the signature with it",
    },
    Intended {
        what: "request",
        boto3: Exactly("sent"),
        ours: Containing("a character at byte"),
        when: |case| case.has_header_text(|text| text.contains(|c: char| c.is_ascii_control())),
        reason: "what a tab becomes on the way invalidates the signature",
    },
    Intended {
        what: "request",
        boto3: Exactly("sent"),
        ours: Containing("begins or ends with a space"),
        when: |case| case.has_header_text(|text| text.starts_with(' ') || text.ends_with(' ')),
        reason: "HTTP does not keep such a space: something else would arrive",
    },
    Intended {
        what: "output.ResponseMetadata.HTTPHeaders.date",
        boto3: Anything,
        ours: Anything,
        when: ALWAYS,
        reason: "the time",
    },
    Intended {
        what: "output.ResponseMetadata.MaxAttemptsReached",
        boto3: Exactly("true"),
        ours: Nothing,
        when: ALWAYS,
        reason: "boto3 tells it of every call that may be tried only once; `attempts()` says enough",
    },
    Intended {
        what: "output.ResponseMetadata.HostId",
        boto3: Exactly("\"\""),
        ours: Nothing,
        when: ALWAYS,
        reason: "only S3 has it; boto3 expects it with the other spelling of the request id",
    },
    Intended {
        what: "output.ResponseMetadata.RequestId",
        boto3: Nothing,
        ours: Anything,
        when: |case| case.answers_with_bare_server_error(),
        reason: "boto3 forgets it when it makes an error of the status alone",
    },
    Intended {
        what: "output.Error.Message",
        boto3: Exactly("null"),
        ours: Exactly("\"\""),
        when: ALWAYS,
        reason: "null says as much as no message at all, which is empty on both sides",
    },
    Intended {
        what: "output.Error.Message",
        boto3: Containing("<html"),
        ours: Exactly("\"Not Found\""),
        when: ALWAYS,
        reason: "a page is no message: the meaning of the status is",
    },
    Intended {
        what: "output.Error.Message",
        boto3: Exactly("\"\""),
        ours: Exactly("\"Temporary Redirect\""),
        when: ALWAYS,
        reason: "as above; boto3 does so from 500 on",
    },
    Intended {
        what: "output.CustomAttributes",
        boto3: Exactly("\"naÃ¯ve\""),
        ours: Exactly("\"naïve\""),
        when: ALWAYS,
        reason: "headers are UTF-8 in both directions; boto3 reads them as Latin-1",
    },
    Intended {
        what: "output.ResponseMetadata.HTTPHeaders.x-amzn-sagemaker-custom-attributes",
        boto3: Exactly("\"naÃ¯ve\""),
        ours: Exactly("\"naïve\""),
        when: ALWAYS,
        reason: "as above",
    },
    Intended {
        what: "output.Message",
        boto3: Nothing,
        ours: Anything,
        when: is_error_of_a_stream,
        reason: "of an error in a stream boto3 has code and message alone",
    },
    Intended {
        what: "output.ErrorCode",
        boto3: Nothing,
        ours: Anything,
        when: is_error_of_a_stream,
        reason: "as above",
    },
    Intended {
        what: "output.Message",
        boto3: Nothing,
        ours: Anything,
        when: |case| case.answers_with("\"message\""),
        reason: "either spelling of `message` fills the modeled member",
    },
    Intended {
        what: "output.Unreadable",
        boto3: Nothing,
        ours: Containing("is not the JSON object that the service describes"),
        when: ALWAYS,
        reason: "boto3 takes anything for an output without members",
    },
];

impl Intended {
    /// Whether both sides may happen to be the same.
    pub(crate) fn is_accidental(&self) -> bool {
        matches!((&self.boto3, &self.ours), (Anything, Anything))
    }

    /// Whether a difference in a case is this one.
    pub(crate) fn covers(&self, difference: &Difference, case: &Case) -> bool {
        self.what == difference.what
            && self.boto3.covers(difference.boto3.as_deref())
            && self.ours.covers(difference.ours.as_deref())
            && (self.when)(case)
    }
}

impl Side {
    fn covers(&self, value: Option<&str>) -> bool {
        match self {
            Nothing => value.is_none(),
            Anything => value.is_some(),
            Exactly(text) => value == Some(text),
            Containing(text) => value.is_some_and(|value| value.contains(text)),
        }
    }
}
