//! How a service and its clients speak.

/// A protocol, with what requests in it need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// REST with JSON bodies.
    RestJson,
    /// A JSON body for each operation, all at one URL.
    AwsJson {
        /// Such as `application/x-amz-json-1.1`.
        content_type: String,
        /// What stands before the operation in the target of a request, such as `SageMaker`.
        target_prefix: String,
    },
}

impl Protocol {
    /// Whether members travel in URLs and headers as well as in bodies.
    pub fn binds_http(&self) -> bool {
        match self {
            Self::RestJson => true,
            Self::AwsJson { .. } => false,
        }
    }
}
