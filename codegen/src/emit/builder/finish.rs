//! What builders do when every required member has been set.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::super::docs::docs;
use super::super::{objects, paginator};
use super::{Builder, Call, angled};
use crate::ir::PresignedPayload;

impl Builder<'_> {
    /// What the builder of a structure does when every required member has been set.
    pub(super) fn finish(&self) -> TokenStream {
        let Self {
            name, target, field, ..
        } = self;
        let (declared, used) = (angled(self.parameters()), angled(self.states(None).into_iter()));
        let bounds = self.bounds();
        quote! {
            impl #declared #name #used {
                /// The finished value.
                pub fn build(self) -> #target #bounds {
                    self.#field
                }
            }
        }
    }

    /// What the builder of an input does when every required member has been set.
    pub(super) fn finish_call(&self, call: &Call) -> TokenStream {
        let Self {
            name: builder,
            target: input,
            scope,
            ..
        } = self;
        let bounds = self.bounds();
        let state = self.has_state().then(|| quote!(S));
        let declared = angled([quote!(C)].into_iter().chain(self.parameters()));
        let used = angled([quote!(C)].into_iter().chain(self.states(None)));
        let (caller_type, call_options, sending) = (scope.caller(), scope.call_options(), scope.sending());
        let makes_calls = scope.makes_calls();
        let any_caller = angled([quote!(C: #makes_calls)].into_iter().chain(state.clone()));
        let any_state = angled([quote!(C)].into_iter().chain(state));
        let send_parameters = angled(self.parameters());
        let send_states = self.states(None).map(|states| quote!(, #states));
        let paginate = call.paginate.as_ref();
        let paginate = paginate.map(|docs| paginator::paginate(docs, input, bounds.as_ref(), scope));
        let wait = call.waits.then(|| self.wait());
        let output = &call.output;
        let presign = self.presign(call, |request| quote!(#sending<#request>));
        let upload = call.location.map(|index| &self.members[index]);
        let upload = upload.map(|member| objects::upload(member, input, None, bounds.as_ref(), scope));
        let inline = self.inline();
        let (awaiting, blocking) = (self.awaiting(call), self.blocking(call));
        quote! {
            impl #declared #builder #used {
                /// Returns the finished input, for [`Client::call`](crate::Client::call) or without a client.
                pub fn build(self) -> #input #bounds {
                    self.input
                }
            }

            impl #any_caller #builder #any_state {
                /// Settings for this call, or for each call of a waiter, in place of the client's.
                pub fn options(self, options: #call_options) -> Self {
                    Self { caller: self.caller.with_options(options), ..self }
                }
            }

            impl #send_parameters #builder<#caller_type #send_states> {
                /// Makes the call.
                ///
                /// # Errors
                ///
                /// See [`Error`].
                #inline
                pub fn send(self) -> #sending<#output> #bounds {
                    self.caller.send(self.input)
                }

                #presign
                #upload
                #paginate
            }

            #awaiting
            #blocking
            #wait
        }
    }

    /// What `await` does with a builder: it makes the call, or the compiler names what is missing. `required.rs` says why so.
    fn awaiting(&self, call: &Call) -> TokenStream {
        let Self {
            name: builder, scope, ..
        } = self;
        let (caller, sending, into_future) = (scope.caller(), scope.sending(), scope.trait_into_future());
        let (result, output, error) = (scope.result(), &call.output, scope.error());
        let set = self.required.iter().map(|_| scope.set());
        let all_set = self.has_state().then(|| quote!(, (#(#set,)*)));
        let incomplete = self.has_state().then(|| self.incomplete(call));
        quote! {
            impl #into_future for #builder<#caller #all_set> {
                type Output = #result<#output, #error>;

                type IntoFuture = #sending<#output>;

                #[inline]
                fn into_future(self) -> #sending<#output> {
                    self.send()
                }
            }

            #incomplete
        }
    }

    /// The future that a builder never is.
    fn incomplete(&self, call: &Call) -> TokenStream {
        let Self {
            name: builder, scope, ..
        } = self;
        let (caller, future) = (scope.caller(), scope.trait_future());
        let (result, output, error) = (scope.result(), &call.output, scope.error());
        let (pin, context, poll, required) = (scope.pin(), scope.context(), scope.poll(), scope.required());
        let (declared, states, bounds) = (angled(self.parameters()), self.states(None), self.bounds());
        let nested = self.parameters().collect::<Vec<_>>().into_iter().rev();
        let nested = nested.fold(quote!(()), |others, state| quote!((#state, #others)));
        quote! {
            #[doc(hidden)]
            impl #declared #future for #builder<#caller, #states> #bounds #nested: #required::builder::Incomplete {
                type Output = #result<#output, #error>;

                fn poll(self: #pin<&mut Self>, _: &mut #context<'_>) -> #poll<Self::Output> {
                    #poll::Pending
                }
            }
        }
    }

    /// What a builder of a blocking client does.
    fn blocking(&self, call: &Call) -> TokenStream {
        let Self {
            name: builder, scope, ..
        } = self;
        let (bounds, output) = (self.bounds(), &call.output);
        let send_parameters = angled(self.parameters());
        let send_states = self.states(None).map(|states| quote!(, #states));
        let (runtime, result, error) = (scope.runtime(), scope.result(), scope.error());
        let inline = self.inline();
        let presign = self.presign(call, |request| quote!(#result<#request, #error>));
        let caller = quote!(#runtime::blocking::Caller);
        let upload = call.location.map(|index| &self.members[index]);
        let upload =
            upload.map(|member| objects::upload(member, &self.target, Some(caller.clone()), bounds.as_ref(), scope));
        quote! {
            #[cfg(feature = "blocking")]
            impl #send_parameters #builder<#caller #send_states> {
                /// Makes the call, and waits for its output.
                ///
                /// # Errors
                ///
                /// See [`Error`]. In an asynchronous function, whose thread it would block, nothing is sent.
                #inline
                pub fn send(self) -> #result<#output, #error> #bounds {
                    self.caller.send(self.input)
                }

                #presign
                #upload
            }
        }
    }

    /// `presign`, where there can be presigned requests.
    fn presign(&self, call: &Call, returned: impl FnOnce(TokenStream) -> TokenStream) -> Option<TokenStream> {
        let (scope, bounds, inline) = (self.scope, self.bounds(), self.inline());
        let (payload, of_payload) = match call.presigned? {
            PresignedPayload::Empty => (quote!(Empty), ""),
            PresignedPayload::Unsigned => (quote!(Unsigned), "\nThe payload is not signed: any may be sent."),
            PresignedPayload::InQuery => (quote!(InQuery), ""),
        };
        let docs = docs(&format!(
            "Presigns the request, so that others can send it without credentials.\n\n\
             It is valid for 1 s to 7 days, and no longer than the credentials that sign it. Headers are\n\
             signed as well: send [`PresignedRequest::headers`] with it.{of_payload}\n\n\
             # Errors\n\n\
             See [`Error`]."
        ));
        let (presigned_payload, duration) = (scope.presigned_payload(), scope.duration());
        let returned = returned(scope.presigned_request().into_token_stream());
        Some(quote! {
            #docs
            #inline
            pub fn presign(self, valid_for: #duration) -> #returned #bounds {
                self.caller.presign(self.input, #presigned_payload::#payload, valid_for)
            }
        })
    }

    /// What keeps this crate from compiling a method of the implementation for finished builders: without required members,
    /// that implementation is not generic.
    fn inline(&self) -> Option<TokenStream> {
        (!self.has_state()).then(|| quote!(#[inline]))
    }

    /// What a builder has in place of `send` where a waiter makes the call.
    fn wait(&self) -> TokenStream {
        let Self {
            name: builder,
            target: input,
            scope,
            ..
        } = self;
        let bounds = self.bounds();
        let parameters = self.parameters();
        let states = self.states(None).map(|states| quote!(, #states));
        let (waiter, waiting) = (scope.waiter(), scope.waiting());
        let (duration, sending, operation) = (scope.duration(), scope.sending(), scope.operation());
        quote! {
            impl<W: #waiter<Operation = #input> #(, #parameters)*> #builder<#waiting<W> #states> {
                /// Calls the operation until the waiter succeeds, for at most `limit`.
                ///
                /// The output is that of the last call. It is `None` if an error means success, such as that something no
                /// longer exists.
                ///
                /// # Errors
                ///
                /// The error of a call that the waiter does not expect; [`Error::is_waiter_failure`] if the waiter can no
                /// longer succeed; [`Error::is_timeout`] after `limit`.
                pub fn wait(self, limit: #duration) -> #sending<Option<<#input as #operation>::Output>> #bounds {
                    self.caller.wait(self.input, limit)
                }
            }
        }
    }
}
