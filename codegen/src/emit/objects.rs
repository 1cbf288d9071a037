//! What reaches objects in Amazon S3: results to wait for, inputs to upload, and the client that reads and writes them.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::docs::{docs, ident};
use super::scope::Scope;
use crate::ir::{Locations, Member, ObjectCall, Operation, Service};

/// The feature of clients with such results.
pub(super) const FEATURE: &str = "async-result";

/// Whether the service has operations whose results are written to Amazon S3.
pub(super) fn has_results(service: &Service) -> bool {
    service.operations.iter().any(|operation| operation.locations.is_some())
}

/// `result` of an output.
pub(super) fn result(operation: &Operation, scope: &Scope) -> Option<TokenStream> {
    let locations = operation.locations.as_ref()?;
    let (input, output) = (
        format_ident!("{}Input", operation.type_name),
        format_ident!("{}Output", operation.type_name),
    );
    let pointer = |index: usize| {
        let member = &operation.output[index];
        let (name, field) = (&member.name, ident(&member.field));
        quote!((#name, self.#field.as_deref()))
    };
    let location = pointer(locations.output);
    let failure = locations.failure.map_or_else(|| quote!(("", None)), pointer);
    let docs = docs(&result_docs(locations, &operation.output));
    // Imported, it would be missing without the feature.
    let (runtime, pending, feature) = (scope.runtime(), quote!(crate::PendingResult), FEATURE);
    Some(quote! {
        #[cfg(feature = #feature)]
        impl #output {
            #docs
            pub fn result(&self, store: &impl #runtime::ObjectStore) -> #pending {
                #pending::of::<#input>(store, #location, #failure)
            }
        }
    })
}

fn result_docs(locations: &Locations, output: &[Member]) -> String {
    let link = |index: usize| format!("[`{0}`](Self::{0})", output[index].field);
    let failure = locations
        .failure
        .map(|index| format!(", or a failure to {}", link(index)));
    format!(
        "Returns the result in Amazon S3, to be awaited.\n\n\
         The service writes it to {}{}.\n\
         `store` is a client of Amazon S3, such as that of the crate `s3`.\n\
         [`PendingResult`](crate::PendingResult) describes the wait, its limit and its errors.\n\n\
         It needs the feature `{FEATURE}`.",
        link(locations.output),
        failure.unwrap_or_default()
    )
}

/// `upload` of a builder, inside its implementation for what can be sent. `caller` is given where it is not the usual one.
pub(super) fn upload(
    member: &Member,
    input: &Ident,
    caller: Option<TokenStream>,
    bounds: Option<&TokenStream>,
    scope: &Scope,
) -> TokenStream {
    let (name, field, feature) = (&member.name, ident(&member.field), FEATURE);
    let sent = if caller.is_some() { "sent" } else { "sent or awaited" };
    let caller = caller.iter();
    let docs = docs(&format!(
        "Uploads the input to Amazon S3 before the call.\n\n\
         It takes the place of [`{0}`](Self::{0}): set only one of them. `store` is a client of\n\
         Amazon S3, such as that of the crate `s3`. `to` is the address of the object, `s3://bucket/key`; if it ends with\n\
         `/`, the object gets a random name below it. Nothing happens before [`Uploading`](crate::runtime::Uploading) is {sent}.\n\n\
         It needs the feature `{FEATURE}`.",
        member.field
    ));
    let (runtime, into_body, into) = (scope.runtime(), scope.trait_into_body(), scope.trait_into());
    quote! {
        #docs
        #[cfg(feature = #feature)]
        pub fn upload(
            self,
            store: &impl #runtime::ObjectStore,
            body: impl #into_body,
            to: impl #into<String>,
        ) -> #runtime::Uploading<#input #(, #caller)*> #bounds {
            #runtime::Uploading::new((self.caller, self.input), store, body.into(), to.into(), (#name, |input| &mut input.#field))
        }
    }
}

/// What makes the client one of objects.
pub(super) fn store(service: &Service, scope: &Scope) -> Option<TokenStream> {
    let store = service.object_store.as_ref()?;
    let [get_operation, put_operation] = [&store.get, &store.put].map(|call| &service.operations[call.operation]);
    let (get_input, get_output) = (
        scope.operation_type(get_operation, "Input"),
        scope.operation_type(get_operation, "Output"),
    );
    let put_input = scope.operation_type(put_operation, "Input");
    let content = ident(&get_operation.output[store.get.content].field);
    let body_setter = ident(&put_operation.input[store.put.content].field);
    let (get_setters, put_setters) = (setters(&store.get, get_operation), setters(&store.put, put_operation));
    let (runtime, sealed, core, body) = (scope.runtime(), scope.sealed(), scope.core_client(), scope.body());
    let response_body = scope.response_body();
    Some(quote! {
        impl #sealed for Client {}

        impl #runtime::ObjectStore for Client {
            type Get = #get_input;

            type Put = #put_input;

            fn core(&self) -> &#core {
                &self.0
            }

            #[inline]
            fn get(bucket: &str, key: &str) -> #get_input {
                #get_input::builder() #get_setters .build()
            }

            #[inline]
            fn content(output: #get_output) -> #response_body {
                output.#content.into_response_body()
            }

            #[inline]
            fn put(bucket: &str, key: &str, body: #body) -> #put_input {
                #put_input::builder() #put_setters .#body_setter(body).build()
            }
        }
    })
}

/// The same of the blocking client.
pub(super) fn blocking_store(service: &Service, scope: &Scope) -> Option<TokenStream> {
    service.object_store.as_ref()?;
    let (runtime, sealed, core, body) = (scope.runtime(), scope.sealed(), scope.core_client(), scope.body());
    let response_body = scope.response_body();
    let store = quote!(<crate::Client as #runtime::ObjectStore>);
    Some(quote! {
        impl #sealed for Client {}

        impl #runtime::ObjectStore for Client {
            type Get = #store::Get;

            type Put = #store::Put;

            fn core(&self) -> &#core {
                &self.0
            }

            #[inline]
            fn get(bucket: &str, key: &str) -> Self::Get {
                #store::get(bucket, key)
            }

            #[inline]
            fn content(output: <Self::Get as #runtime::Operation>::Output) -> #response_body {
                #store::content(output)
            }

            #[inline]
            fn put(bucket: &str, key: &str, body: #body) -> Self::Put {
                #store::put(bucket, key, body)
            }
        }
    })
}

fn setters(call: &ObjectCall, operation: &Operation) -> TokenStream {
    let [bucket, key] = [call.bucket, call.key].map(|index| ident(&operation.input[index].field));
    quote!(.#bucket(bucket).#key(key))
}
