//! `src/types/<name>.rs` of a structure.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::builder::Builder;
use super::debug::debug;
use super::docs::{self, docs, ident};
use super::format::Source;
use super::scope::Scope;
use super::ty::{Holder, allow_complex, has_default};
use super::{codec, deprecated, event_stream};
use crate::ir::{Codec, Member, Service, Type, TypeDefinition};
use crate::naming;

pub(super) fn emit(service: &Service, definition: &TypeDefinition, members: &[Member]) -> Source {
    let builder_name = naming::builder(&definition.name);
    let scope = Scope::of([definition.name.as_str(), &builder_name]);
    let name = format_ident!("{}", definition.name);
    let docs = docs(&match definition.docs.trim() {
        "" => format!("The structure `{}`.", definition.shape),
        text => text.to_owned(),
    });
    let text = if definition.sent {
        docs::given_member
    } else {
        docs::member
    };
    let fields = fields(members, Holder::Structure, &scope, text);
    let all: Vec<&Member> = members.iter().collect();
    let (debug, derive) = debug(&name, &all, &[], definition.sensitive, &scope);
    let derive_debug = derive.map(|derive| quote!(, #derive));
    let is_plain = members.iter().all(|member| !member.required);
    let derives_default = is_plain || (definition.received && can_derive_default(members, service));
    let derive_default = derives_default.then(|| quote!(, Default));
    let head = head(definition, members);
    let builder = definition.sent.then(|| {
        let builder = Builder::of_structure(service, &name, members, &scope);
        [builder.begin(), builder.emit()]
    });
    let write = definition
        .sent
        .then(|| codec::write_structure(service.protocol.writer(), &name, members, &scope));
    let is_in_body = members.is_empty() || members.iter().any(codec::is_in_body);
    let reader = service.protocol.reader();
    let read = (definition.received && is_in_body).then(|| read(reader, definition, members, &scope, derives_default));
    let from_event = (definition.event && event_stream::has_parts(members))
        .then(|| event_stream::from_event(reader, definition, members, &scope));
    let default = (definition.received && !derives_default).then(|| {
        let default = scope.trait_default();
        let zero = match is_in_body {
            true => {
                let zero = scope.zero();
                quote!(#zero::zero())
            }
            false => zero(members, false, &scope),
        };
        quote! {
            impl #default for #name {
                #[inline]
                fn default() -> Self {
                    #zero
                }
            }
        }
    });
    let zero = (!definition.received && !derives_default).then(|| sent_zero(&name, members, service, &scope));
    let structure = quote! {
        #docs
        #[derive(Clone #derive_debug #derive_default, PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #fields
        }

        #default
        #zero
        #debug
    };
    // Moved: to quote them would copy every token.
    let rest = [write, read, from_event].into_iter().flatten();
    let items = [structure].into_iter().chain(builder.into_iter().flatten()).chain(rest);
    Source::new(head, items.collect(), scope)
}

/// The fields of a structure: those of required members are plain, others optional.
pub(super) fn fields(
    members: &[Member],
    holder: Holder,
    scope: &Scope,
    text: impl Fn(&Member) -> String,
) -> TokenStream {
    members
        .iter()
        .map(|member| {
            let docs = docs(&text(member));
            let (alias, deprecated) = (alias(member), deprecated::attribute(member.deprecated.as_deref()));
            let field = ident(&member.field);
            let allow = allow_complex(&member.ty);
            let ty = match is_plain(member, holder) {
                true => scope.member(member, holder),
                false => scope.optional(member, holder),
            };
            quote! {
                #docs
                #alias
                #deprecated
                #allow
                pub #field: #ty,
            }
        })
        .collect()
}

/// The name of the description, where the field hides it from whoever searches for it.
pub(super) fn alias(member: &Member) -> Option<TokenStream> {
    let name = &member.name;
    naming::hides(&member.field, name).then(|| quote!(#[doc(alias = #name)]))
}

/// Whether the field of a member always has a value. A stream does: it may be an empty one.
pub(super) fn is_plain(member: &Member, holder: Holder) -> bool {
    member.required || (holder == Holder::Output && member.is_stream())
}

fn head(definition: &TypeDefinition, members: &[Member]) -> TokenStream {
    let doc = format!(" [`{}`].", definition.name);
    let allow = deprecated::allow(members.iter().any(|member| member.deprecated.is_some()));
    quote!(#![doc = #doc] #allow)
}

/// How a structure is read, and what stands for one that is missing.
pub(super) fn read(
    codec: Codec,
    definition: &TypeDefinition,
    members: &[Member],
    scope: &Scope,
    has_default: bool,
) -> TokenStream {
    let (name, zero_trait) = (format_ident!("{}", definition.name), scope.zero());
    let read = codec::read_structure(codec, &name, members, scope);
    let zero = zero(members, has_default, scope);
    quote! {
        #read

        impl #zero_trait for #name {
            #[inline]
            fn zero() -> Self {
                #zero
            }
        }
    }
}

/// The structure without any member that is not required.
fn zero(members: &[Member], has_default: bool, scope: &Scope) -> TokenStream {
    if has_default {
        return quote!(Self::default());
    }
    let fields = members
        .iter()
        .map(|member| zero_field(member, is_plain(member, Holder::Structure), scope));
    quote!(Self { #(#fields)* })
}

/// A field of a structure that nothing is known of.
pub(super) fn zero_field(member: &Member, is_plain: bool, scope: &Scope) -> TokenStream {
    let (field, zero) = (ident(&member.field), scope.zero());
    if is_plain {
        quote!(#field: #zero::zero(),)
    } else {
        quote!(#field: None,)
    }
}

/// What the builder of a structure begins with that is only sent and has required members.
fn sent_zero(name: &Ident, members: &[Member], service: &Service, scope: &Scope) -> TokenStream {
    let fields = zero_fields(members, Holder::Structure, service, scope);
    quote! {
        impl #name {
            /// Without any member.
            #[inline]
            pub(crate) fn zero() -> Self {
                Self { #fields }
            }
        }
    }
}

/// The fields of what a builder begins with.
pub(super) fn zero_fields(members: &[Member], holder: Holder, service: &Service, scope: &Scope) -> TokenStream {
    let fields = members.iter().map(|member| {
        let field = ident(&member.field);
        match is_plain(member, holder) {
            true => {
                let zero = zero_value(member, service, scope);
                quote!(#field: #zero,)
            }
            false => quote!(#field: None,),
        }
    });
    fields.collect()
}

/// A value that the caller has yet to give.
fn zero_value(member: &Member, service: &Service, scope: &Scope) -> TokenStream {
    let (default, zero, unknown_member, boxed) = (
        scope.trait_default(),
        scope.zero(),
        scope.unknown_member(),
        scope.boxed(),
    );
    if has_default(&member.ty, &service.types) {
        return quote!(#default::default());
    }
    let is_received = |name: &str| service.types.get(name).is_some_and(|definition| definition.received);
    let zero = match &member.ty {
        Type::Structure(name) => {
            let name = scope.named(name);
            quote!(#name::zero())
        }
        Type::Union(name) if !is_received(name) => {
            let name = scope.named(name);
            quote!(#name::Unknown(#unknown_member::UnknownMember::missing()))
        }
        _ => return quote!(#zero::zero()),
    };
    match member.boxed {
        true => quote!(#boxed::new(#zero)),
        false => zero,
    }
}

/// Whether all fields have a `Default`.
pub(super) fn can_derive_default(members: &[Member], service: &Service) -> bool {
    members
        .iter()
        .all(|member| !member.required || has_default(&member.ty, &service.types))
}
