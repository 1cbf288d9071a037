//! Roles that a profile assumes, one by means of the other.

use percent_encoding::percent_decode_str;
use tests::server::{Recorded, Reply, Server};
use tests::sigv4::{self, Keys};

use crate::process::{Caller, Reader};
use crate::service::{REGION, keys, service};

/// A user who may become BASE, which may become LEAF.
fn profiles(reader: Reader, sts: &Server, service: &Server) -> Caller {
    let Keys {
        access_key, secret_key, ..
    } = keys("USER");
    let config = format!(
        "[default]\nrole_arn = arn:aws:iam::123456789012:role/LEAF\nsource_profile = base\nregion = {REGION}\n\
         endpoint_url = {}\n\
         [profile base]\nrole_arn = arn:aws:iam::123456789012:role/BASE\nsource_profile = user\n\
         [profile user]\naws_access_key_id = {access_key}\naws_secret_access_key = {secret_key}\n",
        service.url()
    );
    Caller::reading(reader)
        .config(&config)
        .env("AWS_ENDPOINT_URL_STS", sts.url())
}

/// The user has no session token.
fn user() -> Keys {
    Keys {
        session_token: None,
        ..keys("USER")
    }
}

/// The role that a request to STS asks for.
fn role(request: &Recorded) -> String {
    let form = String::from_utf8(request.body.to_vec()).unwrap();
    assert!(form.starts_with("Action=AssumeRole&Version=2011-06-15&"), "{form}");
    let arn = form
        .split('&')
        .find_map(|field| field.strip_prefix("RoleArn="))
        .unwrap();
    let arn = percent_decode_str(arn).decode_utf8().unwrap();
    arn.rsplit_once('/').unwrap().1.to_owned()
}

/// What STS says when somebody may become a role.
pub(crate) fn assumed(role: &str) -> Reply {
    let Keys {
        access_key,
        secret_key,
        session_token,
    } = keys(role);
    let token = session_token.unwrap();
    Reply::new(200).header("content-type", "text/xml").body(format!(
        r#"<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
            <AssumeRoleResult>
                <AssumedRoleUser>
                    <AssumedRoleId>AROA:session</AssumedRoleId>
                    <Arn>arn:aws:sts::123456789012:assumed-role/{role}/session</Arn>
                </AssumedRoleUser>
                <Credentials>
                    <AccessKeyId>{access_key}</AccessKeyId>
                    <SecretAccessKey>{secret_key}</SecretAccessKey>
                    <SessionToken>{token}</SessionToken>
                    <Expiration>2099-01-01T00:00:00Z</Expiration>
                </Credentials>
            </AssumeRoleResult>
            <ResponseMetadata><RequestId>sts-1</RequestId></ResponseMetadata>
        </AssumeRoleResponse>"#
    ))
}

fn denied(message: &str) -> Reply {
    Reply::new(403).header("content-type", "text/xml").body(format!(
        r#"<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
            <Error><Type>Sender</Type><Code>AccessDenied</Code><Message>{message}</Message></Error>
            <RequestId>sts-2</RequestId>
        </ErrorResponse>"#
    ))
}

/// Each role is assumed with the credentials of the one before it, and the call is signed with those of the last.
#[tokio::test]
async fn a_chain_of_roles() {
    for reader in Reader::BOTH {
        let sts = Server::start(|request| {
            let role = role(request);
            let signer = match &*role {
                "BASE" => user(),
                _ => keys("BASE"),
            };
            match sigv4::verify_signature(request, &signer, "sts") {
                Ok(_) => assumed(&role),
                Err(problem) => denied(problem.lines().next().unwrap_or_default()),
            }
        })
        .await;
        let service = service(keys("LEAF"), REGION).await;
        let outcome = profiles(reader, &sts, &service).calls(2).run().await;
        assert_eq!(outcome.payload(), "prediction");
        let roles: Vec<String> = sts.requests().iter().map(role).collect();
        assert_eq!(roles, ["BASE", "LEAF"], "they last for all calls");
        assert_eq!(service.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_role_that_is_refused() {
    for reader in Reader::BOTH {
        let sts = Server::start(|request| match &*role(request) {
            "BASE" => assumed("BASE"),
            _ => denied("BASE may not become LEAF"),
        })
        .await;
        let service = service(keys("LEAF"), REGION).await;
        let failure = profiles(reader, &sts, &service).run().await.failure();
        assert!(failure.is_credentials, "{failure:?}");
        assert_eq!(failure.attempts, 0);
        let causes = [failure.text.as_str(), &failure.causes].concat();
        assert!(causes.contains("AccessDenied"), "{causes}");
        assert_eq!(sts.requests().len(), 2);
        assert_eq!(service.connections(), 0);
    }
}
