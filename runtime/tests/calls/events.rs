//! Outputs with members in the first event of their stream: what follows if that is something else.

use lean_aws_runtime::support::event_stream::{Event, Frame as EventFrame, Malformed};
use lean_aws_runtime::{EventStream, OperationOutput, Timeouts};

use super::*;

/// An operation in the form in which the generator writes one.
struct Watch;

struct WatchOutput {
    events: EventStream<Words>,
    sunny: Option<bool>,
    response_metadata: ResponseMetadata,
}

impl OperationOutput for WatchOutput {
    fn response_metadata(&self) -> &ResponseMetadata {
        &self.response_metadata
    }
}

impl lean_aws_runtime::support::Sealed for Watch {}

impl Operation for Watch {
    const NAME: &'static str = "Watch";
    const SERVICE: &'static Weather = &WEATHER;
    const AUTH: Auth = Auth::None;
    type Output = WatchOutput;
    type Error = weather::Error;

    fn into_request(self, endpoint: &Endpoint) -> Result<Request<Body>, Error> {
        RequestWriter::new::<Self>(Method::POST, endpoint).finish()
    }

    async fn parse_response(response: Response<ResponseBody>) -> Result<WatchOutput, Error> {
        let response = Success::check::<Self>(response).await?;
        let (mut events, response_metadata) = response.into_events().await?;
        let mut sunny = None;
        events
            .initial_response(None, |event| {
                event.read_json(|json| {
                    json.begin_object()?;
                    while let Some(name) = json.next_member()? {
                        match &*name {
                            "Sunny" => json.fill(&mut sunny)?,
                            _ => json.skip()?,
                        }
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(WatchOutput {
            events,
            sunny,
            response_metadata,
        })
    }
}

/// An event of text.
#[derive(Debug, PartialEq)]
struct Words(String);

impl Event for Words {
    const SERVICE: &'static Weather = &WEATHER;
    type Error = weather::Error;

    fn parse(event: &EventFrame<'_>) -> Result<Self, Malformed> {
        Ok(Self(event.text()?.unwrap_or_default()))
    }

    fn exception_code(_: &str) -> Option<&'static str> {
        None
    }
}

/// A frame with headers that are text.
fn frame(headers: [(&str, &str); 2], payload: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, value) in headers {
        bytes.push(name.len() as u8);
        bytes.extend(name.bytes());
        bytes.push(7);
        bytes.extend((value.len() as u16).to_be_bytes());
        bytes.extend(value.bytes());
    }
    let mut frame = ((16 + bytes.len() + payload.len()) as u32).to_be_bytes().to_vec();
    frame.extend((bytes.len() as u32).to_be_bytes());
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame.extend(bytes);
    frame.extend(payload.bytes());
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame
}

fn event(name: &str, payload: &str) -> Vec<u8> {
    frame([(":message-type", "event"), (":event-type", name)], payload)
}

fn exception(code: &str) -> Vec<u8> {
    frame([(":message-type", "exception"), (":exception-type", code)], "{}")
}

/// Answers each request with the next of these bodies, none of which comes to its end.
#[derive(Clone, Default)]
struct Frames(Arc<Mutex<VecDeque<Vec<u8>>>>);

impl Frames {
    fn new<const N: usize>(answers: [Vec<u8>; N]) -> Self {
        Self(Arc::new(Mutex::new(answers.into())))
    }

    fn client(&self) -> Client {
        let builder = Client::builder()
            .region("eu-west-1")
            .endpoint_url("http://localhost")
            .retries(Retries::new().max_backoff(Duration::from_millis(1)))
            .timeouts(Timeouts::new().attempt(Duration::from_secs(20)));
        builder.transport(self.clone()).build().unwrap()
    }

    fn unused(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

impl Service<Request<Body>> for Frames {
    type Response = Response<Unending>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Response<Unending>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        let answer = self.0.lock().unwrap().pop_front().expect("an answer is left");
        let body = Unending(Some(answer.into()).filter(|bytes: &Bytes| !bytes.is_empty()));
        std::future::ready(Ok(Response::new(body)))
    }
}

/// A body whose end does not come.
struct Unending(Option<Bytes>);

impl HttpBody for Unending {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.0.take() {
            Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            None => Poll::Pending,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_fault_of_the_service_in_place_of_the_members_is_retried() {
    let good = [event("initial-response", r#"{"Sunny": true}"#), event("words", "mild")].concat();
    let server = Frames::new([
        exception("InternalServerException"),
        exception("ThrottlingException"),
        good,
    ]);
    let mut output = server.client().call(Watch).await.unwrap();
    assert_eq!((output.sunny, output.response_metadata.attempts()), (Some(true), 3));
    assert_eq!(output.events.recv().await.unwrap(), Some(Words("mild".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn what_the_service_refuses_is_not() {
    let server = Frames::new([exception("Rain"), Vec::new()]);
    let error = server.client().call(Watch).await.err().expect("an error");
    assert!(error.service_error().is_some() && error.attempts() == 1, "{error}");
    assert_eq!(server.unused(), 1);
}

/// The output comes with the first event, whatever that is; the time for the attempt ends there.
#[tokio::test(start_paused = true)]
async fn the_attempt_lasts_until_the_first_event() {
    let server = Frames::new([Vec::new(), event("words", "mild")]);
    let error = server.client().call(Watch).await.err().expect("an error");
    let expected = "Watch failed: attempt timed out after 20 s while reading the response [1 attempt, ";
    assert!(error.to_string().starts_with(expected), "{error}");
    let mut output = server.client().call(Watch).await.unwrap();
    assert_eq!(output.sunny, None);
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(output.events.recv().await.unwrap(), Some(Words("mild".to_owned())));
}
