//! `src/client.rs`: a method of the client for each operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::deprecated;
use super::docs::{docs, ident, operation_example};
use super::format::Source;
use super::scope::Scope;
use super::{bearer_token, objects, paginator, waiter};
use crate::ir::endpoint::ParameterType;
use crate::ir::{Operation, Service};
use crate::markdown::in_lines;

pub(super) fn emit(service: &Service) -> Source {
    let scope = Scope::of(["Client", "ClientBuilder", "ClientSettings"]);
    let methods = service
        .operations
        .iter()
        .map(|operation| method(service, operation, &scope));
    let paginated = paginator::client_methods(service);
    let waiters = waiter::client_methods(service, &scope);
    let settings = settings(service, &scope);
    let common = common(&service.full_name, &scope);
    let bearer_token = bearer_token::emit(service, &scope);
    let store = objects::store(service, &scope);
    let items = quote! {
        #common

        /// The operations of the service.
        impl Client {
            #(#methods)*

            #paginated

            #waiters
        }

        #settings
        #bearer_token
        #store
    };
    let head = quote! {
        //! The client, and a function for each operation.
    };
    Source::new(head, items, scope)
}

/// The settings that only clients of this service have.
fn settings(service: &Service, scope: &Scope) -> Option<TokenStream> {
    service.endpoint.own_settings().next()?;
    let setters = service.endpoint.own_settings().filter_map(|parameter| {
        let text = match parameter.docs.trim() {
            "" => format!("The parameter `{}` of the endpoint rules.", parameter.name),
            text => text.to_owned(),
        };
        let (docs, field) = (docs(&text), ident(&parameter.field));
        let ty = match parameter.ty {
            ParameterType::Boolean => quote!(bool),
            ParameterType::Text => quote!(String),
            // No service has one.
            ParameterType::List => return None,
        };
        let name = &parameter.name;
        let signature = quote!(fn #field(self, #field: #ty) -> Self);
        let defined = quote!(#[inline] #signature { self.own_setting(#name, #field) });
        Some((quote!(#docs #signature;), defined))
    });
    let (declared, defined): (Vec<_>, Vec<_>) = setters.unzip();
    let sealed = scope.sealed();
    Some(quote! {
        /// Settings that only clients of this service have.
        pub trait ClientSettings: Sized + #sealed {
            #(#declared)*
        }

        impl ClientSettings for ClientBuilder {
            #(#defined)*
        }
    })
}

/// What the clients of all services have.
fn common(full_name: &str, scope: &Scope) -> TokenStream {
    let (fmt, runtime, error, endpoint) = (scope.fmt(), scope.runtime(), scope.error(), scope.endpoint());
    let (core, service_client, service_type) = (scope.core_client(), scope.service_client(), scope.service_type());
    let (operation, call_options, service_static) = (scope.operation(), scope.call_options(), scope.service_static());
    let sending = scope.sending();
    let new_without_feature = new_without_feature(scope);
    let docs = docs(&format!(
        "Sends requests to {full_name}.\n\n\
         There is one method for each operation. Clones share connections, credentials and the retry quota, and cost next to\n\
         nothing: make one client and clone it wherever it is needed.\n\n\
         A client works in a tokio runtime with I/O and time enabled. Several runtimes may share one: each has connections of\n\
         its own, and a streamed payload needs the runtime of its call until it has been read."
    ));
    quote! {
        #docs
        #[derive(Clone)]
        pub struct Client(pub(crate) #core);

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

            /// Creates a client with what the `aws-config` crate has loaded from profiles, the environment and the machine.
            ///
            /// [`ClientBuilder::from_sdk_config`] lists what is taken over and what is not, and lets some of it be changed.
            ///
            /// What is missing is reported by each call, so that this cannot fail. It needs the feature `sdk-config`.
            #[cfg(feature = "sdk-config")]
            pub fn new(config: &#runtime::SdkConfig) -> Self {
                ClientBuilder::from_sdk_config(config).build_unchecked()
            }

            #new_without_feature

            /// Configures a client. Without a region or credentials in code, they are found as [`ClientBuilder::from_env`] says.
            pub fn builder() -> ClientBuilder {
                ClientBuilder::new()
            }

            /// Where this client sends its requests. Operations may have another endpoint if the service's rules ask for what
            /// they do or for their input.
            ///
            /// # Errors
            ///
            /// When the client's configuration is not complete, or only operations know the endpoint.
            pub fn endpoint(&self) -> Result<&#endpoint, #error> {
                Ok(self.0.endpoint()?)
            }

            /// Makes a call with a finished input.
            ///
            /// # Errors
            ///
            /// See [`Error`](crate::Error).
            pub fn call<O: #operation>(&self, input: O) -> #sending<O::Output> {
                self.0.call(input.into_inner())
            }

            /// Makes a call with a finished input and options for this call only.
            ///
            /// # Errors
            ///
            /// See [`Error`](crate::Error).
            pub fn call_with<O: #operation>(&self, input: O, options: #call_options) -> #sending<O::Output> {
                self.0.call_with(input.into_inner(), options)
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
    }
}

/// `Client::new` where its feature is off.
pub(super) fn new_without_feature(scope: &Scope) -> TokenStream {
    let runtime = scope.runtime();
    quote! {
        /// Cannot be called: it is here so that the compiler names the feature.
        #[cfg(not(feature = "sdk-config"))]
        #[doc(hidden)]
        pub fn new(config: &impl #runtime::support::SdkConfigFeature) -> Self {
            config.cannot_be()
        }
    }
}

fn method(service: &Service, operation: &Operation, scope: &Scope) -> TokenStream {
    let docs = docs(&method_docs(service, operation));
    let deprecated = deprecated::attribute(operation.deprecated.as_deref());
    let function = ident(&operation.fn_name);
    let (builder, caller) = (scope.operation_type(operation, "Builder"), scope.caller());
    quote! {
        #docs
        #deprecated
        #[inline]
        pub fn #function(&self) -> #builder<#caller> {
            #builder::new(#caller::new(&self.0))
        }
    }
}

fn method_docs(service: &Service, operation: &Operation) -> String {
    let required = operation.input.iter().filter(|member| member.required);
    let mut required: Vec<String> = required
        .map(|member| format!("`{}`,", member.field.trim_start_matches("r#")))
        .collect();
    let mut text = match operation.docs.trim() {
        "" => format!("Calls `{}`.", operation.name),
        docs => docs.to_owned(),
    };
    if let Some(last) = required.last_mut() {
        last.pop();
        last.push('.');
        required.insert(0, "Required:".to_owned());
        text.push_str(&format!("\n\n{}", in_lines(required)));
    }
    if let Some(example) = operation_example(service, operation) {
        text.push_str(&format!("\n\n{example}"));
    }
    if !operation.errors.is_empty() {
        let variants = operation.errors.iter().map(|index| {
            let name = &service.errors[*index].type_name;
            format!("[`{name}`](crate::ServiceError::{name})")
        });
        text.push_str("\n\n# Errors\n\n");
        text.push_str("The service's own, in [`Error::service_error`](crate::Error::service_error):\n");
        text.push_str(&variants.collect::<Vec<_>>().join(",\n"));
        text.push_str(".\nEverything else that can go wrong is described at [`Error`](crate::Error).");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::naming::CLIENT_METHODS;

    #[test]
    fn no_operation_takes_the_name_of_a_function_of_ours() {
        let common = common("The Service", &Scope::default());
        let file: syn::File = syn::parse2(common).expect("Rust");
        let functions = file.items.iter().filter_map(|item| match item {
            syn::Item::Impl(block) if block.trait_.is_none() => Some(&block.items),
            _ => None,
        });
        let names = functions.flatten().filter_map(|item| match item {
            syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
            _ => None,
        });
        // The others are beside the operations, where the service has something for them.
        let beside = ["bearer_token", "can_paginate", "paginated_operations", "waiter_names"];
        let names: BTreeSet<String> = names.chain(beside.map(str::to_owned)).collect();
        assert_eq!(names, CLIENT_METHODS.iter().map(|name| (*name).to_owned()).collect());
    }
}
