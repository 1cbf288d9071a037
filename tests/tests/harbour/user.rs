//! Pages and waiters, as a user of the crate `harbour` sees them. Time is tokio's, and passes at once.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Ready, poll_fn, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use harbour::operation::describe_ship::DescribeShipOutput;
use harbour::operation::hail_ship::HailShipInput;
use harbour::operation::moor_ship::MoorShipInput;
use harbour::waiter::{EveryExpression, ShipDocked, Verdict, Waiter};
use harbour::{Body, Client, Credentials, Endpoint, Error, Operation, Retries};
use http::{Request, Response};
use http_body_util::BodyExt;
use tokio::time::Instant;
use tower_service::Service;

/// Answers with what it was given, the last answer for ever, and keeps the requests' targets.
#[derive(Clone, Default)]
struct Script {
    answers: Arc<Mutex<VecDeque<(u16, &'static str)>>>,
    targets: Arc<Mutex<Vec<String>>>,
}

impl Script {
    fn targets(&self) -> Vec<String> {
        self.targets.lock().unwrap().clone()
    }
}

impl Service<Request<Body>> for Script {
    type Response = Response<http_body_util::Full<bytes::Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let target = request.uri().path_and_query().unwrap().to_string();
        self.targets.lock().unwrap().push(target);
        let mut answers = self.answers.lock().unwrap();
        let (status, body) = if answers.len() > 1 { answers.pop_front().unwrap() } else { answers[0] };
        let code = if status < 300 { "" } else { body };
        let body = if status < 300 { body } else { "{}" };
        let response = Response::builder().status(status).header("x-amzn-errortype", code);
        ready(Ok(response.body(body.into()).unwrap()))
    }
}

/// A client, and what it was asked. An error is written as its status and code.
fn client(answers: &[(u16, &'static str)]) -> (Client, Script) {
    let script = Script::default();
    script.answers.lock().unwrap().extend(answers);
    let client = Client::builder()
        .region("eu-north-1")
        .credentials(Credentials::new("AKID", "SECRET", None, None, "test"))
        .retries(Retries::new().max_attempts(1))
        .transport(script.clone())
        .build()
        .unwrap();
    (client, script)
}

const FIRST: (u16, &str) = (200, r#"{"Ships": ["Anna", "Berta"], "NextToken": "two"}"#);
const NOTHING_ON_IT: (u16, &str) = (200, r#"{"NextToken": "three"}"#);
const LAST: (u16, &str) = (200, r#"{"Ships": ["Clara"]}"#);
const LAST_EMPTY_TOKEN: (u16, &str) = (200, r#"{"Ships": ["Clara"], "NextToken": ""}"#);

#[tokio::test]
async fn pages_follow_their_tokens() {
    for last in [LAST, LAST_EMPTY_TOKEN] {
        let (client, script) = client(&[FIRST, NOTHING_ON_IT, last]);
        let mut pages = client.list_ships().limit(2).paginate();
        let mut sizes = Vec::new();
        while let Some(page) = pages.next().await {
            sizes.push(page.unwrap().ships.len());
        }
        assert_eq!(sizes, [2, 0, 1]);
        assert!(pages.next().await.is_none());
        assert_eq!(script.targets(), ["/ships?limit=2", "/ships?limit=2&token=two", "/ships?limit=2&token=three"]);
    }
}

#[tokio::test]
async fn nothing_is_asked_for_before_it_is_wanted() {
    let (client, script) = client(&[FIRST, LAST]);
    let mut items = client.list_ships().paginate().items();
    assert!(script.targets().is_empty());
    assert_eq!(items.try_next().await.unwrap().as_deref(), Some("Anna"));
    assert_eq!(items.try_next().await.unwrap().as_deref(), Some("Berta"));
    assert_eq!(script.targets().len(), 1);
    assert_eq!(items.try_collect().await.unwrap(), ["Clara"]);
}

#[tokio::test]
async fn pages_and_items_are_streams() {
    async fn count<T>(mut stream: impl Stream<Item = Result<T, Error>> + Unpin + Send) -> usize {
        let mut count = 0;
        while let Some(item) = poll_fn(|context| Pin::new(&mut stream).poll_next(context)).await {
            item.unwrap();
            count += 1;
        }
        count
    }
    let (client, _) = client(&[FIRST, LAST]);
    assert_eq!(count(client.list_ships().paginate()).await, 2);
    let (client, _) = self::client(&[FIRST, LAST]);
    assert_eq!(count(client.list_ships().paginate().items()).await, 3);
}

#[tokio::test]
async fn pages_begin_where_the_input_says() {
    let (client, script) = client(&[LAST]);
    client.list_ships().token("nine").paginate().try_collect().await.unwrap();
    assert_eq!(script.targets(), ["/ships?token=nine"]);
}

/// The page itself is good, so it comes first.
#[tokio::test]
async fn a_token_that_repeats_is_an_error() {
    let (client, script) = client(&[FIRST, FIRST]);
    let mut pages = client.list_ships().paginate();
    assert!(pages.next().await.unwrap().is_ok());
    assert!(pages.next().await.unwrap().is_ok());
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(error.is_response());
    assert_eq!(
        error.to_string(),
        "ListShips failed: the service returned the same token for the next page twice"
    );
    assert!(pages.next().await.is_none());
    assert_eq!(script.targets().len(), 2);
    let (client, _) = self::client(&[FIRST]);
    assert!(client.list_ships().token("two").paginate().try_collect().await.is_err());
}

#[tokio::test]
async fn an_error_ends_the_pages() {
    let (client, script) = client(&[FIRST, (400, "Fog"), LAST]);
    let mut items = client.list_ships().paginate().items();
    assert!(items.next().await.unwrap().is_ok());
    assert!(items.next().await.unwrap().is_ok());
    assert_eq!(items.next().await.unwrap().unwrap_err().code(), Some("Fog"));
    assert!(items.next().await.is_none());
    assert_eq!(script.targets().len(), 2);
}

/// The token is deep inside or elsewhere, the items are a map, and a flag tells of the end.
#[tokio::test]
async fn expressions_say_where_tokens_and_items_are() {
    let (client, script) = client(&[
        (200, r#"{"Manifest": {"Crates": {"pears": 1}, "Next": "b"}, "More": true}"#),
        (200, r#"{"Manifest": {"Next": ""}, "Last": "c", "More": true}"#),
        (200, r#"{"Manifest": {"Crates": {"plums": 2}, "Next": "d"}, "More": false}"#),
    ]);
    let crates = client.list_crates().from("a").paginate().items().try_collect().await.unwrap();
    assert_eq!(crates, [("pears".to_owned(), 1), ("plums".to_owned(), 2)]);
    assert_eq!(script.targets(), ["/crates?from=a", "/crates?from=b", "/crates?from=c"]);
}

#[test]
fn what_has_pages_and_what_can_be_waited_for() {
    for name in ["ListShips", "list_ships", "ListFleet", "list_crates"] {
        assert!(Client::can_paginate(name), "{name}");
    }
    for name in ["DescribeShip", "describe_ship", "Nonsense", ""] {
        assert!(!Client::can_paginate(name), "{name}");
    }
    assert_eq!(
        Client::waiter_names(),
        ["ship_docked", "ship_gone", "ship_known", "cranes_idle", "ship_answered", "every_expression"]
    );
}

const AT_SEA: (u16, &str) = (200, r#"{"Name": "Anna", "Status": "AT_SEA", "Cranes": [{"Name": "c"}]}"#);
const DOCKED: (u16, &str) = (200, r#"{"Name": "Anna", "Status": "DOCKED"}"#);
const SUNK: (u16, &str) = (200, r#"{"Name": "Anna", "Status": "SUNK"}"#);
const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn a_waiter_calls_until_it_is_so() {
    let started = Instant::now();
    // What no acceptor knows is no answer yet.
    let (client, script) = client(&[AT_SEA, (409, "Busy"), (200, r#"{"Status": "LOST"}"#), DOCKED]);
    let output = client.wait_until_ship_docked().name("Anna").wait(MINUTE).await.unwrap();
    assert_eq!(output.unwrap().status.unwrap().as_str(), "DOCKED");
    assert_eq!(script.targets(), ["/ships/Anna"; 4]);
    assert_eq!(started.elapsed(), Duration::from_secs(30));
}

#[tokio::test(start_paused = true)]
async fn what_will_never_be_is_an_error() {
    let (client, script) = client(&[AT_SEA, SUNK]);
    let error = client.wait_until_ship_docked().name("Anna").wait(MINUTE).await.unwrap_err();
    assert!(error.is_waiter_failure() && !error.is_timeout());
    assert_eq!(
        error.to_string(),
        "DescribeShip failed: the waiter ShipDocked failed after 2 calls: Status is SUNK"
    );
    assert_eq!(script.targets().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_waiter_gives_up_at_its_deadline() {
    let started = Instant::now();
    let (client, script) = client(&[AT_SEA]);
    let limit = Duration::from_secs(25);
    let error = client.wait_until_ship_docked().name("Anna").wait(limit).await.unwrap_err();
    assert!(error.is_timeout() && !error.is_waiter_failure());
    assert_eq!(
        error.to_string(),
        "DescribeShip failed: the waiter ShipDocked timed out after 25 s and 4 calls: Status is AT_SEA"
    );
    // At 0, 10 and 20 s, and once more with two seconds left for the answer.
    assert_eq!(script.targets().len(), 4);
    assert_eq!(started.elapsed(), Duration::from_secs(23));
}

#[tokio::test(start_paused = true)]
async fn the_last_error_is_the_source_of_a_timeout() {
    let (client, _) = client(&[(409, "Busy")]);
    let error = client.wait_until_ship_docked().name("Anna").wait(MINUTE).await.unwrap_err();
    assert!(error.is_timeout());
    assert!(error.to_string().ends_with(": the answer is Busy"), "{error}");
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.to_string().contains("Busy (409)"), "{source}");
}

#[tokio::test(start_paused = true)]
async fn without_time_there_is_one_call() {
    let (client, script) = client(&[DOCKED]);
    let output = client.wait_until_ship_docked().name("Anna").wait(Duration::ZERO).await;
    assert!(output.is_ok_and(|output| output.is_some()));
    assert_eq!(script.targets().len(), 1);
    let (client, script) = self::client(&[AT_SEA]);
    let output = client.wait_until_ship_docked().name("Anna").wait(Duration::ZERO).await;
    assert!(output.is_err_and(|error| error.is_timeout()));
    assert_eq!(script.targets().len(), 1);
    let (client, _) = self::client(&[AT_SEA, DOCKED]);
    assert!(client.wait_until_ship_docked().name("Anna").wait(Duration::MAX).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn errors_tell_of_what_is_waited_for() {
    let (client, script) = client(&[AT_SEA, (404, "ShipMissing")]);
    let output = client.wait_until_ship_gone().name("Anna").wait(MINUTE).await.unwrap();
    assert!(output.is_none());
    assert_eq!(script.targets().len(), 2);

    // An error that means failure, and one that means nothing, end the wait as they are.
    for code in ["Fog", "Thieves"] {
        let (client, script) = self::client(&[AT_SEA, (400, code)]);
        let error = client.wait_until_ship_gone().name("Anna").wait(MINUTE).await.unwrap_err();
        assert_eq!(error.code(), Some(code));
        assert_eq!(script.targets().len(), 2);
    }

    let (client, _) = self::client(&[(400, "Fog"), (404, "ShipMissing"), SUNK]);
    assert!(client.wait_until_ship_known().name("Anna").wait(MINUTE).await.is_ok());
    let (client, _) = self::client(&[DOCKED]);
    assert!(client.wait_until_ship_answered().name("Anna").wait(MINUTE).await.is_ok());
}

/// `pathAll` holds for no list without elements; `pathAny` holds for none of them.
#[tokio::test(start_paused = true)]
async fn lists_are_looked_through() {
    let idle = (200, r#"{"Cranes": [{"State": "IDLE"}, {"State": "IDLE"}]}"#);
    let one = (200, r#"{"Cranes": [{"State": "IDLE"}, {"State": "DOCKED"}]}"#);
    let none = (200, r#"{"Cranes": []}"#);
    let absent = (200, "{}");
    let broken = (200, r#"{"Cranes": [{"State": "IDLE"}, {"State": "BROKEN"}]}"#);
    let (client, script) = client(&[none, absent, one, idle]);
    assert!(client.wait_until_cranes_idle().name("Anna").wait(MINUTE).await.is_ok());
    assert_eq!(script.targets().len(), 4);
    let (client, _) = self::client(&[one, broken, idle]);
    let error = client.wait_until_cranes_idle().name("Anna").wait(MINUTE).await.unwrap_err();
    assert!(error.is_waiter_failure());
    assert_eq!(error.to_string(), "DescribeShip failed: the waiter CranesIdle failed after 2 calls");
}

#[test]
fn waiters_can_be_asked_without_a_client() {
    let mut output = DescribeShipOutput::default();
    assert_eq!(ShipDocked::judge(&output), None);
    output.status = Some("DOCKED".into());
    assert_eq!(ShipDocked::judge(&output), Some(Verdict::Success));
    assert_eq!(ShipDocked::state(&output), Some("DOCKED"));
    assert_eq!(EveryExpression::DELAY, MINUTE);
}

/// The URL and the body of a request.
async fn written(request: Request<Body>) -> (String, String) {
    let url = request.uri().to_string();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    (url, String::from_utf8(body.into()).unwrap())
}

/// IDs come as `/dock/D1`, and are sent as `D1`, wherever they travel.
#[tokio::test]
async fn ids_are_sent_without_their_path() {
    let endpoint = Endpoint::new("https://example.com").unwrap();
    let input = MoorShipInput::builder().dock("/dock/D1").left("/old/dock/D2").next("/dock/D3").note("a/b").build();
    let (url, body) = written(input.into_request(&endpoint).unwrap()).await;
    assert_eq!(url, "https://example.com/docks/D1/ships?left=D2");
    assert_eq!(body, r#"{"Next":"D3","Note":"a/b"}"#);

    let bare = MoorShipInput::builder().dock("D1").build();
    let (url, body) = written(bare.into_request(&endpoint).unwrap()).await;
    assert_eq!((url.as_str(), body.as_str()), ("https://example.com/docks/D1/ships", "{}"));

    let nothing = MoorShipInput::builder().dock("/dock/").build();
    let error = nothing.into_request(&endpoint).unwrap_err().to_string();
    assert!(error.contains("`Dock` is empty"), "{error}");
}

/// A member says where the request goes, and is sent as well.
#[tokio::test]
async fn requests_go_to_the_host_in_a_member() {
    let endpoint = Endpoint::new("https://example.com").unwrap();
    let input = HailShipInput::builder().radio("http://anna.example.com:8080").words("Ahoy").build();
    let (url, body) = written(input.into_request(&endpoint).unwrap()).await;
    assert_eq!(url, "http://anna.example.com:8080/hails");
    assert_eq!(body, r#"{"Radio":"http://anna.example.com:8080","Words":"Ahoy"}"#);

    let error = HailShipInput::builder().radio("anna").build().into_request(&endpoint).unwrap_err();
    assert!(error.is_input() && error.to_string().contains("`Radio` must be a URL"), "{error}");
}
