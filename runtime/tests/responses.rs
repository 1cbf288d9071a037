//! How the parts of a response become members.

#[allow(dead_code, missing_docs, reason = "other tests use the rest")]
#[path = "support/weather.rs"]
mod weather;

use std::collections::HashMap;

use bytes::Bytes;
use http::header::HeaderName;
use http::{Method, Request, Response};
use lean_aws_runtime::DateTime;
use lean_aws_runtime::support::ResponseBody;
use lean_aws_runtime::support::Service;
use lean_aws_runtime::support::request::{RequestWriter, ToHeader};
use lean_aws_runtime::support::response::{FromHeader, Success};
use lean_aws_runtime::support::text::Enum;
use lean_aws_runtime::{Body, Endpoint, Error, Operation, ResponseMetadata};

use self::weather::WEATHER;

const NAME: HeaderName = HeaderName::from_static("x-name");

/// What responses are read for.
struct Forecast;

impl lean_aws_runtime::support::Sealed for Forecast {}

impl Operation for Forecast {
    const NAME: &'static str = "Forecast";
    const SERVICE: &'static Service = &WEATHER;
    type Output = ResponseMetadata;
    type Error = weather::Error;

    fn into_request(self, endpoint: &Endpoint) -> Result<Request<Body>, Error> {
        RequestWriter::new::<Self>(Method::GET, endpoint).finish()
    }

    async fn parse_response(_: Response<ResponseBody>) -> Result<ResponseMetadata, Error> {
        Ok(ResponseMetadata::default())
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Sky(String);

impl From<&str> for Sky {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Enum for Sky {
    fn as_str(&self) -> &str {
        &self.0
    }
}

async fn success(headers: &[(&str, &[u8])], body: &str) -> Success {
    let mut response = Response::builder().status(202);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    let response = response.body(ResponseBody::from(Bytes::from(body.to_owned()))).unwrap();
    Success::check::<Forecast>(response).await.unwrap()
}

/// What a header with this text is read as.
async fn read<T: FromHeader>(text: impl AsRef<[u8]>) -> Option<T> {
    let mut response = success(&[("X-Name", text.as_ref())], "").await;
    let member = response.header(&NAME);
    response.finish().unwrap();
    member
}

async fn problem<T: FromHeader + std::fmt::Debug>(text: &str) -> String {
    let mut response = success(&[("x-name", text.as_bytes()), ("x-other", b"maybe")], "").await;
    assert!(response.header::<T>(&NAME).is_none());
    // Of several headers, the first is named.
    response.header::<bool>(&HeaderName::from_static("x-other"));
    let error = response.finish().unwrap_err();
    assert!(error.is_response());
    assert_eq!(error.status().unwrap(), 202);
    error.to_string()
}

fn strings<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).into()
}

#[tokio::test]
async fn headers_of_every_type() {
    assert_eq!(read::<String>("text").await.unwrap(), "text");
    assert_eq!(read::<String>("").await.unwrap(), "");
    assert_eq!(read::<String>(b"na\xEFve").await.unwrap(), "naïve");
    assert_eq!(read::<Sky>("green").await.unwrap(), Sky("green".to_owned()));
    assert_eq!(read::<bool>("True").await, Some(true));
    assert_eq!(read::<bool>("no").await, Some(false));
    assert_eq!(read::<i8>("-128").await, Some(-128));
    assert_eq!(read::<i64>("9223372036854775807").await, Some(i64::MAX));
    assert_eq!(read::<i32>("").await, None);
    assert_eq!(read::<f64>("-Infinity").await, Some(f64::NEG_INFINITY));
    assert!(read::<f32>("NaN").await.unwrap().is_nan());
    for text in [
        "Tue, 29 Apr 2014 18:30:38 GMT",
        "2014-04-29T18:30:38Z",
        "2014-04-29T18:30:38+00:00",
        "1398796238",
    ] {
        assert_eq!(
            read::<DateTime>(text).await,
            Some(DateTime::from_secs(1_398_796_238)),
            "{text}"
        );
    }
    let mut response = success(&[], "").await;
    assert_eq!(response.header::<String>(&NAME), None);
    assert_eq!(response.header::<Vec<String>>(&NAME), None);
    assert_eq!(response.status_code(), 202);
}

#[tokio::test]
async fn headers_that_are_not_of_their_type() {
    let expected = "Forecast failed: the response header `x-name` is not the number that it should be [1 attempt]";
    assert_eq!(problem::<i8>("128").await, expected);
    let expected = "Forecast failed: the response header `x-name` is not a time [1 attempt]";
    assert_eq!(problem::<DateTime>("soon").await, expected);
    let expected = "Forecast failed: the response header `x-name` has an element that is not the number that it should be \
        [1 attempt]";
    assert_eq!(problem::<Vec<i32>>("1, two").await, expected);
}

#[tokio::test]
async fn lists_in_headers() {
    assert_eq!(
        read::<Vec<String>>(" one,two , three").await.unwrap(),
        strings(["one", "two", "three"])
    );
    let quoted = r#""b,c", "\"def\"", a,"\\","" , " x ""#;
    let expected = strings(["b,c", "\"def\"", "a", "\\", "", " x "]);
    assert_eq!(read::<Vec<String>>(quoted).await.unwrap(), expected);
    assert_eq!(read::<Vec<String>>("").await.unwrap(), strings([]));
    assert_eq!(read::<Vec<String>>("a,,b,").await.unwrap(), strings(["a", "b"]));
    // Quotes that do not fit are text.
    assert_eq!(read::<Vec<String>>(r#""a, b"#).await.unwrap(), strings(["\"a", "b"]));
    assert_eq!(
        read::<Vec<String>>(r#""a"b, c"#).await.unwrap(),
        strings(["\"a\"b", "c"])
    );
    assert_eq!(read::<Vec<i16>>("1, 2,3").await.unwrap(), [1, 2, 3]);
    assert_eq!(read::<Vec<f64>>("1.5, Infinity").await.unwrap(), [1.5, f64::INFINITY]);
    assert_eq!(read::<Vec<bool>>("true, false").await.unwrap(), [true, false]);
    assert_eq!(read::<Vec<Option<i32>>>("1").await.unwrap(), [Some(1)]);
    assert_eq!(read::<Vec<Sky>>("clear").await.unwrap(), [Sky("clear".to_owned())]);
    let times = [0, 1_576_540_098].map(DateTime::from_secs);
    for text in [
        "Thu, 01 Jan 1970 00:00:00 GMT, Mon, 16 Dec 2019 23:48:18 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT,Mon, 16 Dec 2019 23:48:18 GMT",
        "1970-01-01T00:00:00Z, 2019-12-16T23:48:18Z",
        "0, 1576540098",
        r#""Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 16 Dec 2019 23:48:18 GMT""#,
    ] {
        assert_eq!(read::<Vec<DateTime>>(text).await.unwrap(), times, "{text}");
    }
    let mut response = success(&[("x-name", b"a, b"), ("x-name", b"c")], "").await;
    let list: Option<Vec<String>> = response.header(&NAME);
    assert_eq!(list.unwrap(), strings(["a", "b", "c"]));
}

/// Whatever a list holds, it is the same after the way through a header.
#[tokio::test]
async fn lists_are_read_as_they_were_written() {
    let mut random = fastrand::Rng::with_seed(2);
    let mut some_text = || -> String {
        let length = random.usize(..8);
        let chars = (0..length).map(|_| match random.u8(..4) {
            0 => random.choice(['"', '\\', ',', ' ', '(', ')', ';', '=']).unwrap(),
            1 => random.char('a'..'d'),
            _ => random.char(' '..),
        });
        chars.filter(|c| !c.is_ascii_control()).collect()
    };
    for _ in 0..5000 {
        let list: Vec<String> = (0..fastrand::usize(..5)).map(|_| some_text()).collect();
        let header = list.clone().to_header().unwrap().unwrap();
        assert_eq!(
            read::<Vec<String>>(header.as_bytes()).await.unwrap(),
            list,
            "{header:?}"
        );
    }
}

#[tokio::test]
async fn headers_with_a_prefix() {
    let headers: &[(&str, &[u8])] = &[
        ("X-Foo-Abc", b"1"),
        ("x-foo-DEF", b"2"),
        ("x-foo-def", b"3"),
        ("X-Foobar", b"4"),
        ("Hello", b"5"),
    ];
    let response = success(headers, "").await;
    let expected = |pairs: &[(&str, &str)]| -> HashMap<String, String> {
        pairs
            .iter()
            .map(|(key, value)| (key.to_string(), value.to_string()))
            .collect()
    };
    let map: Option<HashMap<String, String>> = response.prefix_headers("X-Foo-");
    assert_eq!(map.unwrap(), expected(&[("abc", "1"), ("def", "2, 3")]));
    let map: Option<HashMap<String, String>> = response.prefix_headers("");
    let all = [
        ("x-foo-abc", "1"),
        ("x-foo-def", "2, 3"),
        ("x-foobar", "4"),
        ("hello", "5"),
    ];
    assert_eq!(map.unwrap(), expected(&all));
    let map: Option<HashMap<Sky, String>> = response.prefix_headers("x-foob");
    assert_eq!(map.unwrap(), HashMap::from([(Sky("ar".to_owned()), "4".to_owned())]));
    assert_eq!(response.prefix_headers::<String, String>("y-"), None);
}

#[tokio::test]
async fn json_in_headers() {
    let mut response = success(&[("x-name", b"eyJGb28iOiJCYXIifQ==")], "").await;
    assert_eq!(response.json_header(&NAME).unwrap(), r#"{"Foo":"Bar"}"#);
    let mut response = success(&[("x-name", b"")], "").await;
    assert_eq!(response.json_header(&NAME), None);
    response.finish().unwrap();
    for (value, expected) in [(&b"{}"[..], "is not base64"), (b"/w==", "is not text in base64")] {
        let mut response = success(&[("x-name", value)], "").await;
        assert_eq!(response.json_header(&NAME), None);
        let error = response.finish().unwrap_err().to_string();
        assert_eq!(
            error,
            format!("Forecast failed: the response header `x-name` {expected} [1 attempt]")
        );
    }
}

#[tokio::test]
async fn payloads() {
    let response = success(&[], "").await;
    let text = |text: &'static str| response.read_text::<String>(&text.into()).unwrap();
    assert_eq!(text("é").as_deref(), Some("é"));
    assert_eq!(text(""), None);
    let list = |text: &'static str| response.read_value::<Vec<i32>>(&text.into()).unwrap();
    assert_eq!(list("[1]"), Some(vec![1]));
    assert_eq!((list(""), list(" ")), (None, None));

    let response = Response::new(ResponseBody::from(Bytes::from(vec![b'a', 0xFF])));
    let mut response = Success::check::<Forecast>(response).await.unwrap();
    let body = response.read_body().await.unwrap();
    let error = response.read_text::<String>(&body).unwrap_err();
    assert!(error.is_response());
    assert_eq!(error.raw_body().unwrap(), &b"a\xFF"[..]);
    let expected = "Forecast failed: the payload of the response is not UTF-8 text [1 attempt]";
    assert_eq!(error.to_string(), expected);
}

/// The message of an error whose body this is.
async fn message(body: &str) -> String {
    let response = Response::builder().status(400);
    let response = response.body(ResponseBody::from(Bytes::from(body.to_owned()))).unwrap();
    let error = Success::check::<Forecast>(response).await.unwrap_err();
    error.message().unwrap().to_owned()
}

#[tokio::test]
async fn the_message_of_an_error_that_no_description_knows() {
    assert_eq!(
        message(r#"{ "message": "rain", "forecast_says": "sun" }"#).await,
        "rain"
    );
    assert_eq!(message(r#"{ "forecast_says": "sun" }"#).await, "sun");
    assert_eq!(message(r#"{ "message": "", "forecast_says": "sun" }"#).await, "sun");
    assert_eq!(message(r#"{ "other": "sun" }"#).await, "Bad Request");
}
