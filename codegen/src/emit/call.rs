//! `src/call.rs`: the trait of the service's own operations, and the future of a call.

use quote::quote;

use super::format::Source;
use super::scope::Scope;
use crate::ir::Service;

pub(super) fn emit(service: &Service) -> Source {
    let scope = Scope::of(["Operation"]);
    let (runtime, error) = (scope.runtime(), scope.error());
    let (request, response, body) = (scope.request(), scope.response(), scope.body());
    let (byte_stream, endpoint, auth) = (scope.byte_stream(), scope.endpoint(), scope.auth());
    let (request_settings, sealed) = (scope.request_settings(), scope.sealed());
    let message = format!("`{{Self}}` is not the input of an operation of {}", service.full_name);
    let items = quote! {
        /// A call on its way: a future of its output.
        ///
        /// The request is written when this is made, and sent when it is polled. Dropping it ends the call and closes its
        /// connection; the service may be at work on the request all the same.
        pub type Sending<T> = #runtime::Sending<T, #error>;

        /// An operation of the service, implemented by its input.
        ///
        /// It converts the input into an HTTP request, and an HTTP response into the output. Nothing here signs, sends or waits
        /// for a network: use it to hand requests to another HTTP stack, to a queue or to a test.
        /// [`Client::call`](crate::Client::call) composes the rest.
        #[diagnostic::on_unimplemented(message = #message, label = "this client has no such operation")]
        pub trait Operation: #sealed + Send + Sized {
            /// The operation's name in the description.
            const NAME: &'static str;

            /// How requests are authenticated.
            const AUTH: #auth;

            /// What a response becomes.
            type Output: #runtime::OperationOutput + Send;

            /// The same operation, as clients of all services see it.
            #[doc(hidden)]
            type Inner: #runtime::Operation<Output = Self::Output, Error = #error> + 'static;

            #[doc(hidden)]
            fn into_inner(self) -> Self::Inner;

            /// Sets the members by which the service recognizes a repeated request, if they are not set, to what `token`
            /// returns.
            ///
            /// The client calls it first. [`into_request`](Self::into_request) does the same with random tokens.
            fn fill_idempotency_tokens(&mut self, token: &dyn Fn() -> String);

            /// Writes the HTTP request, unsigned and without the headers that belong to an attempt.
            ///
            /// # Errors
            ///
            /// When a member has a value that HTTP cannot carry. The error names the member and never shows the value.
            fn into_request(self, endpoint: &#endpoint) -> Result<#request<#body>, #error>;

            /// Compresses the finished request or adds a checksum, as the operation wants it before the request is signed.
            ///
            /// # Errors
            ///
            /// When the payload cannot be read.
            fn prepare(
                request: &mut #request<#body>,
                settings: #request_settings,
            ) -> impl Future<Output = Result<(), #error>> + Send;

            /// Reads an HTTP response.
            ///
            /// # Errors
            ///
            /// The error that the service reports, or what is wrong with the response.
            fn parse_response(
                response: #response<#byte_stream>,
            ) -> impl Future<Output = Result<Self::Output, #error>> + Send;
        }

        // The compiler speaks of this trait, not of what the one beneath it lacks.
        #[diagnostic::do_not_recommend]
        impl<O: #runtime::Operation<Error = #error> + 'static> Operation for O {
            const NAME: &'static str = O::NAME;

            const AUTH: #auth = O::AUTH;

            type Output = O::Output;

            type Inner = O;

            fn into_inner(self) -> O {
                self
            }

            fn fill_idempotency_tokens(&mut self, token: &dyn Fn() -> String) {
                #runtime::Operation::fill_idempotency_tokens(self, token);
            }

            fn into_request(self, endpoint: &#endpoint) -> Result<#request<#body>, #error> {
                Ok(#runtime::Operation::into_request(self, endpoint)?)
            }

            async fn prepare(request: &mut #request<#body>, settings: #request_settings) -> Result<(), #error> {
                Ok(<O as #runtime::Operation>::prepare(request, settings).await?)
            }

            async fn parse_response(response: #response<#byte_stream>) -> Result<O::Output, #error> {
                let response = response.map(#byte_stream::into_response_body);
                Ok(<O as #runtime::Operation>::parse_response(response).await?)
            }
        }
    };
    let head = quote! {
        //! What all operations of the service have in common.
    };
    Source::new(head, items, scope)
}
