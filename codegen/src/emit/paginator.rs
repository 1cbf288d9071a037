//! What makes an operation one with pages.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::docs::{self, example_setters, ident};
use super::jmespath::{self, Subject};
use super::scope::Scope;
use crate::ir::jmespath::Kind;
use crate::ir::{Operation, Paginator, Service, Token};

/// `Paginated` and `PaginatedItems` of an operation's input.
pub(super) fn emit(operation: &Operation, scope: &Scope) -> Option<TokenStream> {
    let paginator = operation.paginator.as_ref()?;
    let input = format_ident!("{}Input", operation.type_name);
    let output = format_ident!("{}Output", operation.type_name);
    let tokens = paginator.tokens.iter().map(|token| take(operation, token, scope));
    let tokens = quote!(#(#tokens)*);
    let tokens = match &paginator.more_results {
        Some(more) => {
            let more = jmespath::value(more, &Subject::new(quote!(page), scope));
            quote!(if #more { #tokens })
        }
        None => tokens,
    };
    let items = items(paginator, &input, &output, scope);
    let (paginated, next_page) = (scope.paginated(), scope.next_page());
    Some(quote! {
        impl #paginated for #input {
            #[inline]
            fn advance(&mut self, page: &#output) -> #next_page {
                let mut next = #next_page::default();
                #tokens
                next
            }
        }

        #items
    })
}

/// Takes a token from a page.
fn take(operation: &Operation, token: &Token, scope: &Scope) -> TokenStream {
    let member = &operation.input[token.input];
    let field = ident(&member.field);
    let value = jmespath::value(&token.output, &Subject::new(quote!(page), scope));
    let value = match token.output.optional {
        true => value,
        false => quote!(Some(#value)),
    };
    let is_text = token.output.kind == Kind::Text;
    let is_copied = matches!(token.output.kind, Kind::Integer(_) | Kind::Float(_) | Kind::Boolean);
    let value = match is_text || is_copied {
        true => value,
        false => quote!(#value.cloned()),
    };
    let take = match (is_text, member.required) {
        (true, false) => format_ident!("text"),
        (true, true) => format_ident!("required_text"),
        (false, false) => format_ident!("value"),
        (false, true) => format_ident!("required_value"),
    };
    quote!(next.#take(&mut self.#field, #value);)
}

fn items(paginator: &Paginator, input: &Ident, output: &Ident, scope: &Scope) -> Option<TokenStream> {
    let (items, ty) = paginator.items.as_ref()?;
    let (ty, paginated_items) = (scope.value(ty), scope.paginated_items());
    let items = jmespath::take(items, &Subject::new(quote!(page), scope));
    Some(quote! {
        impl #paginated_items for #input {
            type Items = #ty;

            #[inline]
            fn items(page: #output) -> #ty {
                #items
            }
        }
    })
}

/// What the method of a builder says that begins the pages.
pub(super) fn docs(paginator: &Paginator) -> TokenStream {
    let inferred = match paginator.inferred {
        true => {
            "\n\nThat there are pages is inferred from the members of the operation; its description does not say so."
        }
        false => "",
    };
    docs::docs(&format!(
        "Makes the call, and calls again for each further page of the result.{inferred}"
    ))
}

/// The method of a builder that begins the pages.
pub(super) fn paginate(docs: &TokenStream, input: &Ident, bounds: Option<&TokenStream>, scope: &Scope) -> TokenStream {
    let pages = scope.pages();
    quote! {
        #docs
        pub fn paginate(self) -> #pages<#input> #bounds {
            #pages::new(self.caller, self.input)
        }
    }
}

/// The functions of the client that say which operations have pages.
pub(super) fn client_methods(service: &Service) -> TokenStream {
    let operations = service.operations.iter();
    let paginated: Vec<&Operation> = operations.filter(|operation| operation.paginator.is_some()).collect();
    let names = paginated.iter().map(|operation| &operation.name);
    let functions = paginated
        .iter()
        .map(|operation| operation.fn_name.trim_start_matches("r#"));
    let functions = (!paginated.is_empty()).then(|| quote!(|| matches!(operation, #(#functions)|*)));
    let has_pages = match paginated.is_empty() {
        true => "Operations whose results come in pages: this service has none.",
        false => {
            "Operations whose results come in pages, by their names in the description. Their builders have a method\n\
                  `paginate`."
        }
    };
    let docs = docs::docs(has_pages);
    quote! {
        #docs
        pub fn paginated_operations() -> &'static [&'static str] {
            &[#(#names),*]
        }

        /// Whether the results of an operation come in pages, by its name in the description or that of its function.
        pub fn can_paginate(operation: &str) -> bool {
            Self::paginated_operations().contains(&operation) #functions
        }
    }
}

/// A chapter of the crate's documentation, where an operation can be its example.
pub(super) fn guide(service: &Service) -> Option<String> {
    let example = service.operations.iter().find_map(|operation| {
        operation.paginator.as_ref()?.items.as_ref()?;
        let is_deprecated = operation.deprecated.is_some();
        Some((operation, example_setters(service, operation, "    ")?)).filter(|_| !is_deprecated)
    });
    example.map(|(operation, setters)| {
        format!(
            include_str!("docs/guide/pages.md"),
            crate_name = service.package.crate_name,
            call = operation.fn_name,
            setters = setters,
        )
    })
}
