//! The words from fixed lists in the description of a service.

use crate::model::word::vocabulary;

vocabulary! {
    /// How a service and its clients speak.
    pub enum Protocol("protocol") {
        /// REST with JSON bodies.
        RestJson = "rest-json",
        /// REST with XML bodies.
        RestXml = "rest-xml",
        /// One path, JSON bodies.
        Json = "json",
        /// One path, forms, and XML in answers.
        Query = "query",
        /// The dialect of `query` that EC2 has.
        Ec2 = "ec2",
        /// CBOR bodies.
        RpcV2Cbor = "smithy-rpc-v2-cbor",
    }
}

impl Protocol {
    /// The first of these that a service speaks is taken. JSON needs no code that most clients do not have anyway.
    pub(crate) const ORDER: [Self; 6] = [
        Self::Json,
        Self::RestJson,
        Self::RestXml,
        Self::RpcV2Cbor,
        Self::Query,
        Self::Ec2,
    ];
}

vocabulary! {
    /// An HTTP method.
    pub enum Method("HTTP method") {
        /// `DELETE`
        Delete = "DELETE",
        /// `GET`
        Get = "GET",
        /// `HEAD`
        Head = "HEAD",
        /// `PATCH`
        Patch = "PATCH",
        /// `POST`
        Post = "POST",
        /// `PUT`
        Put = "PUT",
    }
}

vocabulary! {
    /// What kind of type a shape is.
    pub enum ShapeType("shape type") {
        /// Members; also unions, documents and event streams.
        Structure = "structure",
        /// Values of one type, one after the other.
        List = "list",
        /// Values of one type, by name.
        Map = "map",
        /// UTF-8 text; also enums.
        String = "string",
        /// A short text.
        Character = "character",
        /// Bytes.
        Blob = "blob",
        /// True or false.
        Boolean = "boolean",
        /// 8 bits, signed.
        Byte = "byte",
        /// 16 bits, signed.
        Short = "short",
        /// 32 bits, signed.
        Integer = "integer",
        /// 64 bits, signed.
        Long = "long",
        /// 32 bits.
        Float = "float",
        /// 64 bits.
        Double = "double",
        /// A point in time.
        Timestamp = "timestamp",
    }
}

vocabulary! {
    /// Where a member travels, if not in the body.
    pub enum Location("location") {
        /// In the path.
        Uri = "uri",
        /// In the query.
        QueryString = "querystring",
        /// In a header.
        Header = "header",
        /// In headers whose names begin alike.
        Headers = "headers",
        /// As the status of the response.
        StatusCode = "statusCode",
    }
}

vocabulary! {
    /// How a point in time is written.
    pub enum TimestampFormat("timestamp format", any_case) {
        /// Such as `2019-12-16T23:48:18Z`.
        DateTime = "iso8601",
        /// Such as `Mon, 16 Dec 2019 23:48:18 GMT`.
        HttpDate = "rfc822",
        /// Seconds since 1970, with a fraction.
        EpochSeconds = "unixTimestamp",
    }
}
