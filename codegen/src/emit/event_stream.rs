//! `src/types/<name>.rs` of a stream of events, and how structures become events.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::builder::private_name;
use super::codec;
use super::docs::{docs, ident};
use super::format::Source;
use super::payload;
use super::scope::Scope;
use crate::ir::{Codec, Event, EventStream, Form, Location, Member, Service, Type, TypeDefinition};

pub(super) fn emit(service: &Service, definition: &TypeDefinition, stream: &EventStream) -> Source {
    let scope = Scope::of([definition.name.as_str()]);
    let name = format_ident!("{}", definition.name);
    let module_docs = format!(" [`{}`].", definition.name);
    let docs = docs(&match definition.docs.trim() {
        "" => format!("An event of `{}`.", definition.shape),
        text => text.to_owned(),
    });
    let variants = stream.events.iter().map(|event| variant(event, &scope));
    let arms = stream.events.iter().map(|event| arm(service, event, &scope));
    let codes = exception_codes(stream);
    let (result, option, event_stream) = (scope.result(), scope.option(), scope.event_stream());
    let (service_type, service_static, error) = (scope.service_type(), scope.service_static(), scope.error());
    let allow_large = (stream.events.len() > 1)
        .then(|| quote!(#[allow(clippy::large_enum_variant, reason = "events are as the description has them")]));
    let payload = payload::of_events(service, &name, stream, &scope);
    let body = quote! {
        #docs
        #allow_large
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// An event that this version of the crate does not know.
            Unknown(#event_stream::UnknownEvent),
        }

        impl #event_stream::Event for #name {
            const SERVICE: &'static #service_type = &#service_static;

            type Error = #error;

            #[inline]
            fn parse(event: &#event_stream::Frame<'_>) -> #result<Self, #event_stream::Malformed> {
                Ok(match event.name() {
                    #(#arms)*
                    _ => Self::Unknown(event.unknown()),
                })
            }

            fn exception_code(member: &str) -> #option<&'static str> {
                #codes
            }
        }

        #payload
    };
    Source::new(quote!(#![doc = #module_docs]), body, scope)
}

fn variant(event: &Event, scope: &Scope) -> TokenStream {
    let docs = docs(&match event.docs.trim() {
        "" => format!("The event `{}`.", event.wire_name),
        text => text.to_owned(),
    });
    let (name, structure) = (format_ident!("{}", event.name), scope.named(&event.structure));
    quote!(#docs #name(#structure),)
}

fn arm(service: &Service, event: &Event, scope: &Scope) -> TokenStream {
    let (name, wire_name) = (format_ident!("{}", event.name), &event.wire_name);
    let definition = service.types.get(&event.structure).map(|definition| &definition.form);
    match definition {
        Some(Form::Structure(members)) if has_parts(members) => {
            let structure = scope.named(&event.structure);
            quote!(#wire_name => Self::#name(#structure::from_event(event)?),)
        }
        _ => {
            let read = codec::value_function(service.protocol.reader());
            quote!(#wire_name => Self::#name(event.#read()?),)
        }
    }
}

fn exception_codes(stream: &EventStream) -> TokenStream {
    if stream.exceptions.is_empty() {
        return quote! {
            let _ = member;
            None
        };
    }
    let arms = stream
        .exceptions
        .iter()
        .map(|(member, code)| quote!(#member => Some(#code),));
    quote! {
        match member {
            #(#arms)*
            _ => None,
        }
    }
}

/// Whether a structure is more than the payload of an event.
pub(super) fn has_parts(members: &[Member]) -> bool {
    members
        .iter()
        .any(|member| matches!(member.location, Location::EventPayload | Location::EventHeader(_)))
}

/// How a structure is made of the parts of an event: headers, and the payload.
pub(super) fn from_event(codec: Codec, definition: &TypeDefinition, members: &[Member], scope: &Scope) -> TokenStream {
    let name = format_ident!("{}", definition.name);
    let (result, event_stream) = (scope.result(), scope.event_stream());
    let event = private_name("event", members);
    let fields = members.iter().map(|member| field(codec, member, &event, scope));
    let read = members.iter().any(codec::is_in_body).then(|| {
        let (variables, read) = (codec::variables(members, scope), read_payload(codec, members, &event));
        quote!(#variables #read?;)
    });
    quote! {
        impl #name {
            #[inline]
            pub(crate) fn from_event(
                #event: &#event_stream::Frame<'_>,
            ) -> #result<Self, #event_stream::Malformed> {
                #read
                Ok(Self { #(#fields)* })
            }
        }
    }
}

/// Reads the members in the payload of an event into the variables that they have: an expression.
pub(super) fn read_payload(codec: Codec, members: &[Member], event: &Ident) -> TokenStream {
    let reader = codec::Reader::beside(codec, members);
    let object = codec::read_members(codec, members, &reader, |variable| quote!(#variable));
    let (source, read) = (&reader.source, codec::function("read", codec));
    quote! {
        #event.#read(|#source| {
            #object
            Ok(())
        })
    }
}

/// A field: a part of an event, or the variable that a member of its payload has been read into.
fn field(codec: Codec, member: &Member, event: &Ident, scope: &Scope) -> TokenStream {
    let (field, zero) = (ident(&member.field), scope.zero());
    let is_blob = member.location == Location::EventPayload && member.ty == Type::Blob;
    if is_blob {
        return match member.required {
            true => quote!(#field: #event.blob(),),
            false => quote!(#field: Some(#event.blob()),),
        };
    }
    let optional = match (&member.location, &member.ty) {
        (Location::EventHeader(name), _) => quote!(#event.header(#name)?),
        (Location::EventPayload, Type::String | Type::Enum(_)) => quote!(#event.text()?),
        // An empty payload is no value, or the zero value.
        (Location::EventPayload, _) => {
            let read = codec::value_function(codec);
            return quote!(#field: #event.#read()?,);
        }
        _ => return quote!(#field,),
    };
    match member.required {
        true => quote!(#field: #optional.unwrap_or_else(#zero::zero),),
        false => quote!(#field: #optional,),
    }
}
