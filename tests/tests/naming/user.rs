//! Calls with the names that make most trouble. Only the compiler ever looks at them.

use obstacle_course::operation::Sending;
use obstacle_course::operation::r#async::{AsyncInput, AsyncOutput};
use obstacle_course::operation::required_names::RequiredNamesOutput;
use obstacle_course::{CallOptions, Client, Error, ServiceError};

/// Operations that are called like keywords, like the client's own functions, or like modules.
pub async fn operations(client: &Client) -> Result<(), Error> {
    let _: AsyncOutput = client.r#async().send().await?;
    let _: AsyncInput = client.r#async().build();
    client.self_().send().await?;
    client.mod_().send().await?;
    client.new_().options(CallOptions::new()).send().await?;
    client.call_().send().await?;
    client.clone().clone_().send().await?;
    client.from_config_().send().await?;
    client.std().send().await?;
    client._2_fa().send().await?;
    client.s3_uri().send().await?;
    client.http_status2xx().send().await?;
    client.call(AsyncInput::builder().build()).await?;
    Ok(())
}

/// Required members that are called like what a builder is made of, one of them set twice.
pub fn required(client: &Client) -> Sending<RequiredNamesOutput> {
    client
        .required_names()
        .x1("last first")
        ._2_fa("")
        .self_("")
        .super_("")
        .crate_("")
        .r#type("")
        .t("")
        .c("")
        .option("")
        .string("")
        .into_("")
        .default("")
        .copy("")
        .sized("")
        .body("")
        .body_state("")
        .state("")
        .unset("")
        .options(CallOptions::new())
        .value("")
        .input("")
        .send_("")
        .finish("")
        .caller("")
        .optional("")
        .options_("")
        .self_(String::from("again"))
        .send()
}

/// Values are taken as people write them.
pub fn values(client: &Client) {
    let _ = client.required_payload().body("text").body(vec![0; 9]);
    let _ = client
        .optional_types()
        .integer(1)
        .long(1)
        .float(1.5)
        .double(1.5)
        .boolean(true);
    let _ = client.required_types().header_long(1).header_float(1.5).text("x");
    let _ = client.prelude().add(1).not(2).into_("x").clone_(3).vec("x");
}

/// Errors and members of errors.
pub fn errors(error: &ServiceError) -> Option<&str> {
    match error {
        ServiceError::Self_(error) => error.message.as_deref(),
        ServiceError::Option(error) => error.message.as_deref(),
        ServiceError::KeywordMembers(error) => error.r#type.as_deref().or(error.self_.as_deref()),
        ServiceError::OtherMessage(error) => error.message.as_deref().or(error.message_.as_deref()),
        _ => None,
    }
}
