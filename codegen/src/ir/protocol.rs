//! How a service and its clients speak.

/// A protocol, with what requests in it need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// REST with JSON bodies.
    RestJson,
    /// REST with XML bodies.
    RestXml,
    /// A JSON body for each operation, all at one URL.
    AwsJson {
        /// Such as `application/x-amz-json-1.1`.
        content_type: String,
        /// What stands before the operation in the target of a request, such as `SageMaker`.
        target_prefix: String,
    },
    /// A form for each operation, all at one URL, and XML in answers.
    Query,
    /// The dialect of query that EC2 has.
    Ec2,
    /// A CBOR body for each operation, whose name is in the path.
    RpcV2Cbor {
        /// What the path calls the service.
        target_prefix: String,
    },
}

/// How values are written to a body, or read from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// JSON.
    Json,
    /// CBOR.
    Cbor,
    /// XML.
    Xml,
    /// Pairs of keys and values.
    Form {
        /// Whether all lists are flattened, and empty ones are nothing.
        flattens_lists: bool,
    },
}

impl Protocol {
    /// As descriptions call it, with the version of JSON.
    pub fn name(&self) -> String {
        match self {
            Self::RestJson => "rest-json".to_owned(),
            Self::RestXml => "rest-xml".to_owned(),
            Self::AwsJson { content_type, .. } => {
                let version = content_type.rsplit('-').next().unwrap_or_default();
                format!("json {version}")
            }
            Self::Query => "query".to_owned(),
            Self::Ec2 => "ec2".to_owned(),
            Self::RpcV2Cbor { .. } => "smithy-rpc-v2-cbor".to_owned(),
        }
    }

    /// Whether members travel in URLs and headers as well as in bodies.
    pub fn binds_http(&self) -> bool {
        match self {
            Self::RestJson | Self::RestXml => true,
            Self::AwsJson { .. } | Self::Query | Self::Ec2 | Self::RpcV2Cbor { .. } => false,
        }
    }

    /// How bodies of requests are written.
    pub fn writer(&self) -> Codec {
        match self {
            Self::RestJson | Self::AwsJson { .. } => Codec::Json,
            Self::RestXml => Codec::Xml,
            Self::Query => Codec::Form { flattens_lists: false },
            Self::Ec2 => Codec::Form { flattens_lists: true },
            Self::RpcV2Cbor { .. } => Codec::Cbor,
        }
    }

    /// How bodies of responses are read.
    pub fn reader(&self) -> Codec {
        match self {
            Self::RestJson | Self::AwsJson { .. } => Codec::Json,
            Self::RestXml | Self::Query | Self::Ec2 => Codec::Xml,
            Self::RpcV2Cbor { .. } => Codec::Cbor,
        }
    }

    /// Whether the members of an answer lie in an element that is named after the operation.
    pub fn wraps_results(&self) -> bool {
        *self == Self::Query
    }
}

/// The name of a member in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// In requests.
    pub sent: String,
    /// In responses. EC2 has other names there.
    pub received: String,
}

/// The name of an element of XML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementName {
    /// Without a prefix.
    pub name: String,
    /// The namespace that it declares.
    pub namespace: Option<Namespace>,
}

/// A namespace of XML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// What stands before names of this namespace. Empty for the namespace of all that has no prefix.
    pub prefix: String,
    /// Its URI.
    pub uri: String,
}
