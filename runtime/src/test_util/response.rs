//! Responses in the making: one call a member, as for requests.

use std::collections::HashMap;

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Response, StatusCode};

use super::document::Document;
#[cfg(feature = "event-stream")]
use super::frame::FrameWriter;
use super::protocol::{ErrorHead, Protocol};
use crate::answer::response_body::ResponseBody;
use crate::error::metadata::ResponseMetadata;
#[cfg(feature = "event-stream")]
use crate::wire::frame::MEDIA_TYPE;
use crate::wire::json::{self, ToJson};
use crate::wire::request::{ToHeader, ToPayload};
#[cfg(feature = "xml")]
use crate::wire::xml::{self, ToXml};
use crate::words::text::ToText;

/// An HTTP response in the making.
#[derive(Debug)]
pub struct ResponseWriter<P: Protocol> {
    protocol: P,
    request_id: String,
    status: StatusCode,
    headers: HeaderMap,
    body: ResponseBody,
    /// What the body is, as far as it has been written.
    document: Option<P::Document>,
}

impl<P: Protocol> ResponseWriter<P> {
    /// Begins a response with this status.
    pub(super) fn new(protocol: P, status: u16, request_id: &str) -> Self {
        let mut headers = HeaderMap::new();
        protocol.set_headers(&mut headers);
        Self {
            protocol,
            request_id: request_id.to_owned(),
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::OK),
            headers,
            body: ResponseBody::default(),
            document: None,
        }
    }

    /// Sets the status.
    ///
    /// # Errors
    ///
    /// When HTTP has no such status.
    pub fn status(&mut self, member: &str, status: impl Into<Option<i32>>) -> Result<(), String> {
        if let Some(status) = status.into().filter(|status| *status != 0) {
            let status = u16::try_from(status)
                .ok()
                .and_then(|status| StatusCode::from_u16(status).ok());
            self.status = status.ok_or_else(|| of_member(member, "is not a status of HTTP"))?;
        }
        Ok(())
    }

    /// Sets a header to a member, if that is set.
    ///
    /// # Errors
    ///
    /// When the text has a character that a header cannot carry.
    pub fn header(&mut self, name: HeaderName, member: &str, value: impl ToHeader) -> Result<(), String> {
        if let Some(value) = value.to_header().map_err(|problem| of_member(member, &problem))? {
            self.headers.insert(name, value);
        }
        Ok(())
    }

    /// Sets a header for each entry of a map: the prefix with the key behind it.
    ///
    /// # Errors
    ///
    /// When a header cannot have such a name or value.
    pub fn prefix_headers<K: ToText, V: ToHeader>(
        &mut self,
        prefix: &str,
        member: &str,
        map: impl Into<Option<HashMap<K, V>>>,
    ) -> Result<(), String> {
        for (key, value) in map.into().into_iter().flatten() {
            let name = HeaderName::try_from([prefix, &*key.to_text()].concat());
            let name = name.map_err(|_| of_member(member, "has a key that cannot be in the name of a header"))?;
            self.header(name, member, value)?;
        }
        Ok(())
    }

    /// Sets the body to a member, if that is set, with this type of content.
    pub fn payload(&mut self, payload: impl ToPayload, content_type: Option<&'static str>) {
        if let Some(body) = payload.to_payload() {
            self.stream(ResponseBody::from_http_body(body), content_type);
        }
    }

    /// Sets the body, with this type of content.
    pub fn stream(&mut self, body: ResponseBody, content_type: Option<&'static str>) {
        self.body = body;
        if let Some(content_type) = content_type {
            let content_type = HeaderValue::from_static(content_type);
            self.headers.insert(CONTENT_TYPE, content_type);
        }
    }

    /// Sets the body to events. A document that has been begun is the first of them.
    ///
    /// # Errors
    ///
    /// When the document has a character that its format cannot hold.
    #[cfg(feature = "event-stream")]
    pub fn events(&mut self, mut events: ResponseBody) -> Result<(), String> {
        if let Some(document) = self.document.take() {
            events.unread(FrameWriter::initial_response(document)?);
        }
        self.stream(events, Some(MEDIA_TYPE));
        Ok(())
    }

    /// The document that the body is. In XML, its members lie inside these elements, the root first.
    pub fn document(&mut self, path: &[&'static str]) -> &mut P::Document {
        let begin = || self.protocol.begin(path, &self.request_id);
        self.document.get_or_insert_with(begin)
    }

    /// Writes an error, whose members `write` adds.
    pub(super) fn error(
        &mut self,
        code: &str,
        name: &str,
        write: impl FnOnce(&mut Self, &mut P::Document) -> Result<(), String>,
    ) -> Result<(), String> {
        let head = ErrorHead {
            code,
            name,
            fault: self.status.is_server_error(),
            request_id: &self.request_id,
        };
        let mut document = self.protocol.begin_error(&head, &mut self.headers)?;
        write(self, &mut document)?;
        self.document = Some(document);
        Ok(())
    }

    /// The response, with what its metadata says besides the members.
    pub(super) fn finish(mut self, metadata: &ResponseMetadata) -> Result<Response<ResponseBody>, String> {
        if let Some(document) = self.document.take() {
            let has_type = self.headers.contains_key(CONTENT_TYPE);
            let content_type = (!has_type).then(|| self.protocol.content_type());
            self.payload(crate::Body::from(document.finish()?), content_type);
        }
        let mut response = Response::new(self.body);
        *response.status_mut() = match metadata.status() {
            StatusCode::OK => self.status,
            status => status,
        };
        for (name, value) in metadata.headers() {
            if !self.headers.contains_key(name) {
                response.headers_mut().append(name, value.clone());
            }
        }
        response.headers_mut().extend(self.headers);
        Ok(response)
    }
}

impl<P: Protocol<Document = json::Writer>> ResponseWriter<P> {
    /// Sets the body to a value in JSON, if it is set, with this type of content.
    pub fn json_value<T: ToJson>(&mut self, value: &T, content_type: Option<&'static str>) {
        let json = (!value.is_absent()).then(|| crate::Body::from(json::to_bytes(value)));
        self.payload(json, content_type);
    }
}

#[cfg(feature = "xml")]
impl<P: Protocol<Document = xml::Writer>> ResponseWriter<P> {
    /// Sets the body to a value in XML, if it is set, whose root has this name.
    pub fn xml_value<T: ToXml>(&mut self, root: &'static str, value: &T) {
        if !value.is_absent() {
            value.to_xml(self.document(&[root]));
        }
    }
}

fn of_member(member: &str, problem: &str) -> String {
    format!("the member `{member}` of the answer {problem}")
}
