//! What the caller gives.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::builder::Builder;
use super::super::debug::debug;
use super::super::docs::{self, ident};
use super::super::scope::Scope;
use super::super::structure::fields;
use super::super::ty::{Holder, timestamp_wrapper};
use super::super::{header, protocol};
use super::structure_docs;
use crate::ir::{
    Checksum, HostPart, Location, Member, Method, Operation, PathPart, Service, Signing, TimestampFormat, Type,
};

/// The structure.
pub(super) fn emit(operation: &Operation, builder: &Builder<'_>, scope: &Scope) -> TokenStream {
    let docs = structure_docs("The input of", operation, ".");
    let name = format_ident!("{}Input", operation.type_name);
    let fields = fields(&operation.input, Holder::Input, scope, |member| {
        docs::member_in_short(member, &builder.name(), "")
    });
    let members: Vec<&Member> = operation.input.iter().collect();
    let (debug, derive_debug) = debug(&name, &members, &[], false, scope);
    // Where something is required, only the builder makes an input.
    let is_optional = operation.input.iter().all(|member| !member.required);
    let default = is_optional.then(|| quote!(Default));
    let derives = [quote!(Clone)].into_iter().chain(derive_debug).chain(default);
    let begin = builder.begin();
    quote! {
        #docs
        #[derive(#(#derives),*)]
        #[non_exhaustive]
        pub struct #name {
            #fields
        }

        #debug
        #begin
    }
}

/// `Operation::into_request`, and what else makes an input a request.
pub(super) fn into_request(service: &Service, operation: &Operation, scope: &Scope) -> TokenStream {
    let fill = fill_tokens(operation);
    let idempotency = scope.idempotency();
    let fill_random = fill
        .is_some()
        .then(|| quote!(#idempotency::fill_random_tokens(&mut self)?;));
    let bare_ids: TokenStream = operation
        .input
        .iter()
        .filter_map(|member| bare_id(member, scope))
        .collect();
    let form = operation.form.then(|| quote!(request.query_as_form();));
    let this = if fill.is_some() || !bare_ids.is_empty() {
        quote!(mut self)
    } else {
        quote!(self)
    };
    let method = method(operation.method);
    let write_url = write_url(operation, scope);
    // A map gives way to what has a place of its own.
    let is_map = |member: &&Member| matches!(member.location, Location::QueryMap | Location::PrefixHeaders(_));
    let (maps, others): (Vec<&Member>, Vec<&Member>) = operation.input.iter().partition(is_map);
    let located = others.into_iter().chain(maps);
    let located = located.filter_map(|member| write_located(member, scope));
    let fixed = service.fixed_headers.iter();
    let fixed = fixed.filter_map(|(name, value)| fixed_header(operation, name, value, scope));
    let write_body = protocol::write_body(service, operation, scope);
    let prepare = prepare(operation, scope);
    let (method_type, request, writer) = (scope.method(), scope.request(), scope.request_writer());
    let (body, endpoint, runtime) = (scope.body(), scope.endpoint(), scope.runtime());
    quote! {
        #fill

        #[inline]
        fn into_request(#this, endpoint: &#endpoint) -> Result<#request<#body>, #runtime::Error> {
            #fill_random
            #bare_ids
            let mut request = #writer::new::<Self>(#method_type::#method, endpoint);
            #form
            #write_url
            #(#fixed)*
            #(#located)*
            #write_body
            request.finish()
        }

        #prepare
    }
}

/// `Operation::fill_idempotency_tokens`, where there are tokens.
fn fill_tokens(operation: &Operation) -> Option<TokenStream> {
    let tokens = operation.input.iter().filter(|member| member.idempotency_token);
    let fields: Vec<Ident> = tokens.map(|member| ident(&member.field)).collect();
    (!fields.is_empty()).then(|| {
        quote! {
            #[inline]
            fn fill_idempotency_tokens(&mut self, token: &dyn Fn() -> String) {
                #(self.#fields.get_or_insert_with(token);)*
            }
        }
    })
}

/// Removes the path in front of an ID.
fn bare_id(member: &Member, scope: &Scope) -> Option<TokenStream> {
    let (field, bare_id) = (ident(&member.field), scope.bare_id());
    member.bare_id.then(|| match member.required {
        true => quote!(#bare_id(&mut self.#field);),
        false => quote!(self.#field.iter_mut().for_each(#bare_id);),
    })
}

/// Writes a header that all operations of the service have, unless a member has it.
fn fixed_header(operation: &Operation, name: &str, value: &str, scope: &Scope) -> Option<TokenStream> {
    let is_bound = |member: &Member| matches!(&member.location, Location::Header(header) if header == name);
    let (constant, headers) = (header::constant(name), scope.header());
    let is_free = !operation.input.iter().any(is_bound);
    is_free.then(|| quote!(request.fixed_header(#headers::#constant, #value);))
}

/// Writes the host and the path, with the query that the description itself has.
fn write_url(operation: &Operation, scope: &Scope) -> TokenStream {
    let host = operation.host_prefix.iter();
    let host = host.map(|part| host_part(operation, part, scope));
    let origin = operation.input.iter().filter(|member| member.origin).map(|member| {
        let (name, field) = (&member.name, ident(&member.field));
        quote!(request.origin(#name, &self.#field);)
    });
    let path = operation.path.iter().map(|part| path_part(operation, part, scope));
    let literal_query = operation.literal_query.as_ref().map(|query| {
        let query = format!("?{query}");
        quote!(request.literal(#query);)
    });
    quote!(#(#origin)* #(#host)* #(#path)* #literal_query)
}

pub(in super::super) fn method(method: Method) -> TokenStream {
    match method {
        Method::Delete => quote!(DELETE),
        Method::Get => quote!(GET),
        Method::Head => quote!(HEAD),
        Method::Patch => quote!(PATCH),
        Method::Post => quote!(POST),
        Method::Put => quote!(PUT),
    }
}

fn host_part(operation: &Operation, part: &HostPart, scope: &Scope) -> TokenStream {
    match part {
        HostPart::Literal(text) => quote!(request.host(#text);),
        HostPart::Label(member) => {
            let member = &operation.input[*member];
            let (name, value) = (&member.name, url_value(member, scope));
            quote!(request.host_label(#name, #value);)
        }
    }
}

fn path_part(operation: &Operation, part: &PathPart, scope: &Scope) -> TokenStream {
    match part {
        PathPart::Literal(text) => quote!(request.literal(#text);),
        PathPart::Label { member, greedy } => {
            let member = &operation.input[*member];
            let (name, value) = (&member.name, url_value(member, scope));
            let label = if *greedy { "greedy_label" } else { "label" };
            let label = format_ident!("{label}");
            quote!(request.#label(#name, #value);)
        }
        PathPart::InEndpoint(member) => {
            let member = &operation.input[*member];
            let (name, field) = (&member.name, ident(&member.field));
            quote!(request.label_in_endpoint(#name, &self.#field);)
        }
    }
}

/// A member as URLs take it.
fn url_value(member: &Member, scope: &Scope) -> TokenStream {
    let (field, timestamp) = (ident(&member.field), scope.timestamp());
    match (
        &member.default,
        timestamp_wrapper(&member.ty, TimestampFormat::DateTime),
    ) {
        (Some(default), _) => quote!(self.#field.as_deref().unwrap_or(#default)),
        (None, Some(wrapper)) => quote!(&#timestamp::#wrapper(&self.#field)),
        (None, None) => quote!(&self.#field),
    }
}

/// Writes a member of the query or in a header.
fn write_located(member: &Member, scope: &Scope) -> Option<TokenStream> {
    let (name, field) = (&member.name, ident(&member.field));
    let sensitive = |function: &str| {
        let prefix = if member.sensitive { "sensitive_" } else { "" };
        format_ident!("{prefix}{function}")
    };
    Some(match &member.location {
        Location::Query(parameter) => {
            let value = url_value(member, scope);
            quote!(request.query(#parameter, #name, #value);)
        }
        Location::QueryMap if member.required => quote!(request.query_map(#name, &self.#field);),
        Location::QueryMap => quote!(request.query_map(#name, self.#field.as_ref());),
        Location::Header(header) => {
            let (write, constant) = (sensitive("header"), header::constant(header));
            let (headers, timestamp, json) = (scope.header(), scope.timestamp(), scope.request_json());
            let value = match timestamp_wrapper(&member.ty, TimestampFormat::HttpDate) {
                Some(wrapper) => quote!(#timestamp::#wrapper(&self.#field)),
                None if member.ty == Type::JsonText => quote!(#json(self.#field)),
                None => quote!(self.#field),
            };
            quote!(request.#write(#headers::#constant, #name, #value);)
        }
        Location::PrefixHeaders(prefix) => {
            let write = sensitive("prefix_headers");
            quote!(request.#write(#prefix, #name, self.#field);)
        }
        Location::Uri | Location::Payload | Location::Body(_) | Location::Attribute(_) => return None,
        Location::StatusCode | Location::EventHeader(_) | Location::EventPayload => return None,
    })
}

/// `Operation::prepare`, where something is to be done.
fn prepare(operation: &Operation, scope: &Scope) -> Option<TokenStream> {
    let (compression, checksum, required_length) = (scope.compression(), scope.checksum(), scope.required_length());
    let tree_hash = scope.tree_hash();
    let streams = operation.input.iter().any(Member::is_stream);
    let compress = operation.compressed.then(|| match streams {
        true => quote!(#compression::gzip_stream(request, settings).await?;),
        false => quote!(#compression::gzip(request, settings).await?;),
    });
    let length = (operation.requires_length && operation.signing == Signing::UnsignedPayload)
        .then(|| quote!(#required_length::required_length(request).await?;));
    let http_checksum = scope.http_checksum();
    let checksum = operation.checksum.map(|kind| match kind {
        Checksum::Md5 => quote!(#checksum::content_md5(request).await?;),
        Checksum::Flexible { required, named } => {
            quote!(#http_checksum::add(request, settings, #required, #named).await?;)
        }
    });
    let validate = operation
        .validates
        .then(|| quote!(#http_checksum::ask(request, settings);));
    let tree_hash = operation
        .tree_hash
        .then(|| quote!(#tree_hash::tree_hash(request).await?;));
    let (request, body, runtime, request_settings) =
        (scope.request(), scope.body(), scope.runtime(), scope.request_settings());
    let is_flexible = matches!(operation.checksum, Some(Checksum::Flexible { .. }));
    let asks_settings = operation.compressed || is_flexible || operation.validates;
    let settings = format_ident!("{}", if asks_settings { "settings" } else { "_settings" });
    let is_needed = asks_settings || length.is_some() || checksum.is_some() || tree_hash.is_some();
    is_needed.then(|| {
        quote! {
            async fn prepare(request: &mut #request<#body>, #settings: #request_settings) -> Result<(), #runtime::Error> {
                #compress
                #length
                #checksum
                #validate
                #tree_hash
                Ok(())
            }
        }
    })
}
