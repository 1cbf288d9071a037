//! What the caller gets.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::builder::private_name;
use super::super::debug::debug;
use super::super::docs::{self, ident};
use super::super::scope::Scope;
use super::super::structure::{can_derive_default, fields, is_plain, zero_field};
use super::super::ty::{Holder, has_default};
use super::super::{codec, event_stream, header, objects};
use super::structure_docs;
use crate::ir::{Location, Member, Operation, Protocol, Service, Type};

/// The structure.
pub(super) fn emit(service: &Service, operation: &Operation, scope: &Scope) -> TokenStream {
    let docs = structure_docs("The output of", operation, &after_name(operation));
    let name = format_ident!("{}Output", operation.type_name);
    let fields = fields(&operation.output, Holder::Output, scope, docs::member);
    let members: Vec<&Member> = operation.output.iter().collect();
    let (debug, derive_debug) = debug(&name, &members, &["response_metadata"], false, scope);
    let derived_default = can_derive_default(&operation.output, service);
    let default = (!derived_default).then(|| default(operation, scope));
    let derive_default = derived_default.then(|| quote!(Default));
    // A stream can be read only once.
    let is_stream = operation.output.iter().any(Member::is_stream);
    let (clone, partial_eq) = match is_stream {
        true => (None, None),
        false => (Some(quote!(Clone)), Some(quote!(PartialEq))),
    };
    let derives = [clone, derive_debug, derive_default, partial_eq];
    let derives: Vec<TokenStream> = derives.into_iter().flatten().collect();
    let derive = (!derives.is_empty()).then(|| quote!(#[derive(#(#derives),*)]));
    let (response_metadata, runtime) = (scope.response_metadata(), scope.runtime());
    let result = objects::result(operation, scope);
    quote! {
        #docs
        #derive
        #[non_exhaustive]
        pub struct #name {
            #fields
            /// The response apart from its members: status, headers, request id, attempts.
            pub response_metadata: #response_metadata,
        }

        #default
        #debug

        impl #runtime::OperationOutput for #name {
            fn response_metadata(&self) -> &#response_metadata {
                &self.response_metadata
            }
        }
        #result
    }
}

/// What the documentation of an output says of it, after the name of the operation.
fn after_name(operation: &Operation) -> String {
    let mut text = match operation.success_status {
        200 => ".".to_owned(),
        status => format!(", which comes with HTTP status {status}."),
    };
    let stream = operation.output.iter().find(|member| member.is_stream());
    if let Some(stream) = stream.filter(|_| operation.has_initial_response()) {
        let name = |member: &Member| member.field.trim_start_matches("r#").to_owned();
        let otherwise = match promised(&operation.output) {
            Some(member) => format!("the call fails, because `{}` is required", name(member)),
            None => "they are absent".to_owned(),
        };
        text.push_str(&format!(
            "\n\nThe members beside [`{field}`](Self::{field}) come in the first event of the stream, for which the call \
             waits. An\nerror that the service sends instead is the error of the call. \
             If another event comes first,\n{otherwise}.",
            field = name(stream),
        ));
    }
    text
}

/// The member that makes the first event of a stream required. A list that does not come is an empty one, even where
/// the service promises it.
fn promised(output: &[Member]) -> Option<&Member> {
    let is_promised = |member: &&Member| codec::is_in_body(member) && member.required && !member.ty.is_collection();
    output.iter().find(is_promised)
}

/// `Default` where not all members have one.
fn default(operation: &Operation, scope: &Scope) -> TokenStream {
    let response_metadata = scope.response_metadata();
    let name = format_ident!("{}Output", operation.type_name);
    let fields = operation.output.iter().map(|member| match member.is_stream() {
        true => {
            let field = ident(&member.field);
            quote!(#field: Default::default(),)
        }
        false => zero_field(member, is_plain(member, Holder::Output), scope),
    });
    quote! {
        impl Default for #name {
            #[inline]
            fn default() -> Self {
                Self {
                    #(#fields)*
                    response_metadata: #response_metadata::default(),
                }
            }
        }
    }
}

/// `Operation::parse_response`.
pub(super) fn parse_response(service: &Service, operation: &Operation, scope: &Scope) -> TokenStream {
    let output = &operation.output;
    let payload = output.iter().find(|member| member.location == Location::Payload);
    let stream = payload.filter(|payload| payload.is_stream());
    let reads_members = output.iter().any(codec::is_in_body);
    // The members that are in variables of their names.
    let variables = if stream.is_some() || reads_members {
        output
    } else {
        &[][..]
    };
    let parser = Parser {
        service,
        scope,
        output,
        wrapper: operation.result_wrapper.as_deref(),
        unwrapped: operation.unwrapped,
        validates: operation.validates,
        name: format_ident!("{}Output", operation.type_name),
        response: private_name("response", variables),
        body: private_name("body", variables),
    };
    let statements = match (stream, payload) {
        (Some(stream), _) if operation.has_initial_response() => parser.initial_response(stream),
        (Some(stream), _) => parser.stream(stream),
        (None, Some(_)) => parser.whole_payload(),
        (None, None) if reads_members => parser.members(),
        (None, None) => parser.head(),
    };
    let name = &parser.name;
    let (response, response_body, runtime) = (scope.response(), scope.response_body(), scope.runtime());
    quote! {
        async fn parse_response(response: #response<#response_body>) -> Result<#name, #runtime::Error> {
            #statements
        }
    }
}

/// Reads an output. It is made as a whole in the end, when each of its members is known.
struct Parser<'a> {
    service: &'a Service,
    scope: &'a Scope,
    output: &'a [Member],
    /// The element around the members.
    wrapper: Option<&'a str>,
    /// Whether the root is the one member itself.
    unwrapped: bool,
    /// Whether a streamed body is checked by its checksum.
    validates: bool,
    name: Ident,
    /// The variables that are no members.
    response: Ident,
    body: Ident,
}

impl Parser<'_> {
    /// All members are in the head.
    fn head(&self) -> TokenStream {
        let check = self.check();
        let finished = self.finished();
        let Self { response, body, .. } = self;
        match self.service.protocol {
            // The identifier of the request may be in the body alone.
            Protocol::Query | Protocol::Ec2 => quote! {
                let mut #check;
                let #body = #response.read_body().await?;
                #response.take_request_id(&#body);
                #finished
            },
            _ => quote! {
                let mut #check;
                #response.skip_body().await?;
                #finished
            },
        }
    }

    /// One member is the body, and is read as a whole.
    fn whole_payload(&self) -> TokenStream {
        let Self { response, body, .. } = self;
        let check = self.check();
        let finished = self.finished();
        quote! {
            let mut #check;
            let #body = #response.read_body().await?;
            #finished
        }
    }

    /// The body has members.
    fn members(&self) -> TokenStream {
        let Self {
            response, body, output, ..
        } = self;
        let check = self.check();
        let codec = self.service.protocol.reader();
        let reader = codec::Reader::beside(codec, output);
        let variables = codec::variables(output, self.scope);
        let members = codec::read_members(codec, output, &reader, |variable| quote!(#variable));
        let (source, read) = (&reader.source, codec::function("read", codec));
        let (read, wrapper) = match self.wrapper {
            Some(_) => (format_ident!("read_result"), self.wrapper),
            None if self.service.protocol == Protocol::Ec2 => (format_ident!("read_root"), None),
            None if self.unwrapped => (format_ident!("read_document"), None),
            None => (read, None),
        };
        let wrapper = wrapper.iter();
        let finished = self.finished();
        quote! {
            let mut #check;
            let #body = #response.read_body().await?;
            #variables
            #response.#read(#(#wrapper,)* &#body, |#source| {
                #members
                Ok(())
            })?;
            #finished
        }
    }

    /// One member is the body, and is read by the caller.
    fn stream(&self, payload: &Member) -> TokenStream {
        let Self { response, name, .. } = self;
        let check = self.check();
        let payload_field = ident(&payload.field);
        let head = self.output.iter().filter_map(|member| {
            let (field, value) = (ident(&member.field), self.in_head(member)?);
            Some(quote!(let #field = #value;))
        });
        let take = match payload.ty {
            Type::EventStream(_) => quote!(into_events().await?),
            _ if self.validates => quote!(into_checked_body()?),
            _ => quote!(into_body()?),
        };
        let fields = self.output.iter().map(|member| ident(&member.field));
        let can_fail = |member: &Member| matches!(member.location, Location::Header(_)) && !member.lenient;
        let mutable = self.output.iter().any(can_fail).then(|| quote!(mut));
        quote! {
            let #mutable #check;
            #(#head)*
            let (#payload_field, response_metadata) = #response.#take;
            Ok(#name { #(#fields,)* response_metadata })
        }
    }

    /// One member is a stream, whose first event has the others.
    fn initial_response(&self, stream: &Member) -> TokenStream {
        let Self {
            response, name, output, ..
        } = self;
        let check = self.check();
        let (stream, event) = (ident(&stream.field), private_name("event", output));
        let variables = codec::variables(output, self.scope);
        let read = event_stream::read_payload(self.service.protocol.reader(), output, &event);
        let required = match promised(output) {
            Some(Member { name, .. }) => quote!(Some(#name)),
            None => quote!(None),
        };
        let fields = output.iter().map(|member| ident(&member.field));
        quote! {
            let #check;
            let (mut #stream, response_metadata) = #response.into_events().await?;
            #variables
            #stream.initial_response(#required, |#event| #read).await?;
            Ok(#name { #(#fields,)* response_metadata })
        }
    }

    /// The response, or its error.
    fn check(&self) -> TokenStream {
        let (response, success) = (&self.response, self.scope.success());
        quote!(#response = #success::check::<Self>(response).await?)
    }

    /// The output, when everything but its head and payload is in variables.
    fn finished(&self) -> TokenStream {
        let Self { response, name, .. } = self;
        let fields = self.output.iter().map(|member| {
            let field = ident(&member.field);
            match self.in_head(member).or_else(|| self.payload(member)) {
                Some(value) => quote!(#field: #value,),
                None => quote!(#field,),
            }
        });
        quote!(Ok(#name { #(#fields)* response_metadata: #response.finish()? }))
    }

    /// The value of a payload that is read as a whole. An empty one is no value.
    fn payload(&self, member: &Member) -> Option<TokenStream> {
        if member.location != Location::Payload {
            return None;
        }
        let Self { response, body, .. } = self;
        let value = match member.ty {
            Type::String | Type::Enum(_) => quote!(#response.read_text(&#body)?),
            _ => {
                let read = codec::value_reader(self.service.protocol.reader());
                quote!(#response.#read(&#body)?)
            }
        };
        Some(self.required(member, value))
    }

    /// The value of a member that is not in the body.
    fn in_head(&self, member: &Member) -> Option<TokenStream> {
        let Self { response, scope, .. } = self;
        let headers = scope.header();
        Some(match &member.location {
            Location::Header(name) => {
                let constant = header::constant(name);
                let value = match member.ty {
                    _ if member.lenient => quote!(#response.lenient_header(&#headers::#constant)),
                    Type::JsonText => quote!(#response.json_header(&#headers::#constant)),
                    _ => quote!(#response.header(&#headers::#constant)),
                };
                self.required(member, value)
            }
            Location::PrefixHeaders(prefix) => self.required(member, quote!(#response.prefix_headers(#prefix))),
            Location::StatusCode if member.required => quote!(#response.status_code()),
            Location::StatusCode => quote!(Some(#response.status_code())),
            Location::Uri | Location::Query(_) | Location::QueryMap | Location::EventHeader(_) => return None,
            Location::Payload | Location::EventPayload | Location::Body(_) | Location::Attribute(_) => return None,
        })
    }

    /// The value of a field, of what need not be there.
    fn required(&self, member: &Member, optional: TokenStream) -> TokenStream {
        let zero = self.scope.zero();
        match (member.required, has_default(&member.ty, &self.service.types)) {
            (false, _) => optional,
            (true, true) => quote!(#optional.unwrap_or_default()),
            (true, false) => quote!(#optional.unwrap_or_else(#zero::zero)),
        }
    }
}
