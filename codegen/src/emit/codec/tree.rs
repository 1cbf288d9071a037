//! Objects of named members, as JSON and CBOR have them: code differs in names alone.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Reader;
use crate::emit::docs::ident;
use crate::emit::scope::Scope;
use crate::emit::ty::timestamp_wrapper;
use crate::ir::{Codec, Location, Member, TimestampFormat, Type, Variant};

/// Writes all members that travel in an object, from the fields of `owner`.
pub(super) fn write_fields<'m>(
    codec: Codec,
    members: impl IntoIterator<Item = &'m Member>,
    owner: &TokenStream,
    scope: &Scope,
) -> TokenStream {
    let json = super::variable(codec);
    let members = members.into_iter().filter_map(|member| {
        let Location::Body(name) = &member.location else {
            return None;
        };
        let (field, name) = (ident(&member.field), super::wire_name(codec, name));
        if codec == Codec::Cbor && member.boxed {
            return Some(match member.required {
                true => quote!(#json.member(#name, &*#owner.#field);),
                false => quote! {
                    if let Some(value) = &#owner.#field {
                        #json.member(#name, &**value);
                    }
                },
            });
        }
        let value = value(codec, member, owner, scope);
        Some(quote!(#json.member(#name, &#value);))
    });
    members.collect()
}

/// Writes an object with these members.
pub(super) fn object(codec: Codec, members: TokenStream) -> TokenStream {
    let json = super::variable(codec);
    quote! {
        #json.begin_object();
        #members
        #json.end_object();
    }
}

/// The value of a member as it is written, out of the field of `owner`.
fn value(codec: Codec, member: &Member, owner: &TokenStream, scope: &Scope) -> TokenStream {
    let (field, timestamp) = (ident(&member.field), scope.timestamp());
    match time_wrapper(codec, &member.ty) {
        Some(wrapper) => quote!(#timestamp::#wrapper(&#owner.#field)),
        None => quote!(#owner.#field),
    }
}

/// Reads all members that travel in an object, each into its place.
pub(super) fn read_object(
    codec: Codec,
    members: &[Member],
    reader: &Reader,
    place: impl Fn(Ident) -> TokenStream,
) -> TokenStream {
    let Reader { source: json, name } = reader;
    let arms: Vec<TokenStream> = members
        .iter()
        .filter_map(|member| {
            let Location::Body(wire_name) = &member.location else {
                return None;
            };
            let (place, wire_name) = (place(ident(&member.field)), super::wire_name(codec, wire_name));
            let value = quote!(#json.read::<Option<_>>()?.map(Box::new));
            Some(match (codec == Codec::Cbor && member.boxed, member.required) {
                (false, _) => quote!(#wire_name => #json.fill(&mut #place)?,),
                (true, false) => quote!(#wire_name => #place = #value,),
                (true, true) => quote! {
                    #wire_name => {
                        if let Some(value) = #value {
                            #place = value;
                        }
                    }
                },
            })
        })
        .collect();
    if arms.is_empty() {
        // There may be members that the description does not have yet.
        return quote!(#json.skip()?;);
    }
    quote! {
        #json.begin_object()?;
        while let Some(#name) = #json.next_member()? {
            match &*#name {
                #(#arms)*
                _ => #json.skip()?,
            }
        }
    }
}

/// The form of a time that is not the codec's own. CBOR has one for all.
fn time_wrapper(codec: Codec, ty: &Type) -> Option<Ident> {
    match codec {
        Codec::Cbor => None,
        _ => timestamp_wrapper(ty, TimestampFormat::EpochSeconds),
    }
}

/// Writes a union from `self`: an object with one member.
pub(super) fn write_union(codec: Codec, variants: &[Variant], scope: &Scope) -> TokenStream {
    let (timestamp, json) = (scope.timestamp(), format_ident!("{}", super::name(codec)));
    let arms = variants.iter().map(|variant| {
        let (name, wire_name) = (format_ident!("{}", variant.name), &variant.wire_name);
        let Some(ty) = &variant.ty else {
            return quote!(Self::#name => #json.unit(#wire_name),);
        };
        if codec == Codec::Cbor && variant.boxed {
            return quote!(Self::#name(value) => #json.member(#wire_name, &**value),);
        }
        match time_wrapper(codec, ty) {
            Some(wrapper) => quote!(Self::#name(value) => #json.member(#wire_name, &#timestamp::#wrapper(value)),),
            None => quote!(Self::#name(value) => #json.member(#wire_name, value),),
        }
    });
    // Only JSON keeps what this crate does not know.
    let unknown = match codec {
        Codec::Json => quote!(Self::Unknown(member) => member.write(json),),
        _ => quote!(Self::Unknown(_) => {}),
    };
    quote! {
        #json.begin_object();
        match self {
            #(#arms)*
            #unknown
        }
        #json.end_object();
    }
}

/// Reads a union: the one member that is there.
pub(super) fn read_union(codec: Codec, variants: &[Variant], scope: &Scope) -> TokenStream {
    let (unknown_member, json) = (scope.unknown_member(), format_ident!("{}", super::name(codec)));
    let arms = variants.iter().map(|variant| {
        let (name, wire_name) = (format_ident!("{}", variant.name), &variant.wire_name);
        match &variant.ty {
            Some(_) if codec == Codec::Cbor && variant.boxed => {
                quote!(#wire_name => Self::#name(Box::new(#json.read()?)),)
            }
            Some(_) => quote!(#wire_name => Self::#name(#json.read()?),),
            None => quote! {
                #wire_name => {
                    #json.skip()?;
                    Self::#name
                }
            },
        }
    });
    let unknown = match codec {
        Codec::Json => quote!(other => Self::Unknown(#unknown_member::UnknownMember::read(other, json)?),),
        _ => quote! {
            other => {
                #json.skip()?;
                Self::Unknown(#unknown_member::UnknownMember::named(other))
            }
        },
    };
    quote! {
        #json.union(|#json, name| {
            Ok(match name {
                #(#arms)*
                #unknown
            })
        })
    }
}
