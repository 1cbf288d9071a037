//! The workspace of a run: the clients, and a program that makes the calls of all cases and prints what it observes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use base64::prelude::{BASE64_STANDARD, Engine};
use codegen::Files;
use codegen::ir::{self, Codec, Type};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Map;

use super::client::Client;
use super::suite::{CaseId, Direction, Suite};
use super::{input, output};
use crate::output::{MARK, Plan};

/// What suites expect where a client makes something up.
const TOKEN: &str = "00000000-0000-4000-8000-000000000000";

/// Whether each case is made a second time, with what a fake of the service reads or writes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fakes {
    Tried,
    LeftOut,
}

impl Fakes {
    /// Code for fakes, if they are tried.
    fn tried(self, code: TokenStream) -> Option<TokenStream> {
        (self == Self::Tried).then_some(code)
    }
}

/// Writes the workspace. Returns the cases that there can be no code for, and why.
pub(crate) fn write(
    suites: &[Suite],
    clients: &[Client],
    left_out: &BTreeSet<CaseId>,
    fakes: Fakes,
    folder: &Path,
) -> Result<BTreeMap<CaseId, String>> {
    let mut failures = BTreeMap::new();
    let mut files = Files::new();
    let mut modules = Vec::new();
    let mut cases = Vec::new();
    for client in clients {
        let views = output::views(&client.api);
        files.insert(format!("src/{views}.rs"), text(output::module(&client.api)?)?);
        modules.push(views);
        for case in CaseId::all(suites).filter(|case| client.suites.contains(&case.suite) && !left_out.contains(case)) {
            match function(client, &suites[case.suite], case, suites, fakes) {
                Ok(code) => {
                    files.insert(format!("src/{}.rs", case.module()), text(code)?);
                    modules.push(case.module());
                    cases.push(case);
                }
                Err(error) => {
                    failures.insert(case, format!("{error:#}"));
                }
            }
        }
    }
    files.insert("src/main.rs".to_owned(), text(main(&modules, &cases, fakes))?);
    files.insert("Cargo.toml".to_owned(), manifest(clients, fakes, folder));
    let packages = folder.join(packages(folder));
    Plan::new(&packages.join("cases"), &files)?.carry_out()?;
    for client in clients {
        Plan::new(&packages.join("clients").join(&client.name), &client.files)?.carry_out()?;
    }
    write_workspace(clients, folder)?;
    Ok(failures)
}

/// Where in a workspace its packages are: in each workspace elsewhere.
///
/// All workspaces have one target folder, and packages of the same names. Cargo takes two packages for one that have the same
/// name and the same place within their workspaces, and then a program may be made of the clients of other suites.
fn packages(folder: &Path) -> String {
    format!("packages-{}", hash(folder))
}

/// What the package of the cases is called in all workspaces, at least at its beginning.
pub(super) const PACKAGE: &str = "protocol-cases";

/// The package of a workspace's cases. Each has an executable of its own, so that two runs do not start each other's.
pub(super) fn package(folder: &Path) -> String {
    format!("{PACKAGE}-{}", hash(folder))
}

fn hash(folder: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// With the versions of dependencies that this repository has.
fn write_workspace(clients: &[Client], folder: &Path) -> Result<()> {
    let packages = packages(folder);
    let clients = clients
        .iter()
        .map(|client| format!(", \"{packages}/clients/{}\"", client.name));
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\"{packages}/cases\"{}]\n\n\
         [profile.dev]\ndebug = \"line-tables-only\"\n",
        clients.collect::<String>()
    );
    let file = folder.join("Cargo.toml");
    fs::write(&file, manifest).with_context(|| format!("cannot write {}", file.display()))?;
    let lock = folder.join("Cargo.lock");
    fs::copy(crate::root().join("Cargo.lock"), &lock).with_context(|| format!("cannot write {}", lock.display()))?;
    Ok(())
}

fn manifest(clients: &[Client], fakes: Fakes, folder: &Path) -> String {
    let name = package(folder);
    let tests = crate::root().join("tests");
    let mut manifest = format!(
        "# {MARK}\n\n[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\nbytes = \"1\"\nserde_json = \"1\"\n\
         tests = {{ path = {:?} }}\n",
        tests.display().to_string()
    );
    let features = match fakes {
        Fakes::Tried => ", features = [\"test-util\"]",
        Fakes::LeftOut => "",
    };
    for client in clients {
        let name = &client.name;
        manifest.push_str(&format!("{name} = {{ path = \"../clients/{name}\"{features} }}\n"));
    }
    manifest
}

fn text(code: TokenStream) -> Result<String> {
    let code = prettyplease::unparse(&syn::parse2(code)?);
    Ok(format!("// {MARK}\n\n{code}"))
}

fn main(modules: &[String], cases: &[CaseId], fakes: Fakes) -> TokenStream {
    let modules = modules.iter().map(|module| format_ident!("{module}"));
    let names = cases.iter().map(|case| case.module());
    let calls = cases.iter().map(|case| {
        let function = format_ident!("{}", case.module());
        match fakes {
            Fakes::Tried => quote!(Box::pin(#function::run()), Some(Box::pin(#function::run_with_fake()))),
            Fakes::LeftOut => quote!(Box::pin(#function::run()), None),
        }
    });
    quote! {
        #(mod #modules;)*

        fn main() -> std::process::ExitCode {
            tests::protocol::run(vec![
                #((#names, #calls)),*
            ])
        }
    }
}

/// The call of a case.
fn function(client: &Client, suite: &Suite, id: CaseId, suites: &[Suite], fakes: Fakes) -> Result<TokenStream> {
    let case = id.of(suites);
    let operation = client.operation(id).context("the client has left the operation out")?;
    let krate = format_ident!("{}", client.api.crate_name());
    let endpoint = suite.client_endpoint.iter();
    let mut inputs = client
        .api
        .service
        .operations
        .iter()
        .flat_map(|operation| &operation.input);
    let tokens = inputs
        .any(|member| member.idempotency_token)
        .then(|| quote!(.idempotency_tokens(|| String::from(#TOKEN))));
    let endpoint = quote!(#(.endpoint_url(#endpoint))*);
    let settings = quote!(.retries(#krate::Retries::none()) #tokens);
    let builder = quote! {
        #krate::Client::builder()
            .region("us-east-1")
            .credentials(#krate::Credentials::new("AKIDEXAMPLE", "secret", None, None, "protocol-tests"))
            #settings
    };
    let call = format_ident!("{}", operation.fn_name);
    let [input, output] = ["Input", "Output"].map(|end| {
        let name = format_ident!("{}{end}", operation.type_name);
        quote!(#krate::operation::#call::#name)
    });
    let body = match &case.direction {
        Direction::Input(_) => {
            let none = Map::new();
            let params = case.params.as_ref().unwrap_or(&none);
            let setters = input::setters(&client.api, &operation.input, params)?;
            let with_fake = quote! {
                /// What a fake reads is sent again. A fake has an endpoint without a path.
                pub(crate) async fn run_with_fake() -> tests::protocol::Observed {
                    let recorder = tests::protocol::Recorder::default();
                    let error = send(#builder.transport(recorder.clone()).build()?).await;
                    let input = #krate::test::read_input::<#input>(recorder.request(error)?)?;
                    let recorder = tests::protocol::Recorder::default();
                    let client = #builder #endpoint .transport(recorder.clone()).build()?;
                    let result = client.call(input).await;
                    recorder.observation(result.err().map(|error| error.to_string()))
                }
            };
            let with_fake = fakes.tried(with_fake);
            quote! {
                async fn send(client: #krate::Client) -> Option<String> {
                    let result = client.#call() #setters .send().await;
                    result.err().map(|error| error.to_string())
                }

                pub(crate) async fn run() -> tests::protocol::Observed {
                    let recorder = tests::protocol::Recorder::default();
                    let error = send(#builder #endpoint .transport(recorder.clone()).build()?).await;
                    recorder.observation(error)
                }

                #with_fake
            }
        }
        Direction::Output(expected) => {
            let status = expected.response.status_code;
            let headers = expected
                .response
                .headers
                .iter()
                .map(|(name, value)| quote!((#name, #value)));
            let has_frames = operation.answers_with_events() && (200..300).contains(&status);
            // What is not text, suites write as Base64.
            let body = match has_frames || client.api.service.protocol.reader() == Codec::Cbor {
                true => BASE64_STANDARD
                    .decode(expected.response.body())
                    .map_err(|error| anyhow!("the body is not Base64: {error}"))?,
                false => expected.response.body().as_bytes().to_owned(),
            };
            let body = Literal::byte_string(&body);
            let shown = shown_result(client, operation)?;
            let streams = operation.output.iter();
            let streams = streams.filter(|member| matches!(member.ty, Type::EventStream(_)));
            let events = streams.map(|member| {
                let field = format_ident!("{}", member.field);
                quote! {
                    let mut events = Vec::new();
                    while let Some(event) = output.#field.recv().await? {
                        events.push(event);
                    }
                    output.#field = #krate::EventStream::from_events(events);
                }
            });
            let with_fake = quote! {
                /// What a fake writes is received again. It writes the code that the description has for an error.
                pub(crate) async fn run_with_fake() -> tests::protocol::Observed {
                    let fake = #krate::test::Fake::new();
                    match receive().await? {
                        Ok(mut output) => {
                            #(#events)*
                            let mut output = Some(output);
                            fake.on::<#input>().answer(move |_| output.take().unwrap_or_default());
                        }
                        Err(error) => match error.service_error() {
                            Some(known) if error.code() != Some(known.code()) => {
                                return show(Err(error)).await;
                            }
                            Some(known) => {
                                fake.on::<#input>().fail(known.clone());
                            }
                            None => {
                                let (code, message) = (error.code(), error.message());
                                fake.on::<#input>().fail_with(
                                    #status,
                                    code.unwrap_or_default(),
                                    message.unwrap_or_default(),
                                );
                            }
                        },
                    }
                    let client = fake.builder() #settings .build()?;
                    show(client.#call().send().await).await
                }
            };
            let with_fake = fakes.tried(with_fake);
            quote! {
                async fn receive() -> Result<Result<#output, #krate::Error>, tests::protocol::BoxError> {
                    let answer = tests::protocol::Answer::new(#status, &[#(#headers),*], #body)?;
                    let client = #builder #endpoint .transport(answer).build()?;
                    Ok(client.#call().send().await)
                }

                async fn show(result: Result<#output, #krate::Error>) -> tests::protocol::Observed {
                    match result #shown
                }

                pub(crate) async fn run() -> tests::protocol::Observed {
                    show(receive().await?).await
                }

                #with_fake
            }
        }
    };
    Ok(quote! {
        #![allow(clippy::all, deprecated, unused)]

        #body
    })
}

fn shown_result(client: &Client, operation: &ir::Operation) -> Result<TokenStream> {
    let views = format_ident!("{}", output::views(&client.api));
    let shown = output::output(&client.api, operation)?;
    Ok(quote! {{
        Ok(mut output) => Ok(tests::protocol::output(#shown)),
        Err(error) => Ok(tests::protocol::error(
            error.code(),
            error.message(),
            crate::#views::show_error(&error),
            &error.to_string(),
        )),
    }})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workspaces_have_their_packages_in_different_places() {
        let [one, other] = ["target/one", "target/other"].map(|folder| packages(Path::new(folder)));
        assert_eq!(one, packages(Path::new("target/one")));
        assert_ne!(one, other);
    }
}
