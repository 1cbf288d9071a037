//! What services need beyond their descriptions, as their `client.json` would say it. Other SDKs have code for it.

use super::Client;

/// What is known of the service with this identifier.
pub(super) fn of(service_id: &str) -> Client {
    let pairs = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let nothing = Client::default();
    match service_id {
        // Without it, answers are HAL: other names, and lists in `_embedded`.
        "API Gateway" => Client {
            headers: pairs(&[("accept", "application/json")]),
            ..nothing
        },
        "CloudSearch Domain" => Client {
            forms: names(&["Search"]),
            ..nothing
        },
        "Glacier" => Client {
            headers: pairs(&[("x-amz-glacier-version", "2012-06-01")]),
            // The account of the credentials.
            defaults: pairs(&[("accountId", "-")]),
            ..nothing
        },
        // Models are asked where their real-time endpoints are.
        "Machine Learning" => Client {
            origins: names(&["VipURL"]),
            ..nothing
        },
        "Route 53" => Client {
            bare_ids: names(&["ResourceId", "DelegationSetId", "ChangeId"]),
            ..nothing
        },
        // The members that OAuth 2.0 has.
        "SSO OIDC" => Client {
            error_message: names(&["error_description", "error"]),
            ..nothing
        },
        _ => nothing,
    }
}
