//! `src/test/event.rs`: frames of events.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::docs::ident;
use super::super::format::Source;
use super::super::scope::Scope;
use super::super::{codec, deprecated, event_stream, payload};
use crate::ir::{Codec, EventStream, Form, Location, Member, Service, Type, TypeDefinition};

pub(super) fn emit(service: &Service) -> Source {
    let scope = Scope::default();
    let items = service.types.values().map(|definition| match &definition.form {
        Form::EventStream(stream) => stream_items(service, definition, stream, &scope),
        Form::Structure(members) if definition.event => {
            event_items(service.protocol.reader(), definition, members, &scope)
        }
        _ => TokenStream::new(),
    });
    let items = items.collect();
    let events = service.types.values().filter(|definition| definition.event);
    let mut members = events.flat_map(|definition| match &definition.form {
        Form::Structure(members) => members.as_slice(),
        _ => &[],
    });
    let allow = deprecated::allow(members.any(|member| member.deprecated.is_some()));
    let head = quote! {
        //! Frames of events.
        #allow
    };
    Source::new(head, items, scope)
}

fn stream_items(service: &Service, definition: &TypeDefinition, stream: &EventStream, scope: &Scope) -> TokenStream {
    let (fake, service_error, name) = (scope.fake(), scope.service_error(), scope.named(&definition.name));
    let arms = stream.events.iter().map(|event| {
        let (variant, wire_name) = (format_ident!("{}", event.name), &event.wire_name);
        quote! {
            Self::#variant(event) => {
                let mut frame = #fake::FrameWriter::event(#wire_name);
                event.write_to(&mut frame);
                frame
            }
        }
    });
    let exceptions = stream
        .exceptions
        .iter()
        .map(|(member, code)| quote!(#code => Some(#member),));
    let exception_member = match stream.exceptions.is_empty() {
        true => quote! {
            let _ = code;
            None
        },
        false => quote!(match code { #(#exceptions)* _ => None }),
    };
    let conversions = conversions(service, definition, stream, scope);
    quote! {
        impl #fake::FakeEvent for #name {
            type ServiceError = #service_error;

            fn write(self) -> #fake::FrameWriter {
                match self {
                    #(#arms)*
                    Self::Unknown(event) => #fake::FrameWriter::unknown(&event),
                }
            }

            fn exception_member(code: &str) -> Option<&'static str> {
                #exception_member
            }
        }

        #conversions
    }
}

/// Makes events of what they carry, if that is all that they are.
fn conversions(
    service: &Service,
    definition: &TypeDefinition,
    stream: &EventStream,
    scope: &Scope,
) -> Option<TokenStream> {
    let (variant, member) = payload::part(service, stream)?;
    let (name, from, bytes) = (scope.named(&definition.name), scope.trait_from(), scope.bytes());
    let structure = scope.named(&stream.events.first()?.structure);
    let (variant, field) = (format_ident!("{variant}"), ident(&member.field));
    let value = match member.required {
        true => quote!(bytes),
        false => quote!(Some(bytes)),
    };
    Some(quote! {
        impl #from<#bytes> for #name {
            fn from(bytes: #bytes) -> Self {
                Self::#variant(#structure { #field: #value })
            }
        }

        impl #from<&str> for #name {
            fn from(text: &str) -> Self {
                #bytes::copy_from_slice(text.as_bytes()).into()
            }
        }

        impl #from<String> for #name {
            fn from(text: String) -> Self {
                #bytes::from(text).into()
            }
        }
    })
}

/// Writes the parts of an event: headers, and the payload.
fn event_items(codec: Codec, definition: &TypeDefinition, members: &[Member], scope: &Scope) -> TokenStream {
    let (fake, module, name) = (scope.fake(), codec::module(codec, scope), scope.named(&definition.name));
    let statements = members.iter().filter_map(|member| {
        let field = ident(&member.field);
        Some(match (&member.location, &member.ty) {
            (Location::EventHeader(header), _) => quote!(frame.header(#header, &self.#field);),
            (Location::EventPayload, Type::Blob | Type::String | Type::Enum(_)) => quote!(frame.payload(self.#field);),
            (Location::EventPayload, _) if member.required => {
                let write = write_value(codec, member, quote!(&self.#field));
                quote!(#write;)
            }
            (Location::EventPayload, _) => {
                let write = write_value(codec, member, quote!(payload));
                quote! {
                    if let Some(payload) = &self.#field {
                        #write;
                    }
                }
            }
            _ => return None,
        })
    });
    let has_document = !event_stream::has_parts(members) || members.iter().any(codec::is_in_body);
    let document = has_document.then(|| {
        let (variable, shape) = (codec::variable(codec), &definition.shape);
        let fields = codec::write_fields(codec, members, &quote!(self), scope);
        let mutable = (!fields.is_empty()).then(|| quote!(mut));
        quote! {
            let #mutable #variable: #module::Writer = #fake::Document::open(&[#shape]);
            #fields
            frame.document(#variable);
        }
    });
    quote! {
        impl #name {
            fn write_to(self, frame: &mut #fake::FrameWriter) {
                #(#statements)*
                #document
            }
        }
    }
}

/// Writes a value that is the payload of an event by itself.
fn write_value(codec: Codec, member: &Member, value: TokenStream) -> TokenStream {
    let (name, write) = (&member.name, codec::value_writer(codec));
    match codec {
        Codec::Json | Codec::Cbor => quote!(frame.#write(#value)),
        Codec::Xml | Codec::Form { .. } => quote!(frame.#write(#name, #value)),
    }
}
