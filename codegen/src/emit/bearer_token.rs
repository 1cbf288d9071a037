//! `bearer_token` of the client, where the service takes such tokens.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs::docs;
use super::scope::Scope;
use crate::ir::{BearerToken, Service};

pub(super) fn emit(service: &Service, scope: &Scope) -> Option<TokenStream> {
    let token = service.bearer_token.as_ref()?;
    let (host, action, prefix) = (&token.host, &token.action, &token.prefix);
    let max = Literal::u64_unsuffixed(token.max_seconds);
    let docs = docs(&text(token));
    let (runtime, duration, sending) = (scope.runtime(), scope.duration(), scope.sending());
    let (form, service_static) = (scope.token_form(), scope.service_static());
    Some(quote! {
        impl Client {
            #docs
            pub fn bearer_token(&self, valid_for: #duration) -> #sending<#runtime::BearerToken> {
                static FORM: #form = #form {
                    host: #host,
                    action: #action,
                    prefix: #prefix,
                    max: #duration::from_secs(#max),
                };
                self.0.bearer_token(&#service_static, &FORM, valid_for)
            }
        }
    })
}

/// The same of the blocking client.
pub(super) fn emit_blocking(service: &Service, scope: &Scope) -> Option<TokenStream> {
    let token = service.bearer_token.as_ref()?;
    let docs = docs(&format!(
        "{} In an asynchronous function, whose thread it would block, no token is made.",
        text(token)
    ));
    let (runtime, duration) = (scope.runtime(), scope.duration());
    Some(quote! {
        impl Client {
            #docs
            pub fn bearer_token(&self, valid_for: #duration) -> Result<#runtime::BearerToken, crate::Error> {
                let client = crate::Client(self.0.clone());
                Caller::new(&self.0).wait(client.bearer_token(valid_for))
            }
        }
    })
}

fn text(token: &BearerToken) -> String {
    format!(
        "Makes a bearer token from the credentials of this client.\n\n\
         It is for {}. It is valid for 1 s to {} hours,\n\
         and no longer than the credentials. No request is sent.\n\n\
         # Errors\n\n\
         If the region or credentials are missing, or if `valid_for` is out of range.",
        token.purpose,
        token.max_seconds / 3600
    )
}
