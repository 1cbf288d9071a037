//! The head of a response, for whoever asks what happened.

use std::fmt;

use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};

use crate::words::header_map::first;
use crate::words::service::OperationInfo;

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const OTHER_REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");

/// Which response a body, an event, an error or a log line is about. It is made once, when the head arrives.
#[derive(Clone, Debug)]
pub(crate) struct ResponseContext {
    operation: OperationInfo,
    status: StatusCode,
    request_id: Option<HeaderValue>,
    attempts: u32,
}

impl ResponseContext {
    /// Of the response to an attempt, counted from 1.
    pub(crate) fn new(operation: OperationInfo, status: StatusCode, headers: &HeaderMap, attempts: u32) -> Self {
        Self {
            operation,
            status,
            request_id: request_id(headers).cloned(),
            attempts,
        }
    }

    pub(crate) fn operation(&self) -> OperationInfo {
        self.operation
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// The service's identifier of the request.
    pub(crate) fn request_id(&self) -> Option<&str> {
        self.request_id.as_ref()?.to_str().ok()
    }

    /// How many requests were sent, the one that has this response included.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// What is left of the head when its headers are no longer there.
    pub(crate) fn metadata(&self) -> ResponseMetadata {
        let mut headers = HeaderMap::new();
        if let Some(id) = &self.request_id {
            headers.insert(REQUEST_ID, id.clone());
        }
        ResponseMetadata::new(self.status, headers, self.attempts)
    }
}

/// A response apart from its members: status, headers, request id, attempts.
///
/// `Debug` shows the names of the headers, but not their values: sensitive members are among them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ResponseMetadata {
    status: StatusCode,
    headers: HeaderMap,
    attempts: u32,
}

impl ResponseMetadata {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, attempts: u32) -> Self {
        Self {
            status,
            headers,
            attempts,
        }
    }

    /// The service's identifier of the request, to give to its support.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)?.to_str().ok()
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// All headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How many attempts were made to send the request, at least 1. An attempt counts even where no connection could be made.
    ///
    /// It is 1 as well where a response was parsed without a client.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

impl fmt::Debug for ResponseMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.keys().map(HeaderName::as_str).collect();
        f.debug_struct("ResponseMetadata")
            .field("status", &self.status)
            .field("request_id", &self.request_id())
            .field("headers", &names)
            .field("attempts", &self.attempts)
            .finish()
    }
}

pub(crate) fn request_id(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut ids = [REQUEST_ID, OTHER_REQUEST_ID]
        .into_iter()
        .filter_map(|name| first(headers, &name));
    ids.find(|id| !id.is_empty())
}
