//! `src/payload.rs`, and which streams of events are a payload.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::docs::ident;
use super::scope::Scope;
use crate::ir::{EventStream, Form, Member, Service, Type};

/// `src/payload.rs`: what payloads are split into, with the errors of the client.
pub(super) fn emit() -> TokenStream {
    quote! {
        //! Lines, JSON values and events of a payload.
        //!
        //! Each comes from a method of [`ByteStream`](crate::ByteStream).

        use crate::{Error, runtime};

        /// The values of [`json_lines`](runtime::ByteStream::json_lines). It needs the feature `json`, which is on by default.
        #[cfg(feature = "json")]
        pub type JsonLines<T> = runtime::JsonLines<T, Error>;

        /// The lines of [`lines`](runtime::ByteStream::lines).
        pub type Lines = runtime::Lines<Error>;

        /// An event of [`sse`](runtime::ByteStream::sse). See [`runtime::SseEvent`].
        pub type SseEvent = runtime::SseEvent<Error>;

        /// The events of [`sse`](runtime::ByteStream::sse).
        pub type SseStream = runtime::SseStream<Error>;

        /// The pieces of [`text_chunks`](runtime::ByteStream::text_chunks).
        pub type TextChunks = runtime::TextChunks<Error>;
    }
}

/// Makes events a payload, if there is only one kind of them and it is nothing but bytes.
pub(super) fn of_events(service: &Service, name: &Ident, stream: &EventStream, scope: &Scope) -> Option<TokenStream> {
    let (event, member) = part(service, stream)?;
    let (event, field) = (format_ident!("{event}"), ident(&member.field));
    let (event_stream, bytes) = (scope.event_stream(), scope.bytes());
    let payload = match member.required {
        true => quote!(event.#field),
        false => quote!(event.#field.unwrap_or_default()),
    };
    Some(quote! {
        impl #event_stream::PayloadEvent for #name {
            fn into_payload(self) -> #bytes {
                match self {
                    Self::#event(event) => #payload,
                    Self::Unknown(_) => #bytes::new(),
                }
            }
        }
    })
}

/// The only event and its only member, a blob.
pub(super) fn part<'s>(service: &'s Service, stream: &'s EventStream) -> Option<(&'s str, &'s Member)> {
    let [event] = stream.events.as_slice() else {
        return None;
    };
    let Form::Structure(members) = &service.types.get(&event.structure)?.form else {
        return None;
    };
    match members.as_slice() {
        [member] if member.ty == Type::Blob => Some((&event.name, member)),
        _ => None,
    }
}
