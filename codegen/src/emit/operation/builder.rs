//! The builder of an input, which can also send it.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::docs::{self, docs, ident};
use super::super::required::{marker, parameter};
use super::super::types::Paths;
use crate::ir::{Member, Operation, Type};

pub(super) fn emit(operation: &Operation) -> TokenStream {
    let parts = Parts::of(operation);
    let structure = parts.structure(operation);
    let new = parts.new_fn();
    let setters = parts.setters();
    let finish = parts.finish(operation);
    let debug = parts.debug();
    quote! {
        #structure
        #new
        #setters
        #finish
        #debug
    }
}

/// The members of an input as its builder holds them.
struct Parts<'a> {
    builder: Ident,
    input: Ident,
    all: &'a [Member],
    required: Vec<&'a Member>,
    optional_members: Vec<&'a Member>,
    /// The field with the client, or with nothing.
    caller: Ident,
    /// The field with the members that need not be set.
    optional: Ident,
    /// The function that both `build` and `send` end with.
    finish: Ident,
}

impl<'a> Parts<'a> {
    fn of(operation: &'a Operation) -> Self {
        let (required, optional_members) = operation.input.iter().partition(|member| member.required);
        Self {
            caller: private_name("caller", &operation.input),
            optional: private_name("optional", &operation.input),
            finish: private_name("finish", &operation.input),
            builder: format_ident!("{}Builder", operation.type_name),
            input: format_ident!("{}Input", operation.type_name),
            all: &operation.input,
            required,
            optional_members,
        }
    }

    /// The builder, and the structure of its optional members.
    fn structure(&self, operation: &Operation) -> TokenStream {
        let Self {
            builder,
            caller,
            optional,
            ..
        } = self;
        let function = operation.fn_name.trim_start_matches("r#");
        let docs = docs(&format!(
            "Builds the input of [`{}`](crate::Client::{function}).\n\nOne that comes from a client sends it, too.",
            operation.name
        ));
        let parameters = self.required.iter().map(|member| {
            let (parameter, marker) = (parameter(member), marker(member));
            quote!(, #parameter = unset::#marker)
        });
        let fields = self.required.iter().map(|member| {
            let (field, parameter) = (ident(&member.field), parameter(member));
            quote!(#field: #parameter,)
        });
        let optional_field = (!self.optional_members.is_empty()).then(|| quote!(#optional: Optional,));
        let optional_fields = self.optional_members.iter().map(|member| {
            let (field, ty) = (ident(&member.field), Paths::SHORT.optional(member.ty));
            quote!(#field: #ty,)
        });
        let optional_struct = (!self.optional_members.is_empty()).then(|| {
            quote! {
                /// The members that need not be set.
                #[derive(Default)]
                struct Optional {
                    #(#optional_fields)*
                }
            }
        });
        quote! {
            #docs
            #[must_use = "a builder does nothing until it builds or sends"]
            pub struct #builder<C = () #(#parameters)*> {
                #caller: C,
                #(#fields)*
                #optional_field
            }

            #optional_struct
        }
    }

    fn new_fn(&self) -> TokenStream {
        let Self {
            builder,
            caller,
            optional,
            ..
        } = self;
        let fields = self.required.iter().map(|member| {
            let (field, marker) = (ident(&member.field), marker(member));
            quote!(#field: unset::#marker,)
        });
        let optional_field = (!self.optional_members.is_empty()).then(|| quote!(#optional: Optional::default(),));
        quote! {
            impl<C> #builder<C> {
                pub(crate) fn new(#caller: C) -> Self {
                    Self { #caller, #(#fields)* #optional_field }
                }
            }
        }
    }

    fn setters(&self) -> TokenStream {
        let Self { builder, .. } = self;
        let parameters: Vec<_> = self.required.iter().map(|member| parameter(member)).collect();
        let setters = self.all.iter().map(|member| match member.required {
            true => self.required_setter(member),
            false => self.optional_setter(member),
        });
        quote! {
            impl<C #(, #parameters)*> #builder<C #(, #parameters)*> {
                #(#setters)*
            }
        }
    }

    /// Setting a required member changes the type of the builder.
    fn required_setter(&self, member: &Member) -> TokenStream {
        let Self {
            builder,
            caller,
            optional,
            ..
        } = self;
        let docs = docs(&format!("{}\n\nRequired.", docs::member(member)));
        let field = ident(&member.field);
        let ty = Paths::SHORT.value(member.ty);
        let is_this = |other: &Member| std::ptr::eq(other, member);
        let arguments = self.required.iter().map(|other| match is_this(other) {
            true => ty.clone(),
            false => {
                let parameter = parameter(other);
                quote!(#parameter)
            }
        });
        let fields = self.required.iter().map(|other| {
            let field = ident(&other.field);
            if is_this(other) {
                quote!(#field: value.into(),)
            } else {
                quote!(#field: self.#field,)
            }
        });
        let optional_field = (!self.optional_members.is_empty()).then(|| quote!(#optional: self.#optional,));
        quote! {
            #docs
            pub fn #field(self, value: impl Into<#ty>) -> #builder<C #(, #arguments)*> {
                #builder { #caller: self.#caller, #(#fields)* #optional_field }
            }
        }
    }

    /// What a builder does when every required member has been set.
    fn finish(&self, operation: &Operation) -> TokenStream {
        let Self {
            builder,
            input,
            caller,
            optional,
            finish,
            ..
        } = self;
        let output = format_ident!("{}Output", operation.type_name);
        let parameters: Vec<_> = self.required.iter().map(|member| parameter(member)).collect();
        let bounds: Vec<_> = self
            .required
            .iter()
            .map(|member| {
                let (parameter, marker) = (parameter(member), marker(member));
                let ty = Paths::SHORT.value(member.ty);
                quote!(#parameter: required::#marker<#ty>,)
            })
            .collect();
        let bounds = (!bounds.is_empty()).then(|| quote!(where #(#bounds)*));
        let fields = self.all.iter().map(|member| {
            let field = ident(&member.field);
            match member.required {
                true => quote!(#field: self.#field.into(),),
                false => quote!(#field: self.#optional.#field,),
            }
        });
        quote! {
            impl<C #(, #parameters)*> #builder<C #(, #parameters)*> {
                /// The finished input, for [`Client::call`](crate::Client::call) or without a client.
                pub fn build(self) -> #input #bounds {
                    self.#finish().1
                }

                fn #finish(self) -> (C, #input) #bounds {
                    let input = #input { #(#fields)* };
                    (self.#caller, input)
                }
            }

            impl<#(#parameters),*> #builder<Caller #(, #parameters)*> {
                /// Settings for this call alone, in place of the client's.
                pub fn options(self, options: CallOptions) -> Self {
                    Self { #caller: self.#caller.with_options(options), ..self }
                }

                /// Makes the call.
                ///
                /// # Errors
                ///
                /// See [`Error`].
                pub fn send(self) -> Sending<#output> #bounds {
                    let (caller, input) = self.#finish();
                    caller.send(input)
                }
            }
        }
    }

    fn debug(&self) -> TokenStream {
        let Self { builder, .. } = self;
        let parameters: Vec<_> = self.required.iter().map(|member| parameter(member)).collect();
        let text = builder.to_string();
        quote! {
            impl<C #(, #parameters)*> fmt::Debug for #builder<C #(, #parameters)*> {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_struct(#text).finish_non_exhaustive()
                }
            }
        }
    }

    fn optional_setter(&self, member: &Member) -> TokenStream {
        let Self { optional, .. } = self;
        let docs = docs(&docs::member(member));
        let field = ident(&member.field);
        let ty = Paths::SHORT.value(member.ty);
        let value = match member.ty {
            Type::String | Type::Blob => quote!(impl Into<#ty>),
            _ => ty,
        };
        let into = matches!(member.ty, Type::String | Type::Blob).then(|| quote!(.into()));
        quote! {
            #docs
            pub fn #field(mut self, value: #value) -> Self {
                self.#optional.#field = Some(value #into);
                self
            }
        }
    }
}

/// A name of ours beside the members' own, whatever these are.
fn private_name(name: &str, members: &[Member]) -> Ident {
    let mut name = name.to_owned();
    while members.iter().any(|member| member.field == name) {
        name.push('_');
    }
    format_ident!("{name}")
}
