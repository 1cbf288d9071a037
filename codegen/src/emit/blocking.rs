//! `src/blocking.rs`: a client for programs that are not asynchronous.

use proc_macro2::TokenStream;
use quote::quote;

use super::client::new_without_feature;
use super::docs::{docs, ident, inner_docs, summary};
use super::format::Source;
use super::scope::Scope;
use super::{bearer_token, deprecated, objects};
use crate::ir::{Operation, Service};

pub(super) fn emit(service: &Service) -> Source {
    let scope = Scope::of(["Client", "ClientBuilder"]);
    let methods: Vec<TokenStream> = service
        .operations
        .iter()
        .map(|operation| method(operation, &scope))
        .collect();
    let (fmt, runtime) = (scope.fmt(), scope.runtime());
    // Not imported: the texts of operations name it by its path.
    let error = quote!(crate::Error);
    let (core, service_client) = (scope.core_client(), scope.service_client());
    let (service_type, service_static) = (scope.service_type(), scope.service_static());
    let (operation, call_options) = (scope.operation(), scope.call_options());
    let from = scope.trait_from();
    let docs = docs(&format!(
        "Sends requests to {}, and waits for the answers.\n\n\
         It is the [client](crate::Client) for programs that are not asynchronous, and converts from one. Its builders are\n\
         the same, and `send` returns the output. Clones share connections and cost next to nothing.",
        service.full_name
    ));
    let sdk_config = quote! {
        /// Creates a client with what the `aws-config` crate has loaded. It needs the feature `sdk-config`; see [`crate::Client::new`].
        #[cfg(feature = "sdk-config")]
        pub fn new(config: &#runtime::SdkConfig) -> Self {
            ClientBuilder::from_sdk_config(config).build_unchecked()
        }
    };
    let new_without_feature = new_without_feature(&scope);
    let bearer_token = bearer_token::emit_blocking(service, &scope);
    let store = objects::blocking_store(service, &scope);
    let items = quote! {
        pub use crate::runtime::blocking::{Caller, Iter, iter, wait};

        #docs
        #[derive(Clone)]
        pub struct Client(#core);

        /// Builds a [`Client`].
        pub type ClientBuilder = #runtime::ClientBuilder<Client>;

        impl Client {
            /// Creates a client with the settings of the environment and the profile; [`ClientBuilder::from_env`] lists them.
            ///
            /// # Errors
            ///
            /// Names everything that is missing or wrong, with the way to supply it.
            #[inline]
            pub fn from_env() -> Result<Self, #error> {
                ClientBuilder::from_env().build()
            }

            /// Creates a client that shares connections, credentials and settings with clients of other services.
            ///
            /// # Errors
            ///
            /// Names everything that is missing or wrong, with the way to supply it.
            #[inline]
            pub fn from_config(config: &#runtime::Config) -> Result<Self, #error> {
                Self::builder().config(config).build()
            }

            #sdk_config

            #new_without_feature

            /// Configures a client.
            pub fn builder() -> ClientBuilder {
                ClientBuilder::new()
            }

            /// Makes a call with a finished input.
            ///
            /// # Errors
            ///
            /// See [`Error`](crate::Error). In an asynchronous function, whose thread it would block, nothing is sent.
            pub fn call<O: #operation + 'static>(&self, input: O) -> Result<O::Output, #error> {
                Caller::new(&self.0).send(input.into_inner())
            }

            /// Makes a call with a finished input and options for this call only.
            ///
            /// # Errors
            ///
            /// See [`Error`](crate::Error). In an asynchronous function, whose thread it would block, nothing is sent.
            pub fn call_with<O: #operation + 'static>(
                &self,
                input: O,
                options: #call_options,
            ) -> Result<O::Output, #error> {
                Caller::new(&self.0).with_options(options).send(input.into_inner())
            }
        }

        /// The operations of the service.
        impl Client {
            #(#methods)*
        }

        #bearer_token

        #store

        impl #from<crate::Client> for Client {
            fn from(client: crate::Client) -> Self {
                Self(client.0)
            }
        }

        impl #service_client for Client {
            const SERVICE: &'static #service_type = &#service_static;

            type Error = #error;

            fn from_core(core: #core) -> Self {
                Self(core)
            }
        }

        impl #fmt::Debug for Client {
            fn fmt(&self, f: &mut #fmt::Formatter<'_>) -> #fmt::Result {
                self.0.fmt(f)
            }
        }
    };
    Source::new(inner_docs(include_str!("docs/guide/blocking_module.md")), items, scope)
}

fn method(operation: &Operation, scope: &Scope) -> TokenStream {
    // The rest would be the same, but for an example that waits in another way.
    let text = summary(&operation.docs).unwrap_or_else(|| format!("Calls `{}`.", operation.name));
    let name = operation.fn_name.trim_start_matches("r#");
    let docs = docs(&format!(
        "{text}\n\nSee [`Client::{name}`](crate::Client::{name}) for its limits and errors."
    ));
    let deprecated = deprecated::attribute(operation.deprecated.as_deref());
    let function = ident(&operation.fn_name);
    let builder = scope.operation_type(operation, "Builder");
    quote! {
        #docs
        #deprecated
        #[inline]
        pub fn #function(&self) -> #builder<Caller> {
            #builder::new(Caller::new(&self.0))
        }
    }
}
