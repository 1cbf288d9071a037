//! Amazon S3 as these tests need it: a fake that tells when it was asked, for what, and in which region.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use s3::operation::get_object::{GetObjectInput, GetObjectOutput};
use s3::test::{Fake, FakeOperation, Rule};
use tokio::time::Instant;

pub(crate) struct S3 {
    pub(crate) fake: Fake,
    seconds: Arc<Mutex<Vec<u64>>>,
}

impl S3 {
    pub(crate) fn new() -> Self {
        let (fake, begin, seconds) = (Fake::new(), Instant::now(), Arc::<Mutex<Vec<_>>>::default());
        let log = Arc::clone(&seconds);
        // The first rule sees each request, and answers none.
        let watch = move |_: &GetObjectInput| {
            log.lock().unwrap().push(begin.elapsed().as_secs());
            false
        };
        fake.on().when(watch).optional();
        Self { fake, seconds }
    }

    /// A rule for requests of this object, `/bucket/key`.
    pub(crate) fn object(&self, path: &'static str) -> Rule<'_, GetObjectInput> {
        self.fake.on().when(move |input| self::path(input) == path)
    }

    pub(crate) fn client(&self) -> s3::Client {
        self.fake.client()
    }

    /// When objects were asked for.
    pub(crate) fn seconds(&self) -> Vec<u64> {
        self.seconds.lock().unwrap().clone()
    }

    /// What was asked for.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.fake.calls().iter().map(path).collect()
    }

    /// Where it was asked.
    pub(crate) fn regions(&self) -> Vec<String> {
        self.fake.requests().iter().map(region).collect()
    }
}

fn path(input: &GetObjectInput) -> String {
    format!("/{}/{}", input.bucket, input.key)
}

/// The region that a request was signed for.
pub(crate) fn region(request: &Request<Bytes>) -> String {
    let authorization = request.headers()["authorization"].to_str().unwrap();
    authorization.split('/').nth(2).unwrap().to_owned()
}

/// Answers of S3.
pub(crate) trait Answers: Sized {
    fn error(self, status: u16, code: &str) -> Self;

    fn redirect(self, region: &str) -> Self;

    fn missing(self) -> Self {
        self.error(404, "NoSuchKey")
    }

    fn forbidden(self) -> Self {
        self.error(403, "AccessDenied")
    }
}

impl<O: FakeOperation> Answers for Rule<'_, O> {
    fn error(self, status: u16, code: &str) -> Self {
        self.fail_with(status, code, "m")
    }

    fn redirect(self, region: &str) -> Self {
        let response = Response::builder().status(301).header("x-amz-bucket-region", region);
        let body = "<Error><Code>PermanentRedirect</Code><Message>m</Message></Error>";
        self.respond(response.body(body).unwrap())
    }
}

/// An object with this content.
pub(crate) fn object(content: impl Into<String>) -> GetObjectOutput {
    GetObjectOutput::of(content.into())
}
