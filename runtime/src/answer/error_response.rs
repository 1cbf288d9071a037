//! Responses that report an error.

mod members;

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

use http::header::{CONTENT_ENCODING, HeaderName, HeaderValue};
use http::{HeaderMap, response};

#[cfg(feature = "cbor")]
use crate::wire::cbor::FromCbor;
use crate::wire::from_header::{FromHeader, Json, read, text, with_prefix};
use crate::wire::json;
use crate::wire::rpc;
#[cfg(feature = "xml")]
use crate::wire::xml::FromXml;
use crate::words::header_map::first;
use crate::words::service::ServiceInfo;
use crate::words::text::FromText;

use self::members::Members;

pub(crate) const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// A response that reports an error, as the errors of the service see it. So is an event that reports one, which has
/// neither a status nor headers of HTTP.
///
/// A member that is not of its type is left out: it must not hide the error.
#[derive(Debug)]
pub struct ErrorResponse<'a> {
    parts: Option<&'a response::Parts>,
    /// The body, if it is text. A compressed page, an image and the like are none.
    text: Option<&'a str>,
    members: Option<Members<'a>>,
    /// The members that hold the message, besides `message`.
    names: &'static [&'static str],
}

impl<'a> ErrorResponse<'a> {
    /// Reads a body, as bytes and as text, which is borrowed where all of it is UTF-8.
    pub(super) fn read(
        info: &ServiceInfo,
        parts: Option<&'a response::Parts>,
        body: &'a [u8],
        text: &'a Cow<'a, str>,
        is_code: &dyn Fn(&str) -> bool,
    ) -> Self {
        let without_mark = |text: &'a str| text.strip_prefix('\u{feff}').unwrap_or(text);
        let is_coded = parts.is_some_and(|parts| is_coded(&parts.headers));
        Self {
            parts,
            text: match text {
                Cow::Borrowed(text) if !is_coded => Some(without_mark(text)),
                Cow::Borrowed(_) | Cow::Owned(_) => None,
            },
            // A byte that is not UTF-8 must not hide the members.
            members: Members::read(info.error_format, body, without_mark(text), is_code),
            names: info.error_message,
        }
    }

    /// A response that says nothing.
    pub(super) const fn empty() -> Self {
        Self {
            parts: None,
            text: None,
            members: None,
            names: &[],
        }
    }

    /// The error's code, without namespace and URI; what the status stands for where the response has none.
    pub(super) fn code(&self, info: &ServiceInfo) -> String {
        let header = self.parts.and_then(|parts| first(&parts.headers, &ERROR_TYPE));
        let header = header.map(|value| text(value.as_bytes()).into_owned());
        let codes = header.into_iter().chain(self.members.iter().flat_map(Members::codes));
        let code = codes
            .map(|code| bare_code(&code).to_owned())
            .find(|code| !code.is_empty());
        let of_status = || {
            let status = self.parts?.status;
            let code = self.code_of_status(info).unwrap_or(status.as_str());
            Some(code.to_owned())
        };
        code.or_else(of_status).unwrap_or_default()
    }

    /// What the service means by the status of an error that has no body.
    fn code_of_status(&self, info: &ServiceInfo) -> Option<&'static str> {
        let status = self.parts?.status;
        let mut codes = info.codes_by_status.iter();
        let (_, code) = codes.find(|(of, _)| *of == status)?;
        (self.text == Some("")).then_some(*code)
    }

    /// What the service says of the error: the member of this name, or the same in another spelling.
    pub fn message(&self, name: &str) -> Option<String> {
        match &self.members {
            Some(_) => [name, "message", "Message", "errorMessage"]
                .iter()
                .chain(self.names)
                .find_map(|name| self.text_of(name)),
            None => {
                // A page that a proxy made says nothing in one line.
                let says_nothing = |text: &str| text.is_empty() || text.starts_with('<');
                let text = self.text.filter(|text| !says_nothing(text.trim_start()))?;
                Some(text.to_owned())
            }
        }
    }

    /// The identifier of the request that the body holds.
    pub(super) fn request_id(&self) -> Option<HeaderValue> {
        self.members.as_ref()?.request_id()?.try_into().ok()
    }

    /// The code that the error had when the service spoke query, if it says so.
    pub(super) fn query_code(&self) -> Option<&str> {
        rpc::query_code(&self.parts?.headers)
    }

    /// What the status means, for a response that has no code and no message.
    pub(super) fn reason(&self, code: &str, info: &ServiceInfo) -> Option<String> {
        let status = self.parts?.status;
        let reason = status.canonical_reason();
        let is_of_status = code == status.as_str() || self.code_of_status(info) == Some(code);
        reason.filter(|_| is_of_status).map(str::to_owned)
    }

    /// The region that the request should have gone to, if the body says so.
    pub(super) fn region(&self) -> Option<HeaderValue> {
        self.text_of("Region")?.try_into().ok()
    }

    fn text_of(&self, name: &str) -> Option<String> {
        let text = self.members.as_ref()?.text(name);
        text.filter(|text| !text.is_empty())
    }

    /// A member of the body.
    pub fn member<T: json::FromJson>(&self, name: &str) -> Option<T> {
        self.members.as_ref()?.json()?.get(name)
    }

    /// A member of the body.
    #[cfg(feature = "cbor")]
    pub fn cbor_member<T: FromCbor>(&self, name: &str) -> Option<T> {
        self.members.as_ref()?.cbor()?.get(name)
    }

    /// A member of the body.
    #[cfg(feature = "xml")]
    pub fn xml_member<T: FromXml>(&self, name: &str) -> Option<T> {
        self.members.as_ref()?.xml()?.get(name)
    }

    /// A flattened list of the body.
    #[cfg(feature = "xml")]
    pub fn xml_list<T: FromXml>(&self, name: &str) -> Option<Vec<T>> {
        self.members.as_ref()?.xml()?.list(name)
    }

    /// A member in a header.
    pub fn header<T: FromHeader>(&self, name: &HeaderName) -> Option<T> {
        read(&self.parts?.headers, name).ok().flatten()
    }

    /// The JSON that stands in a header in base64, as text.
    pub fn json_header(&self, name: &HeaderName) -> Option<String> {
        self.header(name).map(|Json(text)| text)
    }

    /// The headers with this prefix, whose names without it are the keys; `None` if there are none.
    pub fn prefix_headers<K, V>(&self, prefix: &str) -> Option<HashMap<K, V>>
    where
        K: FromText + Eq + Hash,
        V: FromText,
    {
        with_prefix(&self.parts?.headers, prefix)
    }

    /// The HTTP status as a number.
    pub fn status_code(&self) -> Option<i32> {
        Some(self.parts?.status.as_u16().into())
    }
}

/// Whether the body is compressed or has another coding. None was asked for.
fn is_coded(headers: &HeaderMap) -> bool {
    let values = headers.get_all(CONTENT_ENCODING).iter();
    let mut codings = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    codings.any(|coding| {
        let coding = coding.trim_ascii();
        !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity")
    })
}

/// Strips the namespace, the URI and the codes that gateways append: `aws.protocoltests#FooError:http://example.com/,Other`
/// is `FooError`. Empty if there is no code in it.
pub(crate) fn bare_code(code: &str) -> &str {
    let mut codes = code.split(',').map(|code| {
        let code = code.split(':').next().unwrap_or_default();
        code.rsplit('#').next().unwrap_or_default().trim()
    });
    codes.find(|code| !code.is_empty()).unwrap_or_default()
}
