//! Credentials as agents of AWS and processes write them in JSON.

use zeroize::Zeroizing;

use crate::auth::context::LoadContext;
use crate::auth::credentials::Credentials;
use crate::auth::json::Object;
use crate::auth::shared::after_outage;

/// Reads an object such as `{"AccessKeyId": .., "SecretAccessKey": .., "Token": .., "Expiration": .., "AccountId": ..}`.
/// The member with the token is called differently here and there. The error says what is missing.
pub(super) fn read(object: &Object, token: &str, provider_name: &'static str) -> Result<Credentials, String> {
    let missing = |name| format!("it has no `{name}`");
    let text = |name: &'static str| object.text(name).ok_or_else(|| missing(name));
    let expiry = object
        .time("Expiration")
        .map_err(|text| format!("its `Expiration` is not a time: `{}`", text.as_str()))?;
    let token = object.text(token).map(|token| token.to_string());
    let (id, secret) = (text("AccessKeyId")?, text("SecretAccessKey")?);
    let credentials = Credentials::new(id.as_str(), secret.as_str(), token, expiry, provider_name);
    Ok(match account_id(object) {
        Some(account_id) => credentials.with_account_id(account_id.as_str()),
        None => credentials,
    })
}

/// Some write it as a number.
fn account_id(object: &Object) -> Option<Zeroizing<String>> {
    let number = || Some(Zeroizing::new(object.number("AccountId")?.to_string()));
    object.text("AccountId").or_else(number)
}

/// Credentials of an agent, which always expire. During an outage it goes on with old ones, and services accept these:
/// they count as valid until it is time to ask again.
pub(super) fn read_of_agent(
    context: &LoadContext,
    object: &Object,
    provider_name: &'static str,
) -> Result<Credentials, String> {
    let credentials = read(object, "Token", provider_name)?;
    let Some(token) = credentials.session_token() else {
        return Err("it has no `Token`".to_owned());
    };
    let Some(expiry) = credentials.expiry() else {
        return Err("it has no `Expiration`".to_owned());
    };
    let now = context.now();
    if expiry > now {
        return Ok(credentials);
    }
    tracing::warn!(
        provider_name,
        "the agent returned expired credentials, which stay in use during its outage"
    );
    let prolonged = Credentials::new(
        credentials.access_key_id(),
        credentials.secret_access_key(),
        Some(token.to_owned()),
        Some(after_outage(now)),
        provider_name,
    );
    Ok(match credentials.account_id() {
        Some(account_id) => prolonged.with_account_id(account_id),
        None => prolonged,
    })
}
