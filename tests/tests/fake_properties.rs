//! What a fake reads is what the client was given, and what the client reads is what the fake was given.

use bytes::Bytes;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};
use sagemaker_runtime::operation::invoke_endpoint::{InvokeEndpointInput, InvokeEndpointOutput};
use sagemaker_runtime::operation::invoke_endpoint_async::{InvokeEndpointAsyncInput, InvokeEndpointAsyncOutput};
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::InvokeEndpointWithResponseStreamInput;
use sagemaker_runtime::test::{Fake, With};
use sagemaker_runtime::types::ResponseStream;
use tokio::runtime::{Builder, Runtime};

/// What headers can carry, and what a member is.
fn text() -> impl Strategy<Value = Option<String>> {
    option::of("[!-~\u{e9}\u{4eac}]([ -~\u{1f980}]{0,12}[!-~])?")
}

/// What paths can carry.
fn label() -> impl Strategy<Value = String> {
    "[^.]\\PC{0,12}".prop_filter("a label has no control characters", |label| !label.is_empty())
}

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
}

proptest! {
    #[test]
    fn inputs_and_outputs(
        name in label(),
        texts in vec(text(), 8),
        payload in vec(any::<u8>(), 0..40),
        answer in vec(any::<u8>(), 0..40),
    ) {
        runtime().block_on(async {
            let fake = Fake::new();
            let (members, body) = (texts.clone(), answer.clone());
            fake.on::<InvokeEndpointInput>().answer(move |_| {
                InvokeEndpointOutput::of(body.clone()).with(|output| {
                    let mut members = members.iter().cloned();
                    output.content_type = members.next().unwrap();
                    output.invoked_production_variant = members.next().unwrap();
                    output.custom_attributes = members.next().unwrap();
                    output.new_session_id = members.next().unwrap();
                    output.closed_session_id = members.next().unwrap();
                })
            });
            let mut input = InvokeEndpointInput::builder().endpoint_name(&name).body(payload.clone()).build();
            let set = |input: &mut InvokeEndpointInput| {
                let mut members = texts.iter().cloned();
                input.content_type = members.next().unwrap();
                input.accept = members.next().unwrap();
                input.custom_attributes = members.next().unwrap();
                input.target_model = members.next().unwrap();
                input.target_variant = members.next().unwrap();
                input.inference_id = members.next().unwrap();
                input.enable_explanations = members.next().unwrap();
                input.session_id = members.next().unwrap();
            };
            set(&mut input);
            let output = fake.client().call(input).await.unwrap();
            let members = [
                output.content_type,
                output.invoked_production_variant,
                output.custom_attributes,
                output.new_session_id,
                output.closed_session_id,
            ];
            prop_assert_eq!(members.as_slice(), &texts[..5]);
            prop_assert_eq!(output.body.bytes().await.unwrap(), answer);

            let read = fake.calls::<InvokeEndpointInput>().remove(0);
            let members = [
                read.content_type,
                read.accept,
                read.custom_attributes,
                read.target_model,
                read.target_variant,
                read.inference_id,
                read.enable_explanations,
                read.session_id,
            ];
            prop_assert_eq!(read.endpoint_name, name);
            prop_assert_eq!(members.as_slice(), texts.as_slice());
            let requests = fake.requests();
            prop_assert_eq!(requests[0].body(), &payload);
            Ok(())
        })?;
    }

    #[test]
    fn outputs_in_json_and_headers(texts in vec(text(), 4)) {
        runtime().block_on(async {
            let fake = Fake::new();
            let members = texts.clone();
            fake.on::<InvokeEndpointAsyncInput>().answer(move |_| {
                InvokeEndpointAsyncOutput::default().with(|output| {
                    output.output_location = members[0].clone();
                    output.failure_location = members[1].clone();
                    output.inference_id = members[2].clone();
                })
            });
            let call = fake.client().invoke_endpoint_async().endpoint_name("slow");
            let output = call.input_location("s3://in").send().await.unwrap();
            let members = [output.output_location, output.failure_location, output.inference_id];
            prop_assert_eq!(members.as_slice(), &texts[..3]);
            Ok(())
        })?;
    }

    #[test]
    fn events(parts in vec(vec(any::<u8>(), 0..20), 0..6)) {
        runtime().block_on(async {
            let parts: Vec<ResponseStream> = parts.into_iter().map(|part| Bytes::from(part).into()).collect();
            let fake = Fake::new();
            fake.on::<InvokeEndpointWithResponseStreamInput>().events(parts.clone());
            let call = fake.client().invoke_endpoint_with_response_stream().endpoint_name("chat").body("");
            let mut events = call.send().await.unwrap().body;
            for part in parts {
                prop_assert_eq!(events.recv().await.unwrap(), Some(part));
            }
            prop_assert_eq!(events.recv().await.unwrap(), None);
            Ok(())
        })?;
    }
}
