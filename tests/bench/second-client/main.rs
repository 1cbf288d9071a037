//! The program of `hello/ours`, with a call of a second service.

use parcels::types::{Address, Item};
use sagemaker_runtime::{Config, Credentials};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "secret", None, None, "static"))
        .build()?;
    let output = sagemaker_runtime::Client::from_config(&config)?
        .invoke_endpoint()
        .endpoint_name("churn")
        .content_type("text/csv")
        .body("1,2,3")
        .send()
        .await?;
    println!("{}", output.body.text().await?);

    let sent = parcels::Client::from_config(&config)?
        .send_parcel()
        .to(Address::builder().name("Ada").city("London").build())
        .items([Item::builder().name("engine").grams(900).build()])
        .send()
        .await?;
    println!("{}", sent.id);
    Ok(())
}
