//! Members in the body.

use http::header::{CONTENT_TYPE, HeaderValue};

use super::RequestWriter;
use crate::wire::body::Body;
#[cfg(feature = "xml")]
use crate::wire::xml;
use crate::words::text::Enum;

/// A member that is the body of a request by itself.
pub trait ToPayload {
    /// The body, if the member is set.
    fn to_payload(self) -> Option<Body>;
}

impl ToPayload for Body {
    fn to_payload(self) -> Option<Body> {
        Some(self)
    }
}

impl ToPayload for String {
    fn to_payload(self) -> Option<Body> {
        Some(self.into())
    }
}

impl<E: Enum> ToPayload for E {
    fn to_payload(self) -> Option<Body> {
        Some(self.as_str().into())
    }
}

impl<T: ToPayload> ToPayload for Option<T> {
    fn to_payload(self) -> Option<Body> {
        self?.to_payload()
    }
}

impl RequestWriter<'_> {
    /// Sets the body to a member, if that is set, with this type of content unless a member has set one.
    pub fn payload(&mut self, payload: impl ToPayload, content_type: &'static str) {
        if let Some(body) = payload.to_payload() {
            self.set_payload(body, content_type);
        }
    }

    /// Without type parameters: else each client would compile the map of headers once more.
    fn set_payload(&mut self, body: Body, content_type: &'static str) {
        *self.request.body_mut() = body;
        let default = || HeaderValue::from_static(content_type);
        self.request.headers_mut().entry(CONTENT_TYPE).or_insert_with(default);
    }

    /// Sets the body to an XML document.
    ///
    /// The request fails if a member has a character that XML cannot hold, such as U+0000.
    #[cfg(feature = "xml")]
    pub fn xml(&mut self, xml: xml::Writer) {
        match xml.finish() {
            Ok(xml) => self.payload(Body::from(xml), "application/xml"),
            Err(unwritable) => self.refuse(unwritable.member, unwritable.to_string()),
        }
    }

    /// Sets the body to an XML document with the members of the input, unless none of them is set.
    ///
    /// The request fails if a member has a character that XML cannot hold, such as U+0000.
    #[cfg(feature = "xml")]
    pub fn xml_members(&mut self, xml: xml::Writer) {
        if !xml.is_empty() {
            self.xml(xml);
        }
    }

    /// Sets the body to JSON.
    pub fn json(&mut self, json: Vec<u8>) {
        self.payload(Body::from(json), "application/json");
    }

    /// Sets the body to the JSON of a structure that is a payload. One that is not set has no members.
    pub fn json_structure(&mut self, json: Option<Vec<u8>>) {
        self.json(json.unwrap_or_else(|| b"{}".to_vec()));
    }

    /// Sets the body to the JSON of a union or document that is a payload, if that is set.
    pub fn json_value(&mut self, json: Option<Vec<u8>>) {
        self.payload(json.map(Body::from), "application/json");
    }
}
