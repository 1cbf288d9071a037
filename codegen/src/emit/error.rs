//! `src/error.rs`: the enum of all errors of the service.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::deprecated;
use super::docs::{self, docs, ident};
use super::error_types::all_members;
use super::format::Source;
use super::header;
use super::scope::Scope;
use crate::ir::{Codec, ErrorMember, ErrorShape, Location, Member, Service, Type};

pub(super) fn emit(service: &Service) -> Source {
    let scope = Scope::default();
    let code = code(service);
    let message = message(service);
    let hides_message = hides_message(service);
    let parse = parse(service, &scope);
    let visit_details = visit_details(service, &scope);
    let errors = scope.types();
    let variants = service.errors.iter().map(|error| {
        let docs = docs(&docs::summary(&error.docs).unwrap_or_else(|| format!("The error `{}`.", error.code)));
        let name = format_ident!("{}", error.type_name);
        quote!(#docs #name(#errors::error::#name),)
    });
    let mut members = service.errors.iter().flat_map(all_members);
    let allow = deprecated::allow(members.any(|member| member.deprecated.is_some()));
    let (fmt, one_line, modeled_error) = (scope.fmt(), scope.one_line(), scope.modeled_error());
    let runtime = scope.runtime();
    let alias_docs = docs(&format!(
        include_str!("docs/error.md"),
        crate_name = service.package.crate_name
    ));
    let items = quote! {
        #alias_docs
        pub type Error = #runtime::CallError<ServiceError>;

        /// An error of the service that its description knows, with all its fields.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(clippy::large_enum_variant, reason = "an error is rare, and is kept behind a pointer")]
        #[non_exhaustive]
        pub enum ServiceError {
            #(#variants)*
        }

        impl ServiceError {
            #code
            #message
            #parse
        }

        impl #modeled_error for ServiceError {
            fn message(&self) -> Option<&str> {
                self.message()
            }

            #hides_message
            #visit_details
        }

        impl #fmt::Display for ServiceError {
            fn fmt(&self, f: &mut #fmt::Formatter<'_>) -> #fmt::Result {
                f.write_str(self.code())?;
                match self.message() {
                    Some(message) => write!(f, ": {}", #one_line(message)),
                    None => Ok(()),
                }
            }
        }

        impl std::error::Error for ServiceError {}
    };
    let head = quote! {
        //! Errors: of calls, and of the service.
        #allow
    };
    Source::new(head, items, scope)
}

fn code(service: &Service) -> TokenStream {
    let arms = service.errors.iter().map(|error| {
        let (name, code) = (format_ident!("{}", error.type_name), &error.code);
        quote!(Self::#name(_) => #code,)
    });
    let body = match_self(service, arms.collect());
    quote! {
        /// The error's code on the wire.
        pub fn code(&self) -> &'static str {
            #body
        }
    }
}

fn message(service: &Service) -> TokenStream {
    let arms = service.errors.iter().map(|error| {
        let name = format_ident!("{}", error.type_name);
        match &error.message {
            Some(message) => {
                let field = ident(&message.field);
                quote!(Self::#name(error) => error.#field.as_deref(),)
            }
            None => quote!(Self::#name(_) => None,),
        }
    });
    let body = match_self(service, arms.collect());
    quote! {
        /// The service's message, if the description has a member for it. [`Error::message`] returns any.
        pub fn message(&self) -> Option<&str> {
            #body
        }
    }
}

/// `ModeledError::hides_message`, if there are such errors.
fn hides_message(service: &Service) -> Option<TokenStream> {
    let hiding = service.errors.iter().filter(|error| error.hides_message);
    let hiding: Vec<_> = hiding.map(|error| format_ident!("{}", error.type_name)).collect();
    (!hiding.is_empty()).then(|| {
        quote! {
            fn hides_message(&self) -> bool {
                matches!(self, #(Self::#hiding(_))|*)
            }
        }
    })
}

/// A match on `self`, even where there is nothing to match.
fn match_self(service: &Service, arms: Vec<TokenStream>) -> TokenStream {
    if service.errors.is_empty() {
        quote!(match *self {})
    } else {
        quote!(match self { #(#arms)* })
    }
}

fn parse(service: &Service, scope: &Scope) -> TokenStream {
    let (types, error_response) = (scope.types(), scope.error_response());
    let arms = service.errors.iter().map(|error| {
        let (name, texts) = (format_ident!("{}", error.type_name), &error.texts);
        let fields = all_members(error).map(|member| {
            let field = ident(&member.field);
            let value = value(service, error, member, scope);
            let or_empty = member.ty.is_collection().then(|| quote!(.unwrap_or_default()));
            quote!(#field: #value #or_empty,)
        });
        quote!(#(#texts)|* => Self::#name(#types::error::#name { #(#fields)* }),)
    });
    let reads = service.errors.iter().any(|error| all_members(error).next().is_some());
    let response = format_ident!("{}", if reads { "response" } else { "_response" });
    let (code, body) = match service.errors.is_empty() {
        true => (quote!(_code), quote!(None)),
        false => (
            quote!(code),
            quote!(let error = match code { #(#arms)* _ => return None }; Some(error)),
        ),
    };
    quote! {
        /// Reads the error with this code; `None` where it is none that the description knows.
        pub(crate) fn parse(#code: &str, #response: &#error_response<'_>) -> Option<Self> {
            #body
        }
    }
}

/// How a member is read from a response.
fn value(service: &Service, error: &ErrorShape, member: &Member, scope: &Scope) -> TokenStream {
    let headers = scope.header();
    match &member.location {
        Location::Header(name) => {
            let constant = header::constant(name);
            match member.ty {
                Type::JsonText => quote!(response.json_header(&#headers::#constant)),
                _ => quote!(response.header(&#headers::#constant)),
            }
        }
        Location::StatusCode => quote!(response.status_code()),
        Location::Body(name)
            if error
                .message
                .as_ref()
                .is_some_and(|message| std::ptr::eq(message, member)) =>
        {
            let name = &name.received;
            quote!(response.message(#name))
        }
        Location::Body(name) => {
            let name = &name.received;
            match (service.protocol.reader(), member.flattened) {
                (Codec::Json, _) => quote!(response.member(#name)),
                (Codec::Cbor, _) => quote!(response.cbor_member(#name)),
                (Codec::Xml | Codec::Form { .. }, false) => quote!(response.xml_member(#name)),
                (Codec::Xml | Codec::Form { .. }, true) => quote!(response.xml_list(#name)),
            }
        }
        Location::PrefixHeaders(prefix) => quote!(response.prefix_headers(#prefix)),
        Location::Uri
        | Location::Query(_)
        | Location::QueryMap
        | Location::Payload
        | Location::EventHeader(_)
        | Location::Attribute(_)
        | Location::EventPayload => {
            unreachable!("lowering refuses these locations in errors")
        }
    }
}

/// Shows what an error tells besides its message.
fn visit_details(service: &Service, scope: &Scope) -> TokenStream {
    let details_type = scope.details();
    let (telling, others): (Vec<_>, Vec<_>) = service.errors.iter().partition(|error| shown(error).next().is_some());
    let details = format_ident!("{}", if telling.is_empty() { "_details" } else { "details" });
    let body = match (telling.as_slice(), others.is_empty()) {
        ([], _) => TokenStream::new(),
        ([error], false) => {
            let (name, visits) = (format_ident!("{}", error.type_name), visits(error));
            quote! {
                let Self::#name(error) = self else { return; };
                #(#visits;)*
            }
        }
        (errors, is_all) => {
            let arms = errors.iter().map(|error| visiting_arm(error));
            let others = (!is_all).then(|| quote!(_ => {}));
            quote!(match self { #(#arms)* #others })
        }
    };
    quote! {
        fn visit_details(&self, #details: &mut #details_type<'_>) {
            #body
        }
    }
}

/// Visits the members of an error that its text shows.
fn visits(error: &ErrorShape) -> Vec<TokenStream> {
    let visits = shown(error).map(|ErrorMember { member, label }| {
        let field = ident(&member.field);
        quote!(details.member(#label, &error.#field))
    });
    visits.collect()
}

fn visiting_arm(error: &ErrorShape) -> TokenStream {
    let name = format_ident!("{}", error.type_name);
    match visits(error).as_slice() {
        [visit] => quote!(Self::#name(error) => #visit,),
        visits => quote!(Self::#name(error) => { #(#visits;)* }),
    }
}

/// The members that the text of an error may show besides the message: short ones.
fn shown(error: &ErrorShape) -> impl Iterator<Item = &ErrorMember> {
    let members = error.members.iter();
    members.filter(|ErrorMember { member, .. }| !member.sensitive && is_short(&member.ty))
}

fn is_short(ty: &Type) -> bool {
    match ty {
        Type::String | Type::JsonText | Type::Enum(_) | Type::Boolean => true,
        Type::Byte | Type::Short | Type::Integer | Type::Long | Type::Float | Type::Double => true,
        Type::Timestamp(_) | Type::Blob | Type::Document | Type::List { .. } | Type::Map { .. } => false,
        Type::Structure(_) | Type::Union(_) | Type::EventStream(_) => false,
    }
}
