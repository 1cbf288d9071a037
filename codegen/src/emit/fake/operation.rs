//! `src/test/operation/<name>.rs`: an input out of a request, and a response of an output.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::builder::private_name;
use super::super::docs::ident;
use super::super::format::Source;
use super::super::operation::input;
use super::super::scope::{Name, Scope};
use super::super::ty::{Holder, timestamp_wrapper};
use super::super::{codec, deprecated, header_name};
use crate::ir::{Codec, Location, Member, Operation, PathPart, TimestampFormat, Type};

pub(super) fn emit(operation: &Operation) -> Source {
    let scope = Scope::default();
    let module_docs = format!(" `{}`.", operation.name);
    let mut members = operation.input.iter().chain(&operation.output);
    let allow = deprecated::allow(members.any(|member| member.deprecated.is_some()));
    let items = [
        read(operation, &scope),
        write(
            &operation.output,
            operation.success_status,
            &scope.operation_type(operation, "Output"),
            &scope,
        ),
        payload(operation, &scope).unwrap_or_default(),
    ];
    Source::new(
        quote!(#![doc = #module_docs] #allow),
        items.into_iter().collect(),
        scope,
    )
}

/// The input out of a request.
fn read(operation: &Operation, scope: &Scope) -> TokenStream {
    let (fake, service_error) = (scope.fake(), scope.service_error());
    let name = scope.operation_type(operation, "Input");
    let route = route(operation, scope);
    let members = &operation.input;
    let request = match members.is_empty() {
        true => format_ident!("_request"),
        false => private_name("request", members),
    };
    let form = operation.form.then(|| quote!(let #request = &#request.with_form();));
    let reads_json = members.iter().any(codec::is_in_body).then(|| {
        let reader = codec::Reader::beside(Codec::Json, members);
        let variables = codec::variables(members, scope);
        let object = codec::read_members(Codec::Json, members, &reader, |variable| quote!(#variable));
        let json = &reader.source;
        quote! {
            #variables
            #request.read_json(|#json| {
                #object
                Ok(())
            })?;
        }
    });
    let fields = members.iter().enumerate().map(|(index, member)| {
        let field = ident(&member.field);
        match value(operation, index, &request, scope) {
            Some(value) => quote!(#field: #value,),
            None => quote!(#field,),
        }
    });
    quote! {
        impl #fake::FakeOperation for #name {
            type ServiceError = #service_error;

            const ROUTE: #fake::Route = #route;

            fn read(#request: &#fake::ReceivedRequest) -> Result<Self, String> {
                #form
                #reads_json
                Ok(Self { #(#fields)* })
            }
        }
    }
}

fn route(operation: &Operation, scope: &Scope) -> TokenStream {
    let fake = scope.fake();
    let method = input::method(operation.method).to_string();
    let path = operation.path.iter().filter_map(|part| match part {
        PathPart::Literal(text) => Some(quote!(#fake::PathPart::Literal(#text))),
        PathPart::Label { greedy: false, .. } => Some(quote!(#fake::PathPart::Label)),
        PathPart::Label { greedy: true, .. } => Some(quote!(#fake::PathPart::GreedyLabel)),
        PathPart::InEndpoint(_) => None,
    });
    let query = match &operation.literal_query {
        Some(query) if !operation.form => quote!(Some(#query)),
        _ => quote!(None),
    };
    quote!(#fake::Route { method: #method, path: &[#(#path),*], query: #query })
}

/// The value of a member that is not in a JSON object.
fn value(operation: &Operation, index: usize, request: &Ident, scope: &Scope) -> Option<TokenStream> {
    let member = &operation.input[index];
    let (name, header_name, fake) = (&member.name, scope.header_name(), scope.fake());
    let optional = match &member.location {
        Location::Uri => {
            let label = label(operation, index);
            let value = quote!(#request.label(#name, #label)?);
            return Some(if member.required { value } else { quote!(Some(#value)) });
        }
        Location::Query(parameter) => quote!(#request.query(#name, #parameter)?),
        Location::QueryMap => {
            let others = operation.input.iter().filter_map(|member| match &member.location {
                Location::Query(parameter) => Some(parameter),
                _ => None,
            });
            let fixed = operation.literal_query.iter().flat_map(|query| query.split('&'));
            let fixed = fixed.map(|pair| pair.split('=').next().unwrap_or_default());
            quote!(#request.query_map(#name, &[#(#others,)* #(#fixed,)*])?)
        }
        Location::Header(header) => {
            let constant = header_name::constant(header);
            match (default_content_type(&operation.input), &member.ty) {
                (Some(default), _) if header == "content-type" => quote!(#request.content_type(#name, #default)?),
                (_, Type::JsonText) => quote!(#request.json_header(#name, &#header_name::#constant)?),
                _ => quote!(#request.header(#name, &#header_name::#constant)?),
            }
        }
        Location::PrefixHeaders(prefix) => {
            let others = operation.input.iter().filter_map(|member| match &member.location {
                Location::Header(header) => Some(header_name::constant(header)),
                _ => None,
            });
            quote!(#request.prefix_headers(#prefix, &[#(#header_name::#others),*]))
        }
        Location::Payload => match &member.ty {
            Type::Blob => quote!(#request.payload()),
            Type::String | Type::Enum(_) => quote!(#request.text(#name)?),
            Type::Structure(_) if !member.required => quote!(#request.structure(#name)?),
            _ => quote!(#request.value(#name)?),
        },
        Location::Body(_)
        | Location::Attribute(_)
        | Location::StatusCode
        | Location::EventHeader(_)
        | Location::EventPayload => return None,
    };
    let may_be_empty = matches!(member.ty, Type::List { .. } | Type::Map { .. }) || member.is_stream();
    Some(match (member.required, may_be_empty) {
        (false, _) => optional,
        (true, true) => quote!(#optional.unwrap_or_default()),
        (true, false) => quote!(#fake::required(#name, #optional)?),
    })
}

/// The place of a member among the labels of the path.
fn label(operation: &Operation, index: usize) -> usize {
    let labels = operation.path.iter().filter_map(|part| match part {
        PathPart::Label { member, .. } => Some(*member),
        PathPart::Literal(_) | PathPart::InEndpoint(_) => None,
    });
    labels.take_while(|member| *member != index).count()
}

/// What the client says of a payload whose type is not set.
fn default_content_type(members: &[Member]) -> Option<&'static str> {
    let payload = members.iter().find(|member| member.location == Location::Payload);
    match payload.map(|member| &member.ty) {
        Some(Type::Blob) => Some("application/octet-stream"),
        Some(Type::String | Type::Enum(_)) => Some("text/plain"),
        Some(_) => Some("application/json"),
        None => members.iter().any(codec::is_in_body).then_some("application/json"),
    }
}

/// The response of an output.
fn write(members: &[Member], status: u16, name: &Name<'_>, scope: &Scope) -> TokenStream {
    let fake = scope.fake();
    let (response, response_body) = (scope.response(), scope.response_body());
    let this = quote!(self);
    let members_written = members.iter().filter_map(|member| write_member(member, &this, scope));
    let statements: Vec<TokenStream> = members_written.collect();
    let body = write_payload(members, scope);
    let mutable = (!members.is_empty()).then(|| quote!(mut));
    quote! {
        impl #fake::FakeOutput for #name {
            fn write(self) -> Result<#response<#response_body>, String> {
                let #mutable response = #fake::ResponseWriter::new(#status);
                #(#statements;)*
                #body
                Ok(response.finish(&self.response_metadata))
            }
        }
    }
}

/// Writes a member that is not the payload, out of the field of `owner`.
pub(super) fn write_member(member: &Member, owner: &TokenStream, scope: &Scope) -> Option<TokenStream> {
    let (name, field) = (&member.name, ident(&member.field));
    Some(match &member.location {
        Location::Header(header) => {
            let constant = header_name::constant(header);
            let (header_name, timestamp, json) = (scope.header_name(), scope.timestamp(), scope.request_json());
            let value = match timestamp_wrapper(&member.ty, TimestampFormat::HttpDate) {
                Some(wrapper) => quote!(#timestamp::#wrapper(&#owner.#field)),
                None if member.ty == Type::JsonText => quote!(#json(#owner.#field)),
                None => quote!(#owner.#field),
            };
            quote!(response.header(#header_name::#constant, #name, #value)?)
        }
        Location::PrefixHeaders(prefix) => quote!(response.prefix_headers(#prefix, #name, #owner.#field)?),
        Location::StatusCode => quote!(response.status(#name, #owner.#field)?),
        _ => {
            let (name, value) = codec::json_member(member, owner, scope)?;
            quote!(response.member(#name, &#value))
        }
    })
}

/// Writes the payload, if there is one.
fn write_payload(members: &[Member], scope: &Scope) -> Option<TokenStream> {
    let member = members.iter().find(|member| member.location == Location::Payload)?;
    let field = ident(&member.field);
    let content_type = |text| content_type(members, text);
    Some(match &member.ty {
        Type::EventStream(_) => {
            quote!(response.stream(self.#field.into_response_body(), Some("application/vnd.amazon.eventstream"));)
        }
        Type::Blob => {
            let content_type = content_type("application/octet-stream");
            quote!(response.stream(self.#field.into_response_body(), #content_type);)
        }
        Type::String | Type::Enum(_) => {
            let content_type = content_type("text/plain");
            quote!(response.payload(self.#field, #content_type);)
        }
        _ => {
            let (fake, content_type) = (scope.fake(), content_type("application/json"));
            quote!(response.json(#fake::to_json(&self.#field), #content_type);)
        }
    })
}

/// The type of a payload, unless there is a member for it.
fn content_type(members: &[Member], text: &str) -> TokenStream {
    match members
        .iter()
        .any(|member| member.location == Location::Header("content-type".to_owned()))
    {
        true => quote!(None),
        false => quote!(Some(#text)),
    }
}

/// Makes an output of its payload alone.
fn payload(operation: &Operation, scope: &Scope) -> Option<TokenStream> {
    let member = operation.output.iter().find(|member| member.is_stream())?;
    let output = scope.operation_type(operation, "Output");
    let field = ident(&member.field);
    let Type::EventStream(name) = &member.ty else {
        let (into, payload) = (scope.trait_into(), scope.member(member, Holder::Output));
        return Some(quote! {
            impl #output {
                /// An output with this payload, and nothing else. It needs the feature `test-util`.
                pub fn of(payload: impl #into<#payload>) -> Self {
                    Self { #field: payload.into(), ..Self::default() }
                }
            }
        });
    };
    let (fake, input, event) = (
        scope.fake(),
        scope.operation_type(operation, "Input"),
        scope.named(name),
    );
    let stream = scope.event_stream_type();
    let variable = private_name("events", &operation.output);
    Some(quote! {
        impl #output {
            /// An output with these events, and nothing else. It needs the feature `test-util`.
            pub fn of<T: Into<#event>>(events: impl IntoIterator<Item = T>) -> Self {
                Self { #field: #stream::from_events(events), ..Self::default() }
            }
        }

        impl #fake::FakeStream for #input {
            type Event = #event;

            fn output(#variable: #stream<#event>) -> #output {
                #output { #field: #variable, ..#output::default() }
            }
        }
    })
}
