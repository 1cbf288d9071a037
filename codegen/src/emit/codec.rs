//! How values are written to bodies and read from them.
//!
//! A service has one codec for requests and one for responses. JSON and CBOR are trees of objects with named members; XML and forms
//! are elements, whose lists and maps need more names than that of the member.

mod elements;
mod tree;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::builder::private_name;
use super::docs::ident;
use super::scope::{Name, Scope};
use crate::ir::{Codec, Location, Member, Name as WireName, Namespace, Variant};

/// The module of the runtime that has the codec.
pub(super) fn module(codec: Codec, scope: &Scope) -> Name<'_> {
    match codec {
        Codec::Json => scope.json(),
        Codec::Cbor => scope.cbor(),
        Codec::Xml => scope.xml(),
        Codec::Form { .. } => scope.form(),
    }
}

/// The module of the runtime that reads the codec. Clients read no forms, only fakes do.
fn reading_module(codec: Codec, scope: &Scope) -> Name<'_> {
    match codec {
        Codec::Form { .. } => scope.received_form(),
        Codec::Json | Codec::Cbor | Codec::Xml => module(codec, scope),
    }
}

/// The variable that a codec writes to.
pub(super) fn variable(codec: Codec) -> Ident {
    format_ident!("{}", name(codec))
}

/// What variables of a codec are called, and the ends of its functions: `read_json`, `to_json`.
fn name(codec: Codec) -> &'static str {
    match codec {
        Codec::Json => "json",
        Codec::Cbor => "cbor",
        Codec::Xml => "xml",
        Codec::Form { .. } => "form",
    }
}

/// A function of the runtime that is there for each codec, such as `read_json`.
pub(super) fn function(verb: &str, codec: Codec) -> Ident {
    format_ident!("{verb}_{}", name(codec))
}

/// The function of the runtime that reads a whole value from an event: `json`, `cbor`, `xml`.
pub(super) fn value_function(codec: Codec) -> Ident {
    format_ident!("{}", name(codec))
}

/// The function of a fake that writes a whole value to an event: `json_value`, `xml_value`.
pub(super) fn value_writer(codec: Codec) -> Ident {
    format_ident!("{}_value", name(codec))
}

/// The function of the runtime that reads a whole body as a value: `read_value`, `read_value_xml`.
pub(super) fn value_reader(codec: Codec) -> Ident {
    match codec {
        Codec::Json => format_ident!("read_value"),
        codec => function("read_value", codec),
    }
}

/// Writes all members that travel in a body, from `self`.
pub(super) fn write_members<'m>(
    codec: Codec,
    members: impl IntoIterator<Item = &'m Member>,
    scope: &Scope,
) -> TokenStream {
    let fields = write_fields(codec, members, &quote!(self), scope);
    match codec {
        Codec::Json | Codec::Cbor => tree::object(codec, fields),
        Codec::Xml | Codec::Form { .. } => fields,
    }
}

/// Writes all members that travel in a body, from the fields of `owner` and without what is around them.
pub(super) fn write_fields<'m>(
    codec: Codec,
    members: impl IntoIterator<Item = &'m Member>,
    owner: &TokenStream,
    scope: &Scope,
) -> TokenStream {
    match codec {
        Codec::Json | Codec::Cbor => tree::write_fields(codec, members, owner, scope),
        Codec::Xml | Codec::Form { .. } => {
            let members: Vec<&Member> = members.into_iter().collect();
            elements::write_members(codec, &members, owner, scope)
        }
    }
}

/// Writes a member that is text, from the field of `owner`: an expression, which all codecs have in common.
pub(super) fn write_text(codec: Codec, member: &Member, owner: &TokenStream) -> Option<TokenStream> {
    let Location::Body(name) = &member.location else {
        return None;
    };
    let (variable, name, field) = (variable(codec), wire_name(codec, name), ident(&member.field));
    Some(quote!(#variable.member(#name, &#owner.#field)))
}

/// The name of a member in a body. Where names differ between requests and responses, only requests are forms.
fn wire_name(codec: Codec, name: &WireName) -> &str {
    match codec {
        Codec::Form { .. } => &name.sent,
        Codec::Json | Codec::Cbor | Codec::Xml => &name.received,
    }
}

/// The implementation of `ToJson` and the like for a structure.
pub(super) fn write_structure(codec: Codec, name: &Ident, members: &[Member], scope: &Scope) -> TokenStream {
    let body = write_members(codec, members, scope);
    write_impl(codec, name, body, None, scope)
}

/// The implementation of `ToJson` and the like for a union.
pub(super) fn write_union(codec: Codec, name: &Ident, variants: &[Variant], scope: &Scope) -> TokenStream {
    let body = match codec {
        Codec::Json | Codec::Cbor => tree::write_union(codec, variants, scope),
        Codec::Xml | Codec::Form { .. } => elements::write_union(codec, variants, scope),
    };
    let is_absent = quote! {
        fn is_absent(&self) -> bool {
            matches!(self, Self::Unknown(member) if member.is_missing())
        }
    };
    write_impl(codec, name, body, Some(is_absent), scope)
}

fn write_impl(
    codec: Codec,
    name: &Ident,
    body: TokenStream,
    is_absent: Option<TokenStream>,
    scope: &Scope,
) -> TokenStream {
    let module = module(codec, scope);
    let (write_trait, write) = match codec {
        Codec::Json => (format_ident!("ToJson"), format_ident!("to_json")),
        Codec::Cbor => (format_ident!("ToCbor"), format_ident!("to_cbor")),
        Codec::Xml => (format_ident!("ToXml"), format_ident!("to_xml")),
        Codec::Form { .. } => (format_ident!("ToForm"), format_ident!("to_form")),
    };
    let writer = match body.is_empty() {
        true => format_ident!("_{}", self::name(codec)),
        false => format_ident!("{}", self::name(codec)),
    };
    quote! {
        impl #module::#write_trait for #name {
            #[inline]
            fn #write(&self, #writer: &mut #module::Writer) {
                #body
            }

            #is_absent
        }
    }
}

/// The implementation of `FromJson` and the like for a structure.
pub(super) fn read_structure(codec: Codec, name: &Ident, members: &[Member], scope: &Scope) -> TokenStream {
    let zero = scope.zero();
    let object = read_members(codec, members, &Reader::of_fields(codec), |field| quote!(value.#field));
    let (value, done) = match members.iter().any(|member| is_read(codec, member)) {
        true => (Some(quote!(let mut value: Self = #zero::zero();)), quote!(value)),
        false => (None, quote!(#zero::zero())),
    };
    let done = match codec {
        Codec::Json | Codec::Cbor => quote!(Ok(#done)),
        Codec::Xml | Codec::Form { .. } => quote!(Ok(Some(#done))),
    };
    read_impl(codec, name, quote!(#value #object #done), scope)
}

/// The implementation of `FromJson` and the like for a union.
pub(super) fn read_union(codec: Codec, name: &Ident, variants: &[Variant], scope: &Scope) -> TokenStream {
    let body = match codec {
        Codec::Json | Codec::Cbor => tree::read_union(codec, variants, scope),
        Codec::Xml | Codec::Form { .. } => elements::read_union(codec, variants, scope),
    };
    read_impl(codec, name, body, scope)
}

fn read_impl(codec: Codec, name: &Ident, body: TokenStream, scope: &Scope) -> TokenStream {
    let (module, result) = (reading_module(codec, scope), scope.result());
    let (reader, option) = (format_ident!("{}", self::name(codec)), scope.option());
    let (read_trait, read, value) = match codec {
        Codec::Json => (format_ident!("FromJson"), format_ident!("from_json"), quote!(Self)),
        Codec::Cbor => (format_ident!("FromCbor"), format_ident!("from_cbor"), quote!(Self)),
        Codec::Xml => (
            format_ident!("FromXml"),
            format_ident!("from_xml"),
            quote!(#option<Self>),
        ),
        Codec::Form { .. } => (
            format_ident!("FromForm"),
            format_ident!("from_form"),
            quote!(#option<Self>),
        ),
    };
    quote! {
        impl #module::#read_trait for #name {
            #[inline]
            fn #read(#reader: &mut #module::Reader<'_>) -> #result<#value, #module::Error> {
                #body
            }
        }
    }
}

/// Declares a namespace on the element that was just begun.
pub(super) fn declare_namespace(namespace: &Namespace) -> TokenStream {
    elements::declare(namespace, &format_ident!("{}", name(Codec::Xml)))
}

/// Whether a member travels in the body, among others.
pub(super) fn is_in_body(member: &Member) -> bool {
    matches!(member.location, Location::Body(_) | Location::Attribute(_))
}

/// Whether a member is read with the body.
fn is_read(codec: Codec, member: &Member) -> bool {
    match member.location {
        Location::Body(_) => true,
        Location::Attribute(_) => codec == Codec::Xml,
        _ => false,
    }
}

/// The variables of code that reads members.
pub(super) struct Reader {
    pub(super) source: Ident,
    name: Ident,
}

impl Reader {
    /// Beside the fields of a value.
    fn of_fields(codec: Codec) -> Self {
        Self::beside(codec, &[])
    }

    /// Beside variables that are called like the members.
    pub(super) fn beside(codec: Codec, members: &[Member]) -> Self {
        Self {
            source: private_name(name(codec), members),
            name: private_name("name", members),
        }
    }
}

/// Declares a variable for each member that travels in the body, with the value of one that is not there.
pub(super) fn variables(members: &[Member], scope: &Scope) -> TokenStream {
    let members = members.iter().filter(|member| is_in_body(member));
    let variables = members.map(|member| {
        let (field, zero) = (ident(&member.field), scope.zero());
        match member.required {
            true => quote!(let mut #field = #zero::zero();),
            false => quote!(let mut #field = None;),
        }
    });
    variables.collect()
}

/// Reads all members that travel in the body, each into its place.
pub(super) fn read_members(
    codec: Codec,
    members: &[Member],
    reader: &Reader,
    place: impl Fn(Ident) -> TokenStream,
) -> TokenStream {
    match codec {
        Codec::Json | Codec::Cbor => tree::read_object(codec, members, reader, place),
        Codec::Xml | Codec::Form { .. } => elements::read_members(codec, members, reader, place),
    }
}
