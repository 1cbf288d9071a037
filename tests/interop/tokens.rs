//! Bearer tokens, which are to be byte for byte those of the Python package `sagemaker-core`.

use std::time::Duration;

use sagemaker_runtime::{Client, Credentials};

use crate::other_side::OtherSide;
use crate::report::Report;
use crate::{ACCESS_KEY, REGION, Result, SECRET_KEY};

/// Without a session, and with tokens of sessions that have to be encoded.
const SESSIONS: [(&str, Option<&str>); 3] = [
    ("no session", None),
    (
        "a session",
        Some(
            "AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT+FvwqnKwRcOIfrRh3c/LTo6UDdyJwOOvEVPvLXCrrrUtdnniCEXAMPLE==",
        ),
    ),
    ("an odd session", Some("a&b=c?d%41~e+f/==")),
];

pub(crate) async fn compare(python: &mut OtherSide, report: &mut Report) -> Result<()> {
    for (what, session) in SESSIONS {
        for seconds in [1, 900, 43_200] {
            let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY, session.map(str::to_owned), None, "interop");
            let client = Client::builder().region(REGION).credentials(credentials).build()?;
            let ours = client.bearer_token(Duration::from_secs(seconds)).await?;
            let theirs = python.bearer_token(ours.as_str(), session, seconds).await?;
            let name = format!("a token for {seconds} s of {what}");
            let outcome = format!("{}\n    {theirs}", ours.as_str());
            report.add_check(&name, "", theirs == ours.as_str(), &outcome);
        }
    }
    Ok(())
}
