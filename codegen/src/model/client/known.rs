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

/// What callers have to do that other SDKs have code for.
const CAVEATS: &[Known] = &[
    Known {
        services: &["DocDB", "Neptune", "RDS"],
        members: &["PreSignedUrl", "SourceRegion"],
        text: "to copy encrypted data from another region, set `PreSignedUrl`, which the client does not make from \
               `SourceRegion`",
    },
    Known {
        services: &["EC2"],
        members: &["PresignedUrl"],
        text: "to copy an encrypted snapshot from another region, presign the call with a client for that region, with \
               `DestinationRegion`, and set `PresignedUrl`",
    },
    Known {
        services: &["S3"],
        members: &["CopySourceSSECustomerKey"],
        text: "set `CopySourceSSECustomerKeyMD5` along with `CopySourceSSECustomerKey`, because the client does not compute \
               it",
    },
    Known {
        services: &["S3"],
        members: &["EncodingType"],
        text: "to list keys with characters that XML cannot hold, set `EncodingType` and decode the keys",
    },
    Known {
        services: &["S3"],
        members: &["SSECustomerKey"],
        text: "set `SSECustomerKeyMD5` along with `SSECustomerKey`, because the client does not compute it",
    },
];

/// What callers have to do who may set one of these members of an input.
struct Known {
    services: &'static [&'static str],
    members: &'static [&'static str],
    /// A sentence without its period.
    text: &'static str,
}

/// What callers who may set this member of an input have to do.
pub fn caveat(service_id: &str, member: &str) -> Option<&'static str> {
    let is_known = |known: &&Known| known.services.contains(&service_id) && known.members.contains(&member);
    CAVEATS.iter().find(is_known).map(|known| known.text)
}
