//! `src/types.rs` and below: the structures of the service.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::docs::{self, ident};
use crate::ir::{ErrorShape, Member, Service, Type};

/// `src/types.rs`.
pub(super) fn emit_modules() -> TokenStream {
    quote! {
        //! The structures of the service.

        pub mod error;
    }
}

/// `src/types/error.rs`: a structure for each error.
pub(super) fn emit_errors(service: &Service) -> TokenStream {
    let paths = Paths::beside(service.errors.iter().map(|error| error.type_name.as_str()));
    let errors = service.errors.iter().map(|error| {
        let docs = docs::docs(&error_docs(error));
        let name = format_ident!("{}", error.type_name);
        let fields: Vec<TokenStream> = all_members(error).map(|member| optional_field(member, paths)).collect();
        let (debug, derive) = debug(&name, &all_members(error).collect::<Vec<_>>(), &[]);
        let derive = derive.map(|derive| quote!(, #derive));
        quote! {
            #docs
            #[derive(Clone #derive, Default, PartialEq)]
            #[non_exhaustive]
            pub struct #name {
                #(#fields)*
            }

            #debug
        }
    });
    let hides = service.errors.iter().flat_map(all_members).any(is_hidden);
    let imports = hides.then(|| {
        quote!(
            use std::fmt;
            use crate::runtime::hidden;
        )
    });
    quote! {
        //! The errors of the service. [`ServiceError`](crate::ServiceError) is one of them.

        #imports
        #(#errors)*
    }
}

/// All members of an error, its message first.
pub(super) fn all_members(error: &ErrorShape) -> impl Iterator<Item = &Member> {
    error
        .message
        .iter()
        .chain(error.members.iter().map(|member| &member.member))
}

fn error_docs(error: &ErrorShape) -> String {
    let mut text = match error.docs.trim() {
        "" => format!("The error `{}`.", error.code),
        docs => docs.to_owned(),
    };
    if let Some(status) = error.status {
        let whose = if error.fault { ", the fault of the service" } else { "" };
        text.push_str(&format!("\n\nHTTP status {status}{whose}."));
    }
    text
}

/// A field that need not be there.
pub(super) fn optional_field(member: &Member, paths: Paths) -> TokenStream {
    let docs = docs::docs(&docs::member(member));
    let field = ident(&member.field);
    let ty = paths.optional(member.ty);
    quote! {
        #docs
        pub #field: #ty,
    }
}

/// How types of the standard library are written: short, or in full where a type of the service has the same name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paths {
    full: bool,
}

impl Paths {
    /// In a module of ours, whose types have other names.
    pub(super) const SHORT: Self = Self { full: false };

    fn beside<'n>(mut names: impl Iterator<Item = &'n str>) -> Self {
        Self {
            full: names.any(|name| matches!(name, "Option" | "String")),
        }
    }

    /// The type of a value.
    pub(super) fn value(self, ty: Type) -> TokenStream {
        match ty {
            Type::String if self.full => quote!(::std::string::String),
            Type::String => quote!(String),
            Type::Integer => quote!(i32),
            Type::Long => quote!(i64),
            Type::Float => quote!(f32),
            Type::Double => quote!(f64),
            Type::Boolean => quote!(bool),
            Type::Blob => quote!(Body),
        }
    }

    /// The type of a value that need not be there.
    pub(super) fn optional(self, ty: Type) -> TokenStream {
        let value = self.value(ty);
        if self.full {
            quote!(::std::option::Option<#value>)
        } else {
            quote!(Option<#value>)
        }
    }
}

/// `Debug` of a structure with these members and these fields of ours: derived where everything may be shown. Returns
/// the implementation and what to derive.
pub(super) fn debug(
    name: &Ident,
    members: &[&Member],
    own_fields: &[&str],
) -> (Option<TokenStream>, Option<TokenStream>) {
    if !members.iter().any(|member| is_hidden(member)) {
        return (None, Some(quote!(Debug)));
    }
    let text = name.to_string();
    let fields = members.iter().map(|member| {
        let field = ident(&member.field);
        let label = member.field.trim_start_matches("r#");
        match is_hidden(member) {
            true if member.required => quote!(.field(#label, &hidden::Hidden)),
            true => quote!(.field(#label, &self.#field.as_ref().map(|_| hidden::Hidden))),
            false => quote!(.field(#label, &self.#field)),
        }
    });
    let own_fields = own_fields.iter().map(|name| {
        let field = ident(name);
        quote!(.field(#name, &self.#field))
    });
    let fields = fields.chain(own_fields);
    let implementation = quote! {
        impl fmt::Debug for #name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(#text) #(#fields)* .finish()
            }
        }
    };
    (Some(implementation), None)
}

/// Whether `Debug` must not show a member. Payloads never show their content anyway.
pub(super) fn is_hidden(member: &Member) -> bool {
    member.sensitive && member.ty != Type::Blob
}
