//! Profile files and variables, read by the client and by `aws-config`.

use tests::server::{Recorded, Reply, Server};
use tests::sigv4::Keys;

use crate::process::{Caller, Reader};
use crate::service::{REGION, closed_port, keys, service, service_with};
use crate::tls::Authority;

/// A section of the file of credentials.
fn credentials(profile: &str, keys: &Keys) -> String {
    let Keys {
        access_key,
        secret_key,
        session_token,
    } = keys;
    let token = session_token.as_deref().unwrap_or_default();
    format!(
        "[{profile}]\naws_access_key_id = {access_key}\naws_secret_access_key = {secret_key}\naws_session_token = {token}\n"
    )
}

/// A caller with a default profile.
fn caller(reader: Reader, settings: &str) -> Caller {
    Caller::reading(reader)
        .config(&format!("[default]\nregion = {REGION}\n{settings}"))
        .credentials(&credentials("default", &keys("DEFAULT")))
}

#[tokio::test]
async fn the_default_profile() {
    for reader in Reader::BOTH {
        let service = service(keys("DEFAULT"), REGION).await;
        let settings = format!("endpoint_url = {}\nsdk_ua_app_id = shop\n", service.url());
        let outcome = caller(reader, &settings).run().await;
        assert_eq!(outcome.endpoint.as_deref(), Ok(service.url()));
        assert_eq!(outcome.payload(), "prediction");
        let [request] = &service.requests()[..] else {
            panic!("not one request")
        };
        let user_agent = request.header("user-agent").unwrap();
        assert!(user_agent.ends_with(" app/shop"), "{user_agent}");
    }
}

#[tokio::test]
async fn another_profile() {
    for reader in Reader::BOTH {
        let (_closed, nowhere) = closed_port();
        let service = service(keys("OTHER"), "us-west-2").await;
        let config = format!(
            "[default]\nregion = {REGION}\nendpoint_url = {nowhere}\n\
         [profile other]\nregion = us-west-2\nendpoint_url = {}\n",
            service.url()
        );
        let both = [
            credentials("default", &keys("DEFAULT")),
            credentials("other", &keys("OTHER")),
        ];
        let caller = Caller::reading(reader).config(&config).credentials(&both.concat());
        assert_eq!(caller.env("AWS_PROFILE", "other").run().await.payload(), "prediction");
    }
}

/// Variables go before the profile, setting by setting.
#[tokio::test]
async fn variables_go_before_the_profile() {
    for reader in Reader::BOTH {
        let service = service(keys("VARIABLES"), "us-west-2").await;
        let Keys {
            access_key,
            secret_key,
            session_token,
        } = keys("VARIABLES");
        let caller = caller(reader, "endpoint_url = http://host.invalid\nsdk_ua_app_id = profile\n")
            .env("AWS_REGION", "us-west-2")
            .env("AWS_ACCESS_KEY_ID", &access_key)
            .env("AWS_SECRET_ACCESS_KEY", &secret_key)
            .env("AWS_SESSION_TOKEN", session_token.unwrap())
            .env("AWS_ENDPOINT_URL", service.url())
            .env("AWS_SDK_UA_APP_ID", "variable");
        assert_eq!(caller.run().await.payload(), "prediction");
        let user_agent = service.requests()[0].header("user-agent").unwrap().to_owned();
        assert!(user_agent.ends_with(" app/variable"), "{user_agent}");
    }
}

/// The URL of this service in the environment, the one of all services there, then the same two of the profile.
#[tokio::test]
async fn which_endpoint_url_holds() {
    for reader in Reader::BOTH {
        const ALL: &str = "endpoint_url = http://host-4\n";
        const OWN: &str = "services = here\n\
        [services here]\n\
        sagemaker_runtime =\n  endpoint_url = http://host-3\n\
        sagemaker =\n  endpoint_url = http://host-9\n";
        let both = format!("{ALL}{OWN}");
        let all = ("AWS_ENDPOINT_URL", "http://host-2");
        let own = ("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", "http://host-1");
        let other = ("AWS_ENDPOINT_URL_SAGEMAKER", "http://host-9");
        let none = ("AWS_ENDPOINT_URL_S3", "http://host-9");
        for (settings, variables, expected) in [
            (ALL, [other, none], "http://host-4"),
            (both.as_str(), [other, none], "http://host-3"),
            (OWN, [other, none], "http://host-3"),
            (both.as_str(), [other, all], "http://host-2"),
            (both.as_str(), [all, own], "http://host-1"),
            ("", [own, other], "http://host-1"),
        ] {
            let caller = variables
                .into_iter()
                .fold(caller(reader, settings), |caller, (name, value)| {
                    caller.env(name, value)
                });
            let outcome = caller.calls(0).run().await;
            assert_eq!(outcome.endpoint.as_deref(), Ok(expected), "{settings}{variables:?}");
        }
    }
}

/// The hosts are those of the region, and they are not called here.
#[tokio::test]
async fn which_endpoint_of_the_region_holds() {
    for reader in Reader::BOTH {
        let urls = "endpoint_url = http://host-1\n";
        for (settings, variable, expected) in [
            ("", None, "https://runtime.sagemaker.eu-central-1.amazonaws.com"),
            (
                "use_fips_endpoint = true\n",
                None,
                "https://runtime-fips.sagemaker.eu-central-1.amazonaws.com",
            ),
            (
                "",
                Some("AWS_USE_FIPS_ENDPOINT"),
                "https://runtime-fips.sagemaker.eu-central-1.amazonaws.com",
            ),
            (
                "use_dualstack_endpoint = true\n",
                None,
                "https://runtime.sagemaker.eu-central-1.api.aws",
            ),
            (
                "",
                Some("AWS_USE_DUALSTACK_ENDPOINT"),
                "https://runtime.sagemaker.eu-central-1.api.aws",
            ),
            (
                &format!("{urls}ignore_configured_endpoint_urls = true\n"),
                None,
                "https://runtime.sagemaker.eu-central-1.amazonaws.com",
            ),
            (
                urls,
                Some("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"),
                "https://runtime.sagemaker.eu-central-1.amazonaws.com",
            ),
        ] {
            // A client that speaks TLS needs certificates to trust.
            let mut caller = caller(reader, settings).file("trusted.pem", &Authority::new("an authority").pem());
            let trusted = caller.path("trusted.pem");
            caller = caller.env("SSL_CERT_FILE", trusted.to_str().unwrap());
            if let Some(name) = variable {
                caller = caller.env(name, "true");
            }
            let outcome = caller.calls(0).run().await;
            assert_eq!(outcome.endpoint.as_deref(), Ok(expected), "{settings}{variable:?}");
        }
    }
}

async fn busy() -> Server {
    service_with(keys("DEFAULT"), REGION, |_| Reply::new(503)).await
}

fn attempts(requests: &[Recorded]) -> Vec<&str> {
    requests
        .iter()
        .filter_map(|request| request.header("amz-sdk-request"))
        .collect()
}

#[tokio::test]
async fn attempts_and_their_mode() {
    for reader in Reader::BOTH {
        for (settings, variables, expected) in [
            (
                "",
                &[][..],
                &["attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3"][..],
            ),
            ("max_attempts = 2\n", &[], &["attempt=1; max=2", "attempt=2; max=2"]),
            (
                "max_attempts = 2\n",
                &[("AWS_MAX_ATTEMPTS", "1")],
                &["attempt=1; max=1"],
            ),
            (
                "max_attempts = 2\nretry_mode = adaptive\n",
                &[],
                &["attempt=1; max=2", "attempt=2; max=2"],
            ),
        ] {
            let service = busy().await;
            let caller = caller(reader, &format!("{settings}endpoint_url = {}\n", service.url()));
            let caller = variables
                .iter()
                .fold(caller, |caller, (name, value)| caller.env(name, value));
            let failure = caller.run().await.failure();
            assert_eq!(failure.status, Some(503));
            assert_eq!(attempts(&service.requests()), expected, "{settings}{variables:?}");
            assert_eq!(failure.attempts as usize, expected.len());
        }
    }
}

/// What is found nowhere is told.
#[tokio::test]
async fn a_profile_without_credentials() {
    for reader in Reader::BOTH {
        let service = service(keys("DEFAULT"), REGION).await;
        let config = format!("[default]\nregion = {REGION}\nendpoint_url = {}\n", service.url());
        let failure = Caller::reading(reader).config(&config).run().await.failure();
        assert!(failure.is_credentials, "{failure:?}");
        assert_eq!(failure.attempts, 0);
        assert_eq!(service.connections(), 0);
        let without_region = Caller::reading(reader).credentials(&credentials("default", &keys("DEFAULT")));
        let failure = without_region.run().await.failure();
        assert!(failure.is_configuration, "{failure:?}");
        assert!(failure.text.contains("no region is set"), "{failure:?}");
    }
}

/// A profile that the code selects goes before the credentials of the environment, as in boto3.
#[tokio::test]
async fn a_profile_in_code() {
    let service = service(keys("OTHER"), "us-west-2").await;
    let config = format!(
        "[profile other]\nregion = us-west-2\nendpoint_url = {}\n",
        service.url()
    );
    let caller = Caller::profile();
    let home = caller.path(".aws");
    std::fs::create_dir(&home).unwrap();
    let caller = caller
        .file(".aws/config", &config)
        .file(".aws/credentials", &credentials("other", &keys("OTHER")))
        .env("AWS_ACCESS_KEY_ID", "AKIDVARIABLES")
        .env("AWS_SECRET_ACCESS_KEY", "MARK-secret");
    assert_eq!(caller.run().await.payload(), "prediction");
}

/// Everything that was looked at is in the one line.
#[tokio::test]
async fn nothing_is_configured() {
    let caller = Caller::reading(Reader::Own).env("AWS_REGION", REGION);
    let failure = caller.run().await.failure();
    assert!(failure.is_credentials && !failure.is_configuration, "{failure:?}");
    for part in [
        "InvokeEndpoint failed: no credentials found: environment: ",
        "`AWS_ACCESS_KEY_ID`",
        "; profile: ",
        "; web identity: ",
        "`AWS_WEB_IDENTITY_TOKEN_FILE`",
        "; container: ",
        "; instance metadata: disabled by `AWS_EC2_METADATA_DISABLED`",
    ] {
        assert!(failure.text.contains(part), "{}", failure.text);
    }
}
