//! `src/test/operation/<name>.rs`: an input out of a request, and a response of an output.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::builder::private_name;
use super::super::docs::ident;
use super::super::format::Source;
use super::super::scope::Scope;
use super::super::ty::{Holder, timestamp_wrapper};
use super::super::{codec, deprecated, header};
use super::protocol;
use crate::ir::{Codec, Location, Member, Operation, PathPart, Service, TimestampFormat, Type};

pub(super) fn emit(service: &Service, operation: &Operation) -> Source {
    let scope = Scope::default();
    let module_docs = format!(" `{}`.", operation.name);
    let mut members = operation.input.iter().chain(&operation.output);
    let allow = deprecated::allow(members.any(|member| member.deprecated.is_some()));
    let items = [
        implementation(service, operation, &scope),
        payload(operation, &scope).unwrap_or_default(),
    ];
    Source::new(
        quote!(#![doc = #module_docs] #allow),
        items.into_iter().collect(),
        scope,
    )
}

/// Both directions of the operation.
fn implementation(service: &Service, operation: &Operation, scope: &Scope) -> TokenStream {
    let (fake, service_error) = (scope.fake(), scope.service_error());
    let name = scope.operation_type(operation, "Input");
    let route = protocol::route(service, operation, scope);
    let status = operation.success_status;
    let status = (status != 200).then(|| {
        quote!(
            const STATUS: u16 = #status;
        )
    });
    let (read, write) = (read(service, operation, scope), write(service, operation, scope));
    quote! {
        impl #fake::FakeOperation for #name {
            type ServiceError = #service_error;

            const ROUTE: #fake::Route = #route;

            #status

            #read

            #write
        }
    }
}

/// The input out of a request.
fn read(service: &Service, operation: &Operation, scope: &Scope) -> TokenStream {
    let fake = scope.fake();
    let (members, codec) = (&operation.input, service.protocol.writer());
    let request = match members.is_empty() {
        true => format_ident!("_request"),
        false => private_name("request", members),
    };
    let form = operation.form.then(|| quote!(let #request = &#request.with_form();));
    let reads_body = members.iter().any(codec::is_in_body).then(|| {
        let reader = codec::Reader::beside(codec, members);
        let variables = codec::variables(members, scope);
        let body = codec::read_members(codec, members, &reader, |variable| quote!(#variable));
        let (source, read) = (&reader.source, codec::function("read", codec));
        quote! {
            #variables
            #request.#read(|#source| {
                #body
                Ok(())
            })?;
        }
    });
    let fields = members.iter().enumerate().map(|(index, member)| {
        let field = ident(&member.field);
        match value(codec, operation, index, &request, scope) {
            Some(value) => quote!(#field: #value,),
            None => quote!(#field,),
        }
    });
    quote! {
        fn read(#request: &#fake::ReceivedRequest) -> Result<Self, String> {
            #form
            #reads_body
            Ok(Self { #(#fields)* })
        }
    }
}

/// The value of a member that is not among those of a body.
fn value(codec: Codec, operation: &Operation, index: usize, request: &Ident, scope: &Scope) -> Option<TokenStream> {
    let member = &operation.input[index];
    let (name, headers, fake) = (&member.name, scope.header(), scope.fake());
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
            let constant = header::constant(header);
            match (default_content_type(codec, &operation.input), &member.ty) {
                (Some(default), _) if header == "content-type" => quote!(#request.content_type(#name, #default)?),
                (_, Type::JsonText) => quote!(#request.json_header(#name, &#headers::#constant)?),
                _ => quote!(#request.header(#name, &#headers::#constant)?),
            }
        }
        Location::PrefixHeaders(prefix) => {
            let others = operation.input.iter().filter_map(|member| match &member.location {
                Location::Header(header) => Some(header::constant(header)),
                _ => None,
            });
            quote!(#request.prefix_headers(#prefix, &[#(#headers::#others),*]))
        }
        Location::Payload => match &member.ty {
            Type::Blob => quote!(#request.payload()),
            Type::String | Type::Enum(_) => quote!(#request.text(#name)?),
            Type::Structure(_) if codec == Codec::Json && !member.required => {
                quote!(#request.read_structure(#name)?)
            }
            _ => {
                let read = codec::value_reader(codec);
                quote!(#request.#read(#name)?)
            }
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
        PathPart::Label { member, .. } | PathPart::InEndpoint(member) => Some(*member),
        PathPart::Literal(_) => None,
    });
    labels.take_while(|member| *member != index).count()
}

/// What the client says of a payload whose type is not set.
fn default_content_type(codec: Codec, members: &[Member]) -> Option<&'static str> {
    let document = match codec {
        Codec::Xml => "application/xml",
        _ => "application/json",
    };
    let payload = members.iter().find(|member| member.location == Location::Payload);
    match payload.map(|member| &member.ty) {
        Some(Type::Blob) => Some("application/octet-stream"),
        Some(Type::String | Type::Enum(_)) => Some("text/plain"),
        Some(_) => Some(document),
        None => members.iter().any(codec::is_in_body).then_some(document),
    }
}

/// The response of an output.
fn write(service: &Service, operation: &Operation, scope: &Scope) -> TokenStream {
    let (fake, response_metadata) = (scope.fake(), scope.response_metadata());
    let name = scope.operation_type(operation, "Output");
    let protocol = protocol::ty(service, scope);
    let (members, codec) = (&operation.output, service.protocol.reader());
    let owner = quote!(output);
    let statements = members.iter().filter_map(|member| write_member(member, &owner, scope));
    let statements: Vec<TokenStream> = statements.collect();
    let document = protocol::path(service, operation).map(|path| {
        let fields = codec::write_fields(codec, members, &owner, scope);
        let variable = codec::variable(codec);
        match fields.is_empty() {
            true => quote!(response.document(&[#(#path),*]);),
            false => quote!(let #variable = response.document(&[#(#path),*]); #fields),
        }
    });
    let payload = write_payload(codec, members);
    let is_read = !statements.is_empty() || document.is_some() || payload.is_some();
    let response = format_ident!("{}", if is_read { "response" } else { "_response" });
    quote! {
        fn write(output: #name, #response: &mut #fake::ResponseWriter<#protocol>) -> Result<#response_metadata, String> {
            #(#statements;)*
            #document
            #payload
            Ok(output.response_metadata)
        }
    }
}

/// Writes a member that is in the head of a response, out of the field of `owner`.
pub(super) fn write_member(member: &Member, owner: &TokenStream, scope: &Scope) -> Option<TokenStream> {
    let (name, field) = (&member.name, ident(&member.field));
    Some(match &member.location {
        Location::Header(header) => {
            let constant = header::constant(header);
            let (headers, timestamp, json) = (scope.header(), scope.timestamp(), scope.request_json());
            let value = match timestamp_wrapper(&member.ty, TimestampFormat::HttpDate) {
                Some(wrapper) => quote!(#timestamp::#wrapper(&#owner.#field)),
                None if member.ty == Type::JsonText => quote!(#json(#owner.#field)),
                None => quote!(#owner.#field),
            };
            quote!(response.header(#headers::#constant, #name, #value)?)
        }
        Location::PrefixHeaders(prefix) => quote!(response.prefix_headers(#prefix, #name, #owner.#field)?),
        Location::StatusCode => quote!(response.status(#name, #owner.#field)?),
        _ => return None,
    })
}

/// Writes the payload, if there is one.
fn write_payload(codec: Codec, members: &[Member]) -> Option<TokenStream> {
    let member = members.iter().find(|member| member.location == Location::Payload)?;
    let (name, field) = (&member.name, ident(&member.field));
    let content_type = |text| content_type(members, text);
    Some(match &member.ty {
        Type::EventStream(_) => {
            quote!(response.events(output.#field.into_response_body())?;)
        }
        Type::Blob => {
            let content_type = content_type("application/octet-stream");
            quote!(response.stream(output.#field.into_response_body(), #content_type);)
        }
        Type::String | Type::Enum(_) => {
            let content_type = content_type("text/plain");
            quote!(response.payload(output.#field, #content_type);)
        }
        _ => match codec {
            Codec::Xml => quote!(response.xml_value(#name, &output.#field);),
            _ => {
                let content_type = content_type("application/json");
                quote!(response.json_value(&output.#field, #content_type);)
            }
        },
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
