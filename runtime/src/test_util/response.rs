//! Responses in the making: one call a member, as for requests.

use std::collections::HashMap;

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Response, StatusCode};

use crate::answer::response_body::ResponseBody;
use crate::error::metadata::ResponseMetadata;
use crate::wire::json::{self, ToJson};
use crate::wire::request::{ToHeader, ToPayload};
use crate::words::text::ToText;

/// An HTTP response in the making.
#[derive(Debug)]
pub struct ResponseWriter {
    status: StatusCode,
    headers: HeaderMap,
    body: ResponseBody,
    /// The object that the body is, as far as it has been written.
    object: Option<json::Writer>,
    json: Option<Vec<u8>>,
    json_type: Option<&'static str>,
}

impl ResponseWriter {
    /// Begins a response with this status.
    pub fn new(status: u16) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::OK),
            headers: HeaderMap::new(),
            body: ResponseBody::default(),
            object: None,
            json: None,
            json_type: None,
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

    /// Writes a member of the JSON object that the body is, if the member is set.
    pub fn member<T: ToJson>(&mut self, name: &str, value: &T) {
        let object = self.object.get_or_insert_with(|| {
            let mut object = json::Writer::new();
            object.begin_object();
            object
        });
        object.member(name, value);
    }

    /// The JSON that the body is.
    pub(super) fn take_json(&mut self) -> Option<Vec<u8>> {
        match self.object.take() {
            Some(mut object) => {
                object.end_object();
                let has_type = self.headers.contains_key(CONTENT_TYPE);
                self.json_type = (!has_type).then_some("application/json");
                Some(object.into_bytes())
            }
            None => self.json.take(),
        }
    }

    /// Sets the body to JSON, if there is any, with this type of content.
    pub fn json(&mut self, json: impl Into<Option<Vec<u8>>>, content_type: Option<&'static str>) {
        self.json = json.into();
        self.json_type = content_type;
    }

    /// Sets the body, with this type of content.
    pub fn stream(&mut self, body: ResponseBody, content_type: Option<&'static str>) {
        self.body = body;
        if let Some(content_type) = content_type {
            let content_type = HeaderValue::from_static(content_type);
            self.headers.insert(CONTENT_TYPE, content_type);
        }
    }

    /// The response, with what its metadata says besides the members.
    pub fn finish(mut self, metadata: &ResponseMetadata) -> Response<ResponseBody> {
        if let Some(json) = self.take_json() {
            self.payload(crate::Body::from(json), self.json_type);
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
        response
    }
}

fn of_member(member: &str, problem: &str) -> String {
    format!("the member `{member}` of the answer {problem}")
}

/// The JSON of a payload, if it is set.
pub fn to_json<T: ToJson>(payload: &T) -> Option<Vec<u8>> {
    (!payload.is_absent()).then(|| json::to_bytes(payload))
}
