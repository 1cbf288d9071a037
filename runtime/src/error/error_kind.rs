//! What kind of failure an error is, for programs.

/// What kind of failure an error is: one value to match on, to count, or to turn into a status.
///
/// | kind | when | what to do |
/// |---|---|---|
/// | [`Configuration`](Self::Configuration) | the client cannot be used as it is configured | correct the setting that the error names |
/// | [`Credentials`](Self::Credentials) | there are no credentials, they have expired, or their source failed | correct the source that the error names |
/// | [`Input`](Self::Input) | the input or its payload cannot be sent | correct the input |
/// | [`Connect`](Self::Connect) | no connection could be made | check the endpoint, the network and proxies |
/// | [`Connection`](Self::Connection) | the connection failed after it was made | call again if the service may do its work twice |
/// | [`Timeout`](Self::Timeout) | a timeout passed, even while connecting | allow more time; call again if the service may do its work twice |
/// | [`Throttling`](Self::Throttling) | the service, or a gateway before it, throttles | call again later, or less often |
/// | [`NotReady`](Self::NotReady) | the service is not ready yet | call again later |
/// | [`Service`](Self::Service) | the service answered with any other error | look at its code and message |
/// | [`Response`](Self::Response) | the response cannot be read | call again if the service may do its work twice |
/// | [`Waiter`](Self::Waiter) | what a waiter waits for will never come | look at the state of the resource |
///
/// The predicates of an error overlap, and its kind does not: a timeout while connecting is a [`Timeout`](Self::Timeout),
/// and both `is_timeout` and `is_connect` hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be used as it is configured. No request was sent.
    Configuration,
    /// There are no credentials to sign with. The last attempt sent no request.
    Credentials,
    /// The input or its payload cannot be sent. No whole request was sent.
    Input,
    /// No connection to the service could be made. The last attempt sent no request.
    Connect,
    /// The connection failed after it was made. The service may have done its work.
    Connection,
    /// A timeout passed. Unless that was before the request was sent, the service may still do its work.
    Timeout,
    /// The service, or a gateway before it, throttles the caller.
    Throttling,
    /// The service is not ready yet, such as a model that is being loaded.
    NotReady,
    /// The service answered with an error that is none of the others.
    Service,
    /// The response cannot be read. The service has done its work.
    Response,
    /// A waiter found that what it waits for will never come.
    Waiter,
}
