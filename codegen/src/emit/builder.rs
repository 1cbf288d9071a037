//! Builders of inputs and structures. They hold what they build, and which required members are set is part of their
//! type.

mod finish;
mod setters;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::docs::{self, docs, ident};
use super::paginator;
use super::required::{marker, parameter};
use super::scope::Scope;
use super::structure::zero_fields;
use super::ty::{Holder, has_default};
use crate::ir::{Member, Operation, PresignedPayload, Service, Type};
use crate::naming;

/// A builder.
pub(super) struct Builder<'a> {
    service: &'a Service,
    name: Ident,
    target: Ident,
    /// The field with what it builds.
    field: Ident,
    docs: TokenStream,
    members: &'a [Member],
    /// Those of the members that must be set.
    required: Vec<Required>,
    holder: Holder,
    scope: &'a Scope,
    /// What only the builder of an input has.
    call: Option<Call>,
}

/// A member that must be set.
struct Required {
    field: Ident,
    /// The trait that tells that it has been set.
    marker: Ident,
    /// The type parameter of the builder.
    parameter: Ident,
}

/// How a finished input is sent.
struct Call {
    output: Ident,
    /// What `paginate` says, if the results come in pages.
    paginate: Option<TokenStream>,
    /// Whether waiters make this call.
    waits: bool,
    /// What presigned requests say of the payload, if there can be any.
    presigned: Option<PresignedPayload>,
    /// The member with the address of an input in Amazon S3: an index into the members.
    location: Option<usize>,
}

impl<'a> Builder<'a> {
    /// The builder of an operation's input, which can also send it.
    pub(super) fn of_input(
        service: &'a Service,
        operation: &'a Operation,
        waits: bool,
        docs: TokenStream,
        scope: &'a Scope,
    ) -> Self {
        let members = &operation.input;
        let target = format_ident!("{}Input", operation.type_name);
        Self {
            name: format_ident!("{}Builder", operation.type_name),
            field: format_ident!("input"),
            call: Some(Call {
                output: format_ident!("{}Output", operation.type_name),
                paginate: operation.paginator.as_ref().map(paginator::docs),
                waits,
                presigned: operation.presigned,
                location: operation.locations.as_ref().and_then(|locations| locations.input),
            }),
            ..Self::new(service, target, members, Holder::Input, scope, docs)
        }
    }

    /// The builder of a structure.
    pub(super) fn of_structure(service: &'a Service, name: &Ident, members: &'a [Member], scope: &'a Scope) -> Self {
        let docs = docs(&format!("Builds [`{name}`](crate::types::{name})."));
        Self::new(service, name.clone(), members, Holder::Structure, scope, docs)
    }

    fn new(
        service: &'a Service,
        target: Ident,
        members: &'a [Member],
        holder: Holder,
        scope: &'a Scope,
        docs: TokenStream,
    ) -> Self {
        let required = members.iter().filter(|member| member.required);
        let required = required.map(|member| Required {
            field: ident(&member.field),
            marker: marker(member),
            parameter: type_parameter(member, &target),
        });
        Self {
            service,
            name: format_ident!("{}", naming::builder(&target.to_string())),
            field: format_ident!("value"),
            docs,
            members,
            required: required.collect(),
            holder,
            scope,
            call: None,
            target,
        }
    }

    /// Its name.
    pub(super) fn name(&self) -> String {
        self.name.to_string()
    }

    /// What is said of a member: in full for inputs, which are made by builders, and in short for structures, which are
    /// read as well.
    fn text(&self, member: &Member) -> String {
        match self.holder {
            Holder::Structure => docs::member_in_short(member, &self.target.to_string(), "crate::types::"),
            Holder::Input | Holder::Output => docs::given_member(member),
        }
    }

    /// The structure, its functions and implementations.
    pub(super) fn emit(&self) -> TokenStream {
        let structure = self.structure();
        let new = self.call.as_ref().map(|_| self.new_fn());
        let setters = self.setters();
        let finish = match &self.call {
            Some(call) => self.finish_call(call),
            None => self.finish(),
        };
        // Moved: to quote them would copy every token.
        let parts = [structure, new.unwrap_or_default(), setters, finish];
        parts.into_iter().collect()
    }

    /// The function by which a structure or input begins its builder.
    pub(super) fn begin(&self) -> TokenStream {
        let Self { name, target, .. } = self;
        let (begin, what) = match &self.call {
            Some(_) => (quote!(#name::new(())), "an input"),
            None => (self.begun(None), "a value"),
        };
        let docs = match self.required.is_empty() {
            true => format!(" Begins {what}."),
            false => format!(" Begins {what}. It can be built when every required member has been set."),
        };
        quote! {
            impl #target {
                #[doc = #docs]
                #[inline]
                pub fn builder() -> #name {
                    #begin
                }
            }
        }
    }

    fn structure(&self) -> TokenStream {
        let Self {
            name,
            docs,
            field,
            target,
            scope,
            ..
        } = self;
        let (unset, phantom) = (scope.unset(), scope.phantom_data());
        let all_unset = self.required.iter().map(|_| &unset);
        let state = self.has_state().then(|| quote!(S = (#(#all_unset,)*)));
        let caller = self.call.as_ref().map(|_| quote!(C = ()));
        let parameters = angled(caller.into_iter().chain(state));
        let caller = self.call.as_ref().map(|_| quote!(caller: C,));
        let state = self.has_state().then(|| quote!(state: #phantom<S>,));
        let must_use = match &self.call {
            Some(_) => "a builder sends nothing by itself: call `.send()` or await it",
            None => "a builder does nothing by itself: call `.build()`",
        };
        quote! {
            #docs
            #[must_use = #must_use]
            #[derive(Clone, Debug)]
            pub struct #name #parameters {
                #caller
                #field: #target,
                #state
            }
        }
    }

    /// The function that begins the builder of an input, with or without a client.
    fn new_fn(&self) -> TokenStream {
        let Self { name, .. } = self;
        let begun = self.begun(Some(quote!(caller,)));
        quote! {
            impl<C> #name<C> {
                pub(crate) fn new(caller: C) -> Self {
                    #begun
                }
            }
        }
    }

    /// A builder that nothing has been set of.
    fn begun(&self, caller: Option<TokenStream>) -> TokenStream {
        let Self {
            name,
            target,
            field,
            scope,
            ..
        } = self;
        let (default, phantom) = (scope.trait_default(), scope.phantom_data());
        let value = match (self.holder, self.has_state()) {
            (Holder::Input, true) => {
                let fields = zero_fields(self.members, self.holder, self.service, scope);
                quote!(#target { #fields })
            }
            (_, true) if !self.has_default() => quote!(#target::zero()),
            _ => quote!(#default::default()),
        };
        let state = self.has_state().then(|| quote!(state: #phantom,));
        quote!(#name { #caller #field: #value, #state })
    }

    /// Whether what it builds has a `Default`.
    fn has_default(&self) -> bool {
        let ty = Type::Structure(self.target.to_string());
        has_default(&ty, &self.service.types)
    }

    fn has_state(&self) -> bool {
        !self.required.is_empty()
    }

    /// The parameters of an implementation for any state: their declaration, which is their use as well.
    fn any_state(&self) -> Option<TokenStream> {
        let caller = self.call.as_ref().map(|_| quote!(C));
        let state = self.has_state().then(|| quote!(S));
        angled(caller.into_iter().chain(state))
    }

    /// The state of each required member: all as they are, or with one of them set.
    fn states(&self, set: Option<&Required>) -> Option<TokenStream> {
        let set_type = self.scope.set();
        let states = self.required.iter().map(|member| match set {
            Some(set) if set.field == member.field => set_type.to_token_stream(),
            _ => member.parameter.to_token_stream(),
        });
        self.has_state().then(|| quote!((#(#states,)*)))
    }

    /// The parameters for the states of the required members.
    fn parameters(&self) -> impl Iterator<Item = TokenStream> {
        self.required
            .iter()
            .map(|Required { parameter, .. }| quote!(#parameter))
    }

    /// What must hold for all required members to be set.
    fn bounds(&self) -> Option<TokenStream> {
        let required = self.scope.required();
        let bounds = self
            .required
            .iter()
            .map(|Required { parameter, marker, .. }| quote!(#parameter: #required::#marker,));
        self.has_state().then(|| quote!(where #(#bounds)*))
    }
}

/// The type parameter of a required member. That of the member `Job` of `JobState` cannot have its usual name.
fn type_parameter(member: &Member, target: &Ident) -> Ident {
    let parameter = parameter(member);
    if parameter == *target {
        format_ident!("{parameter}_")
    } else {
        parameter
    }
}

/// Type parameters in their brackets, or nothing.
fn angled(parameters: impl Iterator<Item = TokenStream>) -> Option<TokenStream> {
    let parameters: Vec<TokenStream> = parameters.collect();
    (!parameters.is_empty()).then(|| quote!(<#(#parameters),*>))
}

/// A name of ours beside the members' own, whatever these are.
pub(super) fn private_name(name: &str, members: &[Member]) -> Ident {
    let mut name = name.to_owned();
    while members.iter().any(|member| member.field == name) {
        name.push('_');
    }
    format_ident!("{name}")
}
