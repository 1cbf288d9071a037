//! What botocore has code for besides descriptions, and what this generator does about it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// A function of botocore that changes requests, answers or settings.
struct Handler {
    function: &'static str,
    /// The services that it is for, as folders of botocore call them. Without any: all.
    services: &'static [&'static str],
    state: State,
}

enum State {
    /// Clients do the same.
    Done,
    /// Clients do without it, for this reason.
    Unneeded(&'static str),
    /// Clients leave it to their callers, and the generator says so: [`codegen::Caveat`].
    Left,
}
use State::{Done, Left, Unneeded};

const fn handler(function: &'static str, services: &'static [&'static str], state: State) -> Handler {
    Handler {
        function,
        services,
        state,
    }
}

const S3: &[&str] = &["s3"];
const PYTHON: State = Unneeded("only Python needs it");
const CONVENIENCE: State = Unneeded("the text is for the caller to read");

/// By function. `handlers.py` of botocore has the same.
const HANDLERS: &[Handler] = &[
    handler("_handle_200_error", S3, Done),
    handler("_handle_request_validation_mode_member", &[], Done),
    handler("_handle_sqs_compatible_error", &["sqs"], Done),
    handler("_map_oauth2_errors", &["sso-oidc"], Done),
    handler("_set_auth_scheme_preference_signer", &[], Done),
    handler(
        "_set_extra_headers_for_unsigned_request",
        S3,
        Unneeded("all operations are signed"),
    ),
    handler("_update_status_code", S3, Done),
    handler("add_accept_header", &["apigateway"], Done),
    handler("add_expect_header", S3, Unneeded("a refused payload costs only time")),
    handler("add_glacier_checksums", &["glacier"], Done),
    handler("add_glacier_version", &["glacier"], Done),
    handler("add_recursion_detection_header", &[], Done),
    handler("add_retry_headers", &[], Done),
    handler(
        "base64_encode_user_data",
        &["autoscaling", "ec2"],
        Unneeded("the documentation asks for base64"),
    ),
    handler("change_get_to_post", &["cloudsearchdomain"], Done),
    handler("convert_body_to_file_like_object", S3, PYTHON),
    handler("copy_source_sse_md5", S3, Left),
    handler("customize_endpoint_resolver_builtins", S3, Done),
    handler("decode_console_output", &["ec2"], CONVENIENCE),
    handler("decode_list_object", S3, Left),
    handler("decode_list_object_v2", S3, Left),
    handler("decode_list_object_versions", S3, Left),
    handler("disable_signing", &["cognito-identity", "sts"], Done),
    handler("enable_millisecond_timestamp_precision", &["bedrock-agentcore"], Done),
    handler("escape_xml_payload", S3, Done),
    handler("fix_route53_ids", &["route53"], Done),
    handler("generate_idempotent_uuid", &[], Done),
    handler(
        "handle_copy_source_param",
        S3,
        Unneeded("the documentation asks for an encoded key"),
    ),
    handler("handle_expires_header", S3, Done),
    handler("inject_account_id", &["glacier"], Done),
    handler(
        "inject_api_version_header_if_needed",
        &[],
        Unneeded("operations that look for their endpoints are left out"),
    ),
    handler("inject_presigned_url_ec2", &["ec2"], Left),
    handler("inject_presigned_url_rds", &["docdb", "neptune", "rds"], Left),
    handler("json_decode_policies", &["iam"], CONVENIENCE),
    handler("json_decode_template_body", &["cloudformation"], CONVENIENCE),
    handler("parse_get_bucket_location", S3, Done),
    handler("remove_accid_host_prefix_from_model", &["s3control"], Done),
    handler("remove_arn_from_signing_path", S3, Done),
    handler("remove_bucket_from_url_paths_from_model", S3, Done),
    handler(
        "remove_content_type_header_for_presigning",
        &["polly"],
        Unneeded("a body that is signed has no presigned request"),
    ),
    handler("set_list_objects_encoding_type_url", S3, Left),
    handler("set_operation_specific_signer", &[], Done),
    handler("sse_md5", S3, Left),
    handler("switch_host_machinelearning", &["machinelearning"], Done),
    handler("validate_ascii_metadata", S3, Done),
    handler("validate_bucket_name", S3, Unneeded("the service checks it")),
];

/// Events that are about Python's classes or their documentation, not about calls.
const OTHER_EVENTS: [&str; 3] = ["choose-service-name", "creating-client-class", "getattr"];

/// The functions of botocore for a service that clients do without, each with the reason.
pub(super) fn unneeded(service: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let handlers = HANDLERS
        .iter()
        .filter(move |handler| handler.services.contains(&service));
    handlers.filter_map(|handler| match handler.state {
        Unneeded(reason) => Some((handler.function, reason)),
        Done | Left => None,
    })
}

/// The functions that botocore has beside this folder of its data, and this list has not. Another folder has no code.
pub(super) fn unknown(data: &Path) -> Result<Vec<String>> {
    let file = data.parent().unwrap_or(data).join("handlers.py");
    if !file.exists() {
        return Ok(Vec::new());
    }
    let source = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let is_known = |function: &&str| HANDLERS.iter().any(|handler| handler.function == *function);
    let functions: BTreeSet<&str> = registered(&source)
        .filter(|(event, _)| !OTHER_EVENTS.iter().any(|other| event.starts_with(other)))
        .map(|(_, function)| function)
        .collect();
    anyhow::ensure!(!functions.is_empty(), "{} registers no handlers", file.display());
    let unknown = functions.into_iter().filter(|function| !is_known(function));
    Ok(unknown.map(str::to_owned).collect())
}

/// The events of `BUILTIN_HANDLERS`, each with the function that is called then.
fn registered(source: &str) -> impl Iterator<Item = (&str, &str)> {
    let list = source.split_once("\nBUILTIN_HANDLERS = [");
    let list = list
        .and_then(|(_, after)| after.split("\n]").next())
        .unwrap_or_default();
    list.split('(').filter_map(|entry| {
        let (event, after) = entry.trim_start().strip_prefix('\'')?.split_once('\'')?;
        let after = after.trim_start_matches(',').trim_start();
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let function = &after[..end.unwrap_or(after.len())];
        // Other calls in the list have texts as well. Only events are hyphenated.
        let is_event = event.split('.').next().is_some_and(|phase| phase.contains('-'));
        (is_event && !function.is_empty()).then_some((event, function))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "
BUILTIN_HANDLERS = [
    ('choose-service-name', handle_service_name_alias),
    (
        'getattr.mturk.list_hi_ts',
        ClientMethodAlias('list_hits'),
    ),
    ('before-call.glacier', add_glacier_version),
    (
        'before-parameter-build.s3.PutObject',
        something_new,
        REGISTER_LAST,
    ),
    (
        'docs.*.iam.*.complete-section',
        DocumentModifiedShape(
            'policyDocumentType',
            new_type='dict',
        ).replace_documentation,
    ),
]
('before-call.later', not_in_the_list)
";

    #[test]
    fn handlers_are_found_in_the_source_of_botocore() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        assert_eq!(unknown(&data).expect("no code"), Vec::<String>::new());
        fs::write(folder.path().join("handlers.py"), SOURCE).expect("written");
        assert_eq!(unknown(&data).expect("code"), ["something_new"]);
        fs::write(folder.path().join("handlers.py"), "").expect("written");
        assert!(unknown(&data).is_err());
    }

    #[test]
    fn the_list_is_sorted() {
        assert!(HANDLERS.is_sorted_by_key(|handler| handler.function));
    }
}
