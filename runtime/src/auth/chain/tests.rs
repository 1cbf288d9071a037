use super::*;
use crate::auth::source::source_fn;
use crate::auth::sources::AssumeRole;
use crate::auth::system::NoAnswerKind;
use crate::auth::testing::{Fake, answer, no_answer};

async fn error(fake: &Fake) -> CredentialsError {
    CredentialChain::default()
        .load(&fake.context())
        .await
        .map(|_| ())
        .unwrap_err()
}

#[tokio::test]
async fn when_nothing_is_found_one_line_says_where_it_was_looked_for() {
    let fake = Fake::new()
        .variable("HOME", "/home/a")
        .peer(|_| Err(no_answer(NoAnswerKind::Timeout)));
    let found = error(&fake).await;
    assert!(found.is_not_configured());
    let expected = "no credentials found: environment: neither `AWS_ACCESS_KEY_ID` nor `AWS_SECRET_ACCESS_KEY` is set; \
        profile: there are no profiles (`/home/a/.aws/config` does not exist; `/home/a/.aws/credentials` does not exist); \
        web identity: `AWS_WEB_IDENTITY_TOKEN_FILE` is not set; container: neither \
        `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` nor `AWS_CONTAINER_CREDENTIALS_FULL_URI` is set; instance metadata: \
        http://169.254.169.254: no answer within 1s (in a container the hop limit of the instance must be 2)";
    assert_eq!(found.to_string(), expected);
    let fake = Fake::with_profiles("[profile dev]\n[profile prod]\n", "").variable("AWS_EC2_METADATA_DISABLED", "true");
    let text = error(&fake).await.to_string();
    assert!(
        text.contains(
            "profile: there is no `default` among the profiles `dev`, `prod` (select one with `AWS_PROFILE`); web"
        ),
        "{text}"
    );
    assert!(
        text.ends_with("instance metadata: disabled by `AWS_EC2_METADATA_DISABLED`"),
        "{text}"
    );
}

/// What it should say is not known. Anything else could be another role, another agent, or the machine's own keys.
#[tokio::test]
#[cfg(unix)]
async fn a_variable_that_is_not_utf_8_ends_the_search() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    let value: OsString = OsStringExt::from_vec(b"/\xff".to_vec());
    let own = |name| (name, None);
    let agent = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/c");
    let token = ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token");
    for (name, other) in [
        own("AWS_ACCESS_KEY_ID"),
        own("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
        own("AWS_CONTAINER_CREDENTIALS_FULL_URI"),
        own("AWS_EC2_METADATA_DISABLED"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", Some(agent)),
        ("AWS_ROLE_ARN", Some(token)),
    ] {
        let mut fake = Fake::new().variable(name, value.clone());
        if let Some((other, text)) = other {
            fake = fake.variable(other, text);
        }
        assert_eq!(error(&fake).await.to_string(), format!("`{name}` is not UTF-8"));
    }
}

#[tokio::test]
async fn a_source_that_fails_ends_the_search() {
    let half = |fake: Fake, name: &str| fake.variable(name, "x");
    for (fake, expected) in [
        (half(Fake::new(), "AWS_ACCESS_KEY_ID"), "`AWS_ACCESS_KEY_ID` is set"),
        (
            Fake::with_profiles("[default]\naws_access_key_id = id\n", ""),
            "the profile `default` has",
        ),
        (
            Fake::with_profiles("[default\n", ""),
            "the line of a section must end in `]` [/home/a/.aws/config:1]",
        ),
        (
            half(Fake::new(), "AWS_PROFILE"),
            "`AWS_PROFILE` selects the profile `x`, but there are no profiles",
        ),
        (
            half(Fake::new(), "AWS_WEB_IDENTITY_TOKEN_FILE"),
            "`AWS_WEB_IDENTITY_TOKEN_FILE` is set",
        ),
        (
            half(Fake::new(), "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
            "`AWS_CONTAINER_CREDENTIALS_FULL_URI` is not",
        ),
        (
            half(Fake::new(), "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"),
            "`AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE` is",
        ),
    ] {
        let found = error(&fake).await;
        assert!(!found.is_not_configured());
        assert!(found.to_string().starts_with(expected), "{found}");
        assert!(fake.requests().is_empty());
    }
}

#[tokio::test]
async fn the_order_of_the_default() {
    let profile = "[default]\naws_access_key_id = profile\naws_secret_access_key = secret\n";
    let instance = Fake::with_profiles("", "").peer(|exchange| match exchange.request.uri().to_string() {
        url if url.ends_with("/latest/api/token") => answer(200, "token"),
        url if url.ends_with("/security-credentials/") => answer(200, "role"),
        url => {
            let id = if url.starts_with("http://169.254.170.2/") {
                "container"
            } else {
                "instance"
            };
            answer(
                200,
                &format!(
                    r#"{{"AccessKeyId":"{id}","SecretAccessKey":"s","Token":"t","Expiration":"2030-01-01T00:00:00Z"}}"#
                ),
            )
        }
    });
    let container = instance
        .clone()
        .variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/c");
    let web_identity = container.clone().variable("AWS_WEB_IDENTITY_TOKEN_FILE", "/t");
    let with_profile = web_identity.clone().file("/home/a/.aws/config", profile);
    let both = |fake: &Fake| {
        let fake = fake.clone().variable("AWS_ACCESS_KEY_ID", "environment");
        fake.variable("AWS_SECRET_ACCESS_KEY", "secret")
    };
    let environment = both(&with_profile);
    let id = async |fake: &Fake| {
        let found = CredentialChain::default().load(&fake.context()).await;
        found
            .map(|credentials| credentials.access_key_id().to_owned())
            .map_err(|error| error.to_string())
    };
    assert_eq!(id(&environment).await.unwrap(), "environment");
    // Where keys are given, nothing is read from disk.
    assert!(environment.reads().is_empty() && environment.requests().is_empty());
    assert_eq!(id(&with_profile).await.unwrap(), "profile");
    // The files are shared; without the profile, the others come.
    let _ = with_profile.file("/home/a/.aws/config", "");
    assert!(id(&web_identity).await.unwrap_err().contains("AWS_ROLE_ARN"));
    assert_eq!(id(&container).await.unwrap(), "container");
    assert_eq!(id(&instance).await.unwrap(), "instance");
}

struct Vault(Option<&'static str>);

impl CredentialsSource for Vault {
    async fn load(&self, _: &LoadContext) -> Result<Credentials, CredentialsError> {
        match self.0 {
            Some(id) => Ok(Credentials::new(id, "secret", None, None, "vault")),
            None => Err(CredentialsError::not_configured("`VAULT_ADDR` is not set")),
        }
    }
}

#[tokio::test]
async fn sources_of_ones_own() {
    let fake = Fake::new();
    let chain = CredentialChain::new().then(Vault(None)).then(source_fn(|| async {
        Err(CredentialsError::not_configured("it is closed").with_hint("open it"))
    }));
    assert_eq!(format!("{chain:?}"), "CredentialChain([\"Vault\", \"function\"])");
    let error = chain.load(&fake.context()).await.map(|_| ()).unwrap_err();
    let expected = "no credentials found: Vault: `VAULT_ADDR` is not set; function: it is closed (open it)";
    assert_eq!(error.to_string(), expected);
    let found = chain
        .then(Vault(Some("v")))
        .then(Vault(Some("w")))
        .load(&fake.context())
        .await;
    assert_eq!(found.expect("credentials").access_key_id(), "v");
    let error = CredentialChain::new()
        .load(&fake.context())
        .await
        .map(|_| ())
        .unwrap_err();
    assert_eq!(error.to_string(), "no credentials: the chain has no sources");
}

/// Everything can be a part of everything else.
#[test]
fn sources_compose() {
    fn is_source(_: impl CredentialsSource) {}
    let shared = crate::auth::SharedCredentials::new(CredentialChain::default());
    is_source(AssumeRole::new("a", AssumeRole::new("b", shared.clone())));
    is_source(CredentialChain::new().then(shared).then(Vault(None)));
}
