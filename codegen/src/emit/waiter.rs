//! `src/waiter.rs`: what can be waited for; and the functions of the client that do so.

mod words;

use proc_macro2::{Ident, Literal as TokenLiteral, TokenStream, TokenTree};
use quote::{format_ident, quote};

use self::words::{method_docs, suggested_seconds, type_docs};
use super::deprecated;
use super::docs::{docs, example_setters};
use super::format::Source;
use super::jmespath::{self, Subject};
use super::scope::Scope;
use crate::ir::jmespath::{Expression, Literal};
use crate::ir::{Acceptor, Form, Matcher, Member, Operation, Service, Waiter, WaiterState};

/// Whether a waiter calls an operation.
pub(super) fn calls(service: &Service, operation: &Operation) -> bool {
    let mut called = service
        .waiters
        .iter()
        .map(|waiter| &service.operations[waiter.operation]);
    called.any(|called| called.name == operation.name)
}

/// The file.
pub(super) fn emit(service: &Service) -> Source {
    let allow = deprecated::allow(has_deprecated_outputs(service));
    // What is exported is there, and so are the waiters.
    let waiters = service.waiters.iter().map(|waiter| waiter.type_name.as_str());
    let scope = Scope::of(["Verdict", "Waiter", "Waiting"].into_iter().chain(waiters));
    let waiters = service
        .waiters
        .iter()
        .map(|waiter| emit_waiter(service, waiter, &scope));
    let items = quote! {
        pub use crate::runtime::{Verdict, Waiter, Waiting};

        #(#waiters)*
    };
    let head = quote! {
        //! What can be waited for. [`Client::waiter_names`](crate::Client::waiter_names) lists it.
        #allow
    };
    Source::new(head, items, scope)
}

fn has_deprecated_outputs(service: &Service) -> bool {
    let is_deprecated = |member: &Member| member.deprecated.is_some();
    let outputs = service.operations.iter().flat_map(|operation| &operation.output);
    let structures = service.types.values().flat_map(|definition| match &definition.form {
        Form::Structure(members) => members.as_slice(),
        _ => &[],
    });
    outputs.chain(structures).any(is_deprecated)
}

fn emit_waiter(service: &Service, waiter: &Waiter, scope: &Scope) -> TokenStream {
    let operation = &service.operations[waiter.operation];
    let docs = docs(&type_docs(waiter, operation));
    let (name, wire_name) = (format_ident!("{}", waiter.type_name), &waiter.name);
    let (input, duration) = (scope.operation_type(operation, "Input"), scope.duration());
    let sealed = scope.sealed();
    let delay = TokenLiteral::u64_unsuffixed(waiter.delay.as_secs());
    let label = waiter
        .state
        .as_ref()
        .map(|(label, _)| quote!(const STATE: &'static str = #label;));
    let judges = judges(waiter, operation, scope);
    let state = state(waiter, operation, scope);
    let reason = reason(waiter, operation, scope);
    quote! {
        #docs
        #[derive(Debug)]
        pub struct #name;

        impl #sealed for #name {}

        impl Waiter for #name {
            type Operation = #input;

            const NAME: &'static str = #wire_name;

            const DELAY: #duration = #duration::from_secs(#delay);

            #label

            #judges
            #state
            #reason
        }
    }
}

/// The functions that say what an answer means.
fn judges(waiter: &Waiter, operation: &Operation, scope: &Scope) -> TokenStream {
    let (output, runtime) = (scope.operation_type(operation, "Output"), scope.runtime());
    let state = waiter.state.as_ref().map(|(_, state)| state);
    let on_output: Vec<Question<'_>> = waiter
        .acceptors
        .iter()
        .filter_map(|acceptor| on_output(acceptor, scope))
        .collect();
    let on_error: Vec<Question<'_>> = waiter.acceptors.iter().filter_map(on_error).collect();
    let on_output = judgement(on_output, state, scope);
    let on_error = judgement(on_error, state, scope);
    let output_parameter = parameter("output", &on_output);
    let error_parameter = parameter("error", &on_error);
    quote! {
        #[inline]
        fn judge(#output_parameter: &#output) -> Option<Verdict> {
            #on_output
        }

        #[inline]
        fn judge_error(#error_parameter: &#runtime::Error) -> Option<Verdict> {
            #on_error
        }
    }
}

/// The function that returns the text which acceptors look at.
fn state(waiter: &Waiter, operation: &Operation, scope: &Scope) -> Option<TokenStream> {
    let (_, state) = waiter.state.as_ref()?;
    let output = scope.operation_type(operation, "Output");
    let value = jmespath::value(state, &Subject::new(quote!(output), scope));
    let value = if state.optional { value } else { quote!(Some(#value)) };
    Some(quote! {
        #[inline]
        fn state(output: &#output) -> Option<&str> {
            #value
        }
    })
}

/// The function that returns why it is so.
fn reason(waiter: &Waiter, operation: &Operation, scope: &Scope) -> Option<TokenStream> {
    waiter.state.as_ref()?;
    let field = format_ident!("{}", waiter.reason.as_ref()?);
    let output = scope.operation_type(operation, "Output");
    Some(quote! {
        fn reason(output: &#output) -> Option<&str> {
            output.#field.as_deref()
        }
    })
}

/// The name of a parameter, for a body that may not mention it.
fn parameter(name: &str, body: &TokenStream) -> Ident {
    let underscore = if mentions(body, name) { "" } else { "_" };
    format_ident!("{underscore}{name}")
}

fn mentions(tokens: &TokenStream, name: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        _ => false,
    })
}

/// What an answer is asked, and what it means if it is so.
struct Question<'a> {
    asks: Asks<'a>,
    state: WaiterState,
}

enum Asks<'a> {
    /// A condition.
    Whether(TokenStream),
    /// Whether an expression that may be null is this text.
    Text(&'a Expression, &'a str),
    /// Nothing: it is so.
    Nothing,
}

fn on_output<'a>(acceptor: &'a Acceptor, scope: &Scope) -> Option<Question<'a>> {
    let output = Subject::new(quote!(output), scope);
    let asks = match &acceptor.matcher {
        Matcher::Path(expression, Literal::Text(text)) if expression.optional => Asks::Text(expression, text),
        Matcher::Path(expression, literal) => Asks::Whether(jmespath::is(expression, literal, &output)),
        Matcher::PathAll(list, literal) => Asks::Whether(jmespath::all_are(list, literal, &output)),
        Matcher::PathAny(list, literal) => Asks::Whether(jmespath::any_is(list, literal, &output)),
        Matcher::Status(status) => {
            let status = TokenLiteral::u16_unsuffixed(*status);
            Asks::Whether(quote!(output.response_metadata.status().as_u16() == #status))
        }
        Matcher::AnyError(false) => Asks::Nothing,
        Matcher::AnyError(true) | Matcher::ErrorCode(_) => return None,
    };
    let state = acceptor.state;
    Some(Question { asks, state })
}

fn on_error(acceptor: &Acceptor) -> Option<Question<'_>> {
    let asks = match &acceptor.matcher {
        Matcher::Status(status) => {
            let status = TokenLiteral::u16_unsuffixed(*status);
            Asks::Whether(quote!(error.status().is_some_and(|status| status.as_u16() == #status)))
        }
        Matcher::ErrorCode(code) => Asks::Whether(quote!(error.code() == Some(#code))),
        Matcher::AnyError(true) => Asks::Whether(quote!(error.is_service())),
        _ => return None,
    };
    let state = acceptor.state;
    Some(Question { asks, state })
}

/// What the first question that is answered by yes means. Questions about the same text become one `match`.
fn judgement(questions: Vec<Question<'_>>, state: Option<&Expression>, scope: &Scope) -> TokenStream {
    let mut questions = questions.into_iter().peekable();
    let mut statements = TokenStream::new();
    while let Some(question) = questions.next() {
        let verdict = verdict(question.state);
        match question.asks {
            Asks::Nothing => return quote!(#statements Some(#verdict)),
            Asks::Whether(condition) => statements.extend(quote!(if #condition { return Some(#verdict); })),
            Asks::Text(expression, text) => {
                let mut texts = vec![(text, question.state)];
                while let Some(next) = questions.peek()
                    && let Asks::Text(other, text) = next.asks
                    && other == expression
                {
                    // The first that matches decides.
                    if texts.iter().all(|(known, _)| *known != text) {
                        texts.push((text, next.state));
                    }
                    questions.next();
                }
                let value = match state == Some(expression) {
                    true => quote!(Self::state(output)),
                    false => jmespath::value(expression, &Subject::new(quote!(output), scope)),
                };
                if questions.peek().is_none() && texts.len() > 1 {
                    let arms = arms(&texts, |verdict| quote!(Some(#verdict)));
                    return quote!(#statements match #value { #arms _ => None });
                }
                statements.extend(compare_text(&value, &texts));
            }
        }
    }
    quote!(#statements None)
}

/// An early end where a value is one of some texts.
fn compare_text(value: &TokenStream, texts: &[(&str, WaiterState)]) -> TokenStream {
    if let [(text, state)] = texts {
        let verdict = verdict(*state);
        return quote!(if #value == Some(#text) { return Some(#verdict); });
    }
    let arms = arms(texts, |verdict| quote!(return Some(#verdict)));
    quote!(match #value { #arms _ => {} })
}

/// The arms of a `match`: for each verdict its texts.
fn arms(texts: &[(&str, WaiterState)], result: impl Fn(TokenStream) -> TokenStream) -> TokenStream {
    let arms = by_state(texts).into_iter().map(|(state, texts)| {
        let result = result(verdict(state));
        quote!(Some(#(#texts)|*) => #result,)
    });
    arms.collect()
}

/// Texts by what they mean, both in the order of the description.
fn by_state<'a>(texts: &[(&'a str, WaiterState)]) -> Vec<(WaiterState, Vec<&'a str>)> {
    let mut states: Vec<(WaiterState, Vec<&str>)> = Vec::new();
    for (text, state) in texts {
        match states.iter_mut().find(|(known, _)| known == state) {
            Some((_, texts)) => texts.push(text),
            None => states.push((*state, vec![text])),
        }
    }
    states
}

fn verdict(state: WaiterState) -> TokenStream {
    match state {
        WaiterState::Success => quote!(Verdict::Success),
        WaiterState::Failure => quote!(Verdict::Failure),
        WaiterState::Retry => quote!(Verdict::Retry),
    }
}

/// The functions of the client: one for each waiter, and the list of them.
pub(super) fn client_methods(service: &Service, scope: &Scope) -> TokenStream {
    let module = scope.waiter_module();
    let names = service.waiters.iter().map(|waiter| &waiter.fn_name);
    let waits = service.waiters.iter().map(|waiter| {
        let operation = &service.operations[waiter.operation];
        let docs = docs(&method_docs(waiter, operation));
        let function = format_ident!("wait_until_{}", waiter.fn_name);
        let builder = scope.operation_type(operation, "Builder");
        let name = format_ident!("{}", waiter.type_name);
        quote! {
            #docs
            #[inline]
            pub fn #function(&self) -> #builder<#module::Waiting<#module::#name>> {
                #builder::new(#module::Waiting::new(&self.0))
            }
        }
    });
    let docs = docs(match service.waiters.is_empty() {
        true => "States that can be waited for: this service has none.",
        false => "States that can be waited for, each with a function `wait_until_..`.",
    });
    quote! {
        #(#waits)*

        #docs
        pub fn waiter_names() -> &'static [&'static str] {
            &[#(#names),*]
        }
    }
}

/// A chapter of the crate's documentation, where a waiter can be its example.
pub(super) fn guide(service: &Service) -> Option<String> {
    let example = service.waiters.iter().find_map(|waiter| {
        let operation = &service.operations[waiter.operation];
        let is_deprecated = operation.deprecated.is_some();
        Some((waiter, example_setters(service, operation, "    ")?)).filter(|_| !is_deprecated)
    });
    example.map(|(waiter, setters)| {
        format!(
            include_str!("docs/guide/waiters.md"),
            crate_name = service.package.crate_name,
            waiter = waiter.fn_name,
            setters = setters,
            seconds = suggested_seconds(waiter),
        )
    })
}
