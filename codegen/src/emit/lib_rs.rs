//! `src/lib.rs`: what users see first.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{crate_docs, inner_docs};
use crate::ir::Service;

pub(super) fn emit(service: &Service) -> TokenStream {
    let docs = inner_docs(&crate_docs(service));
    quote! {
        #docs
        #![forbid(unsafe_code)]
        #![deny(missing_docs)]

        mod client;
        mod endpoint;
        pub mod error;
        mod header_name;
        pub mod operation;
        pub mod required;
        mod runtime;
        mod service;
        pub mod types;

        pub use aws_credential_types::Credentials;
        pub use aws_credential_types::provider::ProvideCredentials;

        pub use crate::error::{Error, ServiceError};
        pub use crate::runtime::body::Body;
        pub use crate::runtime::byte_stream::ByteStream;
        pub use crate::runtime::call::CallOptions;
        pub use crate::runtime::client::Client;
        pub use crate::runtime::config::ClientBuilder;
        pub use crate::runtime::endpoint::Endpoint;
        pub use crate::runtime::operation::Operation;
        pub use crate::runtime::response::ResponseMetadata;
        pub use crate::runtime::retry::Retries;
        pub use crate::runtime::timeouts::Timeouts;

        /// The examples of the README compile.
        #[cfg(doctest)]
        #[doc = include_str!("../README.md")]
        struct Readme;
    }
}
