//! How members become the parts of a request.

#[allow(dead_code, missing_docs, reason = "other tests use the rest")]
#[path = "support/weather.rs"]
mod weather;

use std::collections::{BTreeMap, HashMap};

use http::header::HeaderName;
use http::{Method, Request, Response};
use http_body_util::BodyExt;
use lean_aws_runtime::DateTime;
use lean_aws_runtime::support::ResponseBody;
use lean_aws_runtime::support::Service;
use lean_aws_runtime::support::request::{Json, RequestWriter, ToHeader, ToUrl};
use lean_aws_runtime::support::text::Enum;
use lean_aws_runtime::support::timestamp::{DateTimeText, EpochSeconds, HttpDate};
use lean_aws_runtime::{Body, Endpoint, Error, Operation, ResponseMetadata};

use self::weather::WEATHER;
use percent_encoding::percent_decode_str;

const NAME: HeaderName = HeaderName::from_static("x-name");

/// What requests are written for.
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

fn request_to(endpoint: &str, write: impl FnOnce(&mut RequestWriter<'_>)) -> Result<Request<Body>, Error> {
    let endpoint = Endpoint::new(endpoint).unwrap();
    let mut request = RequestWriter::new::<Forecast>(Method::POST, &endpoint);
    write(&mut request);
    request.finish()
}

fn request(write: impl FnOnce(&mut RequestWriter<'_>)) -> Result<Request<Body>, Error> {
    request_to("https://example.com", write)
}

/// The path and query of a request.
fn path(write: impl FnOnce(&mut RequestWriter<'_>)) -> String {
    let request = request(write).unwrap();
    request.uri().path_and_query().unwrap().to_string()
}

fn problem(write: impl FnOnce(&mut RequestWriter<'_>)) -> String {
    let error = request(write).unwrap_err();
    assert!(error.is_input() || error.is_configuration());
    error.to_string()
}

fn label(value: &(impl ToUrl + ?Sized)) -> String {
    path(|request| {
        request.literal("/");
        request.label("Member", value);
    })
}

fn query(value: &(impl ToUrl + ?Sized)) -> String {
    path(|request| {
        request.literal("/path");
        request.query("n", "Member", value);
    })
}

/// The text of a header; `None` if it is not sent.
fn sent(value: impl ToHeader) -> Option<String> {
    let request = request(|request| request.header(NAME, "Member", value)).unwrap();
    let value = request.headers().get(NAME)?;
    Some(String::from_utf8(value.as_bytes().to_vec()).unwrap())
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn strings<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).into()
}

/// 2019-12-16T23:48:18.123456Z
fn time() -> DateTime {
    DateTime::from_secs_and_nanos(1_576_540_098, 123_456_000)
}

#[test]
fn labels_of_every_type() {
    assert_eq!(label("a b/c%~é"), "/a%20b%2Fc%25~%C3%A9");
    assert_eq!(label(&Sky("half cloudy".to_owned())), "/half%20cloudy");
    assert_eq!(label(&true), "/true");
    assert_eq!(label(&i8::MIN), "/-128");
    assert_eq!(label(&i64::MAX), "/9223372036854775807");
    assert_eq!(label(&4.1f32), "/4.1");
    assert_eq!(label(&f64::NAN), "/NaN");
    assert_eq!(label(&f64::NEG_INFINITY), "/-Infinity");
    assert_eq!(label(&time()), "/2019-12-16T23%3A48%3A18.123Z");
    assert_eq!(label(&EpochSeconds(&time())), "/1576540098.123");
    assert_eq!(
        label(&HttpDate(&time())),
        "/Mon%2C%2016%20Dec%202019%2023%3A48%3A18%20GMT"
    );
    assert_eq!(label(&some("set")), "/set");
}

#[test]
fn labels_that_are_no_path() {
    let failed = |value: Option<&str>| {
        problem(|request| {
            request.literal("/");
            request.label("City", &value.map(str::to_owned));
        })
    };
    assert_eq!(
        failed(None),
        "Forecast failed: the member `City` is not set, but is part of the URL"
    );
    assert_eq!(
        failed(Some("")),
        "Forecast failed: the member `City` is empty, but is part of the URL"
    );
    let dots = "Forecast failed: the member `City` is `.` or `..`, which would change the path of the URL";
    assert_eq!(failed(Some(".")), dots);
    assert_eq!(failed(Some("..")), dots);
    let greedy = problem(|request| {
        request.literal("/");
        request.greedy_label("City", "a/../b");
    });
    assert_eq!(greedy, dots);
}

#[test]
fn greedy_labels_keep_slashes() {
    let path = path(|request| {
        request.literal("/(a+)+/");
        request.greedy_label("Path", "a b/c//d/");
        request.literal("/end/");
    });
    assert_eq!(path, "/(a+)+/a%20b/c//d//end/");
}

/// Whatever a label or query holds, the service decodes the same.
#[test]
fn what_is_encoded_can_be_decoded() {
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..2000 {
        let text: String = (0..random.usize(1..20)).map(|_| random.char(..)).collect();
        if matches!(&*text, "." | "..") {
            continue;
        }
        let path = path(|request| {
            request.literal("/");
            request.label("Label", &text);
            request.query(&text, "Query", &text);
        });
        assert!(path.is_ascii());
        let (label, query) = path.split_once('?').unwrap();
        let (name, value) = query.split_once('=').unwrap();
        for encoded in [&label[1..], name, value] {
            assert!(!encoded.contains(['/', '?', '&', '=', '+', ' ', '#']), "{encoded}");
            assert_eq!(percent_decode_str(encoded).decode_utf8().unwrap(), text);
        }
    }
}

#[test]
fn queries_of_every_type() {
    assert_eq!(query("a b+c&d=é"), "/path?n=a%20b%2Bc%26d%3D%C3%A9");
    assert_eq!(query(""), "/path?n=");
    assert_eq!(query(&None::<String>), "/path");
    assert_eq!(query(&Some(0)), "/path?n=0");
    assert_eq!(query(&false), "/path?n=false");
    assert_eq!(query(&Some(f32::INFINITY)), "/path?n=Infinity");
    assert_eq!(query(&strings(["a", "", "b"])), "/path?n=a&n=&n=b");
    assert_eq!(query(&Some(vec![1.5, 2.0])), "/path?n=1.5&n=2");
    assert_eq!(query(&Vec::<String>::new()), "/path");
    assert_eq!(query(&vec![Some(1), None, Some(3)]), "/path?n=1&n=3");
    assert_eq!(query(&vec![Sky("clear".to_owned())]), "/path?n=clear");
    assert_eq!(query(&Some(time())), "/path?n=2019-12-16T23%3A48%3A18.123Z");
    assert_eq!(query(&EpochSeconds(&Some(time()))), "/path?n=1576540098.123");
    assert_eq!(query(&EpochSeconds(&None::<DateTime>)), "/path");
    let times = Some(vec![DateTime::from_secs(0), DateTime::from_secs(1)]);
    assert_eq!(query(&EpochSeconds(&times)), "/path?n=0&n=1");
}

#[test]
fn literal_queries_come_first() {
    let path = path(|request| {
        request.literal("/path?foo=bar&hello");
        request.query("a b", "One", "1");
        request.query("two", "Two", &2);
    });
    assert_eq!(path, "/path?foo=bar&hello&a%20b=1&two=2");
}

#[test]
fn maps_in_the_query() {
    let map = HashMap::from([("b c", "2"), ("a", "1"), ("named", "no"), ("literal", "no")]);
    let map: HashMap<String, String> = map.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    let path_of = |map: &Option<HashMap<String, String>>| {
        path(|request| {
            request.literal("/?literal");
            request.query("named", "Named", "yes");
            request.query_map("Map", map);
        })
    };
    assert_eq!(path_of(&Some(map)), "/?literal&named=yes&a=1&b%20c=2");
    assert_eq!(path_of(&Some(HashMap::new())), "/?literal&named=yes");
    assert_eq!(path_of(&None), "/?literal&named=yes");
    // A member that is not set leaves its name to the map.
    let path_without = path(|request| {
        request.query("named", "Named", &None::<String>);
        request.query_map("Map", &HashMap::from([("named".to_owned(), "yes".to_owned())]));
    });
    assert_eq!(path_without, "/?named=yes");
    let lists = HashMap::from([("a".to_owned(), strings(["1", "2"])), ("b".to_owned(), vec![])]);
    assert_eq!(path(|request| request.query_map("Map", &lists)), "/?a=1&a=2");
    // An empty name is one, too.
    let nameless = HashMap::from([(String::new(), "1".to_owned())]);
    assert_eq!(path(|request| request.query_map("Map", &nameless)), "/?=1");
}

#[test]
fn urls_that_are_too_long() {
    let long = "x".repeat(65_535);
    let expected = "Forecast failed: the member `Long` makes the URL longer than HTTP can carry";
    assert_eq!(problem(|request| request.label("Long", &long)), expected);
    assert_eq!(problem(|request| request.query("n", "Long", &long)), expected);
    let map = HashMap::from([("n".to_owned(), long.clone())]);
    assert_eq!(problem(|request| request.query_map("Long", &map)), expected);
    let literal = problem(|request| request.literal(&long));
    assert_eq!(
        literal,
        "Forecast failed: the URL of the request is not one that HTTP can carry"
    );
}

#[tokio::test]
async fn queries_that_are_sent_as_a_form() {
    let long = "x".repeat(100_000);
    let request = request(|request| {
        request.query_as_form();
        request.literal("/search?format=sdk");
        request.query("q", "Member", "a b&c");
        request.query("long", "Member", &long);
    })
    .unwrap();
    assert_eq!(request.uri(), "https://example.com/search");
    assert_eq!(request.headers()["content-type"], "application/x-www-form-urlencoded");
    let body = request.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, format!("format=sdk&q=a%20b%26c&long={long}"));
}

#[test]
fn paths_of_endpoints() {
    let url = |endpoint: &str, literal: &str| {
        let request = request_to(endpoint, |request| request.literal(literal));
        request.unwrap().uri().to_string()
    };
    assert_eq!(url("https://example.com", "/"), "https://example.com/");
    assert_eq!(url("https://example.com/custom/", "/a"), "https://example.com/custom/a");
    assert_eq!(url("https://example.com/custom", "/"), "https://example.com/custom");
    assert_eq!(url("https://example.com/custom", "/?a"), "https://example.com/custom?a");
}

#[test]
fn headers_of_every_type() {
    assert_eq!(sent("text".to_owned()), some("text"));
    assert_eq!(sent(String::new()), some(""));
    assert_eq!(sent("naïve".to_owned()), some("naïve"));
    assert_eq!(sent(None::<String>), None);
    assert_eq!(sent(Sky("clear".to_owned())), some("clear"));
    assert_eq!(sent(Some(false)), some("false"));
    assert_eq!(sent(i8::MIN), some("-128"));
    assert_eq!(sent(i16::MAX), some("32767"));
    assert_eq!(sent(0i32), some("0"));
    assert_eq!(sent(i64::MIN), some("-9223372036854775808"));
    assert_eq!(sent(f64::NEG_INFINITY), some("-Infinity"));
    assert_eq!(sent(f32::NAN), some("NaN"));
    assert_eq!(sent(Some(time())), some("Mon, 16 Dec 2019 23:48:18 GMT"));
    assert_eq!(sent(EpochSeconds(&Some(time()))), some("1576540098.123"));
    assert_eq!(sent(DateTimeText(&time())), some("2019-12-16T23:48:18.123Z"));
    assert_eq!(sent(DateTimeText(&None::<DateTime>)), None);
    assert_eq!(sent(Json(r#"{"Foo":"Bar"}"#.to_owned())), some("eyJGb28iOiJCYXIifQ=="));
    assert_eq!(sent(Json(some("true"))), some("dHJ1ZQ=="));
    assert_eq!(sent(Json(None::<String>)), None);
}

#[test]
fn lists_in_headers() {
    assert_eq!(sent(strings(["a", "b", "c"])), some("a, b, c"));
    assert_eq!(sent(strings(["b,c", "\"def\"", "a"])), some(r#""b,c", "\"def\"", a"#));
    assert_eq!(sent(strings([r"\", r#"\""#])), some(r#"\, "\\\"""#));
    assert_eq!(sent(strings([" a", ""])), some(r#"" a", """#));
    assert_eq!(sent(Some(Vec::<String>::new())), some(""));
    assert_eq!(sent(None::<Vec<String>>), None);
    assert_eq!(sent(vec![some("a"), None, some("b")]), some("a, b"));
    assert_eq!(sent(vec![Sky("a,b".to_owned())]), some(r#""a,b""#));
    assert_eq!(sent(vec![true, false]), some("true, false"));
    assert_eq!(sent(vec![1i8, -2]), some("1, -2"));
    assert_eq!(sent(vec![1.5, f64::INFINITY]), some("1.5, Infinity"));
    let times = vec![DateTime::from_secs(0), time()];
    let dates = "Thu, 01 Jan 1970 00:00:00 GMT, Mon, 16 Dec 2019 23:48:18 GMT";
    assert_eq!(sent(times.clone()), some(dates));
    assert_eq!(sent(HttpDate(&times)), some(dates));
    assert_eq!(sent(EpochSeconds(&Some(times.clone()))), some("0, 1576540098.123"));
    assert_eq!(sent(EpochSeconds(&Some(vec![Some(times[0]), None]))), some("0"));
}

#[test]
fn headers_that_http_cannot_carry() {
    let failed = |value: &str| problem(|request| request.header(NAME, "Name", value.to_owned()));
    let expected = "Forecast failed: the member `Name` has a character at byte 1 that a header cannot carry (U+000A)";
    assert_eq!(failed("a\nb"), expected);
    let expected = "Forecast failed: the member `Name` begins or ends with a space, which HTTP does not keep";
    assert_eq!(failed("a "), expected);
    let list = problem(|request| request.header(NAME, "Name", strings(["a", "\r"])));
    assert!(list.contains("U+000D"), "{list}");
}

#[test]
fn of_several_members_that_cannot_be_sent_the_first_is_named() {
    let first = problem(|request| {
        request.label("City", "");
        request.query("when", "When", "now");
        request.header(NAME, "Name", "a\nb".to_owned());
    });
    assert_eq!(
        first,
        "Forecast failed: the member `City` is empty, but is part of the URL"
    );
}

#[test]
fn headers_of_a_map() {
    let map = || {
        let map = [("Abc", "1"), ("x", ""), ("NAME", "no")];
        map.map(|(key, value)| (key.to_owned(), value.to_owned()))
    };
    let written = |prefix: &str| {
        let request = request(|request| {
            request.header(NAME, "Name", "yes".to_owned());
            request.prefix_headers(prefix, "Map", Some(HashMap::from(map())))
        });
        let headers = request.unwrap().headers().clone();
        let headers = headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        headers.collect::<BTreeMap<_, _>>()
    };
    let expected = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect()
    };
    assert_eq!(
        written("X-"),
        expected(&[("x-abc", "1"), ("x-x", ""), ("x-name", "yes")])
    );
    let all = [("abc", "1"), ("x", ""), ("name", "no"), ("x-name", "yes")];
    assert_eq!(written(""), expected(&all));

    let failed = |prefix: &str, key: &str| {
        let map = HashMap::from([(key.to_owned(), "value".to_owned())]);
        problem(|request| request.prefix_headers(prefix, "Map", map))
    };
    let bad_name = "Forecast failed: the member `Map` has a key that cannot be in the name of a header";
    assert_eq!(failed("x-", "a b"), bad_name);
    assert_eq!(failed("x-", "é"), bad_name);
    assert_eq!(failed("", ""), bad_name);
    let own = "Forecast failed: the member `Map` has a key that names a header which the client sets itself";
    assert_eq!(failed("", "Authorization"), own);
    assert_eq!(failed("x-amz-", "date"), own);
    let twins = HashMap::from([("a".to_owned(), "1".to_owned()), ("A".to_owned(), "2".to_owned())]);
    assert_eq!(
        problem(|request| request.prefix_headers("x-", "Map", twins)),
        "Forecast failed: the member `Map` has two keys that differ in their case alone, and name one header"
    );
    // Without a map there is nothing to send.
    let nothing = request(|request| request.prefix_headers("x-", "Map", None::<HashMap<String, String>>));
    assert!(nothing.unwrap().headers().is_empty());
}

#[test]
fn sensitive_headers_are_marked() {
    let request = request(|request| {
        request.sensitive_header(NAME, "Name", strings(["a"]));
        request.sensitive_prefix_headers("x-", "Map", HashMap::from([("a".to_owned(), "1".to_owned())]));
    });
    let request = request.unwrap();
    assert!(request.headers()[NAME].is_sensitive());
    assert!(request.headers()["x-a"].is_sensitive());
}

/// The type and the content of a body.
async fn body(write: impl FnOnce(&mut RequestWriter<'_>)) -> (Option<String>, String) {
    let request = request(write);
    let (head, body) = request.unwrap().into_parts();
    let content = body.collect().await.unwrap().to_bytes();
    let content_type = head
        .headers
        .get("content-type")
        .map(|value| value.to_str().unwrap().to_owned());
    (content_type, String::from_utf8(content.to_vec()).unwrap())
}

#[tokio::test]
async fn payloads() {
    let of = |content_type: &str, content: &str| (some(content_type), content.to_owned());
    let nothing = (None, String::new());
    let octets = "application/octet-stream";
    assert_eq!(
        body(|request| request.payload(Body::from("a"), octets)).await,
        of(octets, "a")
    );
    assert_eq!(
        body(|request| request.payload(Some(Body::from("")), octets)).await,
        of(octets, "")
    );
    assert_eq!(body(|request| request.payload(None::<Body>, octets)).await, nothing);
    assert_eq!(
        body(|request| request.payload("a".to_owned(), "text/plain")).await,
        of("text/plain", "a")
    );
    let sky = Some(Sky("clear".to_owned()));
    assert_eq!(
        body(|request| request.payload(sky, "text/plain")).await,
        of("text/plain", "clear")
    );
    assert_eq!(
        body(|request| request.payload(None::<String>, "text/plain")).await,
        nothing
    );
    let json = "application/json";
    assert_eq!(body(|request| request.json(b"{}".to_vec())).await, of(json, "{}"));
    assert_eq!(body(|request| request.json_structure(None)).await, of(json, "{}"));
    assert_eq!(body(|request| request.json_value(None)).await, nothing);
    assert_eq!(
        body(|request| request.json_value(Some(b"1".to_vec()))).await,
        of(json, "1")
    );
    let own_type = body(|request| {
        request.header(http::header::CONTENT_TYPE, "Type", "image/jpg".to_owned());
        request.payload(Body::from("a"), octets);
    });
    assert_eq!(own_type.await, of("image/jpg", "a"));
}

#[test]
fn a_member_with_the_host() {
    let sent_to = |url: Option<&str>| {
        let request = request_to("https://example.com/base", |request| {
            request.origin("Place", &url.map(str::to_owned));
            request.literal("/path");
        });
        request.map(|request| request.uri().to_string())
    };
    for (url, expected) in [
        (None, "https://example.com/base/path"),
        (Some("https://other.example.com"), "https://other.example.com/base/path"),
        (
            Some("https://other.example.com/"),
            "https://other.example.com/base/path",
        ),
        (Some("http://127.0.0.1:8080/ignored"), "http://127.0.0.1:8080/base/path"),
        (Some("HTTPS://[::1]:443"), "https://[::1]:443/base/path"),
    ] {
        assert_eq!(sent_to(url).unwrap(), expected, "{url:?}");
    }
    for url in [
        "",
        "other.example.com",
        "ftp://a",
        "https://",
        "https://user:pass@a",
        "https://a?b",
        "https://é",
    ] {
        let error = sent_to(Some(url)).unwrap_err();
        assert!(error.is_input());
        assert_eq!(
            error.to_string(),
            "Forecast failed: the member `Place` must be a URL like `https://host`, because the request is sent there"
        );
    }
}

#[test]
fn prefixes_of_hosts() {
    let authority = |endpoint: Endpoint, name: &str| {
        let mut request = RequestWriter::new::<Forecast>(Method::GET, &endpoint);
        request.host("data-");
        request.host_label("Name", &Some(name.to_owned()));
        request.host(".");
        let request = request.finish()?;
        Ok::<_, Error>(request.uri().authority().unwrap().to_string())
    };
    let endpoint = || Endpoint::new("http://localhost:8080/x").unwrap();
    assert_eq!(authority(endpoint(), "a-1.B").unwrap(), "data-a-1.B.localhost:8080");
    assert_eq!(
        authority(endpoint().without_host_prefixes(), "a").unwrap(),
        "localhost:8080"
    );
    let failed = |name: &str| authority(endpoint(), name).unwrap_err().to_string();
    assert_eq!(
        failed(""),
        "Forecast failed: the member `Name` is empty or not set, but is a part of the host"
    );
    let expected = "Forecast failed: the member `Name` must contain only letters, digits, hyphens and periods, because it \
        is a part of the host";
    for name in ["a/b", "a@b", "a:1", "é", "a b", "a_b"] {
        assert_eq!(failed(name), expected);
    }
    // Letters, digits, hyphens and periods need not be a host.
    for name in [".", "a..b", "a.", "a-.b"] {
        assert_eq!(
            failed(name),
            "Forecast failed: the endpoint's host cannot take the prefix of the operation"
        );
    }
}
