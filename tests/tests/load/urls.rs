//! Any text in the places that members of other services have: path, query, maps in the query and in headers. The head
//! of the request, as it is sent, is read again by code that knows nothing of the client.

use std::collections::{BTreeMap, HashMap};

use http::{Method, Request, Response};
use lean_aws_runtime::support::{RequestWriter, ResponseBody, Sealed, Service};
use lean_aws_runtime::{Body, Endpoint, Error, Operation, ResponseMetadata};
use percent_encoding::percent_decode_str;
use proptest::collection::{hash_map, vec};
use proptest::prelude::*;

use crate::measure::Alone;
use crate::members::text;
use crate::weather::WEATHER;

const PREFIX: &str = "x-map-";

/// What requests are written for.
struct Ship;

impl Sealed for Ship {}

impl Operation for Ship {
    const SERVICE: &'static Service = &WEATHER;
    const NAME: &'static str = "Ship";
    type Output = ResponseMetadata;
    type Error = Error;

    fn into_request(self, endpoint: &Endpoint) -> Result<Request<Body>, Error> {
        RequestWriter::new::<Self>(Method::GET, endpoint).finish()
    }

    async fn parse_response(_: Response<ResponseBody>) -> Result<ResponseMetadata, Error> {
        Ok(ResponseMetadata::default())
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Members {
    label: String,
    greedy: String,
    list: Vec<String>,
    query: HashMap<String, String>,
    headers: HashMap<String, String>,
}

fn members() -> impl Strategy<Value = Members> {
    let calm = || "[a-z][ -~]{0,8}[a-z]";
    let pairs = prop_oneof![hash_map(text(), text(), 0..4), hash_map("[a-zA-Z]{1,2}", calm(), 0..4)];
    let headers = prop_oneof![3 => hash_map("[aAbB-]{1,2}", calm(), 0..4), 1 => hash_map(text(), text(), 0..2)];
    (text(), text(), vec(text(), 0..4), pairs, headers).prop_map(|(label, greedy, list, query, headers)| Members {
        label,
        greedy,
        list,
        query,
        headers,
    })
}

fn write(members: &Members) -> Result<Request<Body>, Error> {
    let endpoint = Endpoint::new("https://ships.example/base").unwrap();
    let mut request = RequestWriter::new::<Ship>(Method::POST, &endpoint);
    request.literal("/harbour/");
    request.label("Label", &members.label);
    request.literal("/at/");
    request.greedy_label("Greedy", &members.greedy);
    request.query("list", "List", &members.list);
    request.query_map("Query", &members.query);
    request.prefix_headers(PREFIX, "Headers", members.headers.clone());
    request.finish()
}

/// The head of a request as HTTP/1.1 has it on the wire.
fn head(request: &Request<Body>) -> Vec<u8> {
    let mut head = format!("POST {} HTTP/1.1\r\n", request.uri().path_and_query().unwrap()).into_bytes();
    for (name, value) in request.headers() {
        head.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    head.extend(b"\r\n");
    head
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

#[test]
fn any_text_in_a_url_or_a_map() {
    let alone = Alone::new();
    alone.property(5, members(), |members| {
        let request = match write(&members) {
            Ok(request) => request,
            Err(error) => {
                prop_assert!(error.is_input(), "{}", error);
                return Ok(());
            }
        };
        let head = head(&request);
        let mut headers = [httparse::EMPTY_HEADER; 16];
        let mut parsed = httparse::Request::new(&mut headers);
        prop_assert!(parsed.parse(&head).is_ok_and(|status| status.is_complete()));

        let (path, query) = parsed
            .path
            .unwrap()
            .split_once('?')
            .unwrap_or((parsed.path.unwrap(), ""));
        let segments: Vec<&str> = path.splitn(6, '/').collect();
        prop_assert_eq!(&segments[..3], &["", "base", "harbour"]);
        prop_assert_eq!(decoded(segments[3]), members.label);
        prop_assert_eq!(segments[4], "at");
        prop_assert_eq!(decoded(segments[5]), members.greedy);

        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').expect("a pair"));
        let (list, map): (Vec<_>, Vec<_>) = pairs
            .map(|(name, value)| (decoded(name), decoded(value)))
            .partition(|(name, _)| name == "list");
        let list: Vec<String> = list.into_iter().map(|(_, value)| value).collect();
        if members.list.is_empty() && members.query.contains_key("list") {
            prop_assert_eq!(list, [members.query["list"].clone()]);
        } else {
            prop_assert_eq!(list, members.list);
        }
        let mut given: BTreeMap<String, String> = members.query.into_iter().collect();
        given.remove("list");
        prop_assert_eq!(map.len(), given.len());
        prop_assert_eq!(map.into_iter().collect::<BTreeMap<_, _>>(), given);

        let arrived: BTreeMap<String, &[u8]> = parsed
            .headers
            .iter()
            .filter_map(|header| Some((header.name.strip_prefix(PREFIX)?.to_owned(), header.value)))
            .collect();
        // Names of headers have no case.
        let given = members
            .headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.as_bytes()));
        let given: Vec<(String, &[u8])> = given.collect();
        prop_assert_eq!(arrived.len(), given.len(), "{:?}", given);
        prop_assert_eq!(arrived, given.into_iter().collect());
        Ok(())
    });
}
