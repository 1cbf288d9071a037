//! An operation of another service is given to the client.

use library::operation::list_books::ListBooksInput;
use sagemaker_runtime::{Client, Error};

pub async fn list(client: &Client) -> Result<(), Error> {
    let input = ListBooksInput::builder().build();
    client.call(input).await?;
    Ok(())
}
