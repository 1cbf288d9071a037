//! The members of JSON objects: how they are written and read.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::builder::private_name;
use super::docs::ident;
use super::scope::Scope;
use super::ty::timestamp_wrapper;
use crate::ir::{Location, Member, TimestampFormat};

/// Writes all members that travel in a JSON object, from `self`.
pub(super) fn write_object<'m>(members: impl IntoIterator<Item = &'m Member>, scope: &Scope) -> TokenStream {
    let timestamp = scope.timestamp();
    let members = members.into_iter().filter_map(|member| {
        let Location::Body(name) = &member.location else {
            return None;
        };
        let field = ident(&member.field);
        let value = match timestamp_wrapper(&member.ty, TimestampFormat::EpochSeconds) {
            Some(wrapper) => quote!(#timestamp::#wrapper(&self.#field)),
            None => quote!(self.#field),
        };
        Some(quote!(json.member(#name, &#value);))
    });
    quote! {
        json.begin_object();
        #(#members)*
        json.end_object();
    }
}

/// Whether a member travels in a JSON object.
pub(super) fn is_in_body(member: &Member) -> bool {
    matches!(member.location, Location::Body(_))
}

/// The variables of code that reads a JSON object.
pub(super) struct Reader {
    pub(super) json: Ident,
    pub(super) name: Ident,
}

impl Reader {
    /// Beside the fields of a value.
    pub(super) fn of_fields() -> Self {
        Self::beside(&[])
    }

    /// Beside variables that are called like the members.
    pub(super) fn beside(members: &[Member]) -> Self {
        Self {
            json: private_name("json", members),
            name: private_name("name", members),
        }
    }
}

/// Declares a variable for each member that travels in a JSON object, with the value of one that is not there.
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

/// Reads all members that travel in a JSON object, each into its place.
pub(super) fn read_object(members: &[Member], reader: &Reader, place: impl Fn(Ident) -> TokenStream) -> TokenStream {
    let Reader { json, name } = reader;
    let arms: Vec<TokenStream> = members
        .iter()
        .filter_map(|member| {
            let Location::Body(wire_name) = &member.location else {
                return None;
            };
            let place = place(ident(&member.field));
            Some(quote!(#wire_name => #json.fill(&mut #place)?,))
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
