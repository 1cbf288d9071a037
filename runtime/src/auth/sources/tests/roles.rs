use std::time::Duration;

use super::{failure, keys, load, reason, role};
use crate::auth::chain::CredentialChain;
use crate::auth::credentials::Credentials;
use crate::auth::source::CredentialsSource;
use crate::auth::sources::{AssumeRole, Environment, Profile, WebIdentity};
use crate::auth::system::{NoAnswerKind, Route};
use crate::auth::testing::{Fake, answer, no_answer};

fn at_hand() -> Credentials {
    Credentials::new("base", "secret of base", None, None, "test")
}

fn in_region() -> Fake {
    Fake::new().variable("AWS_REGION", "eu-west-1").now(1_000_000)
}

#[tokio::test]
async fn keys_of_the_environment() {
    let fake = Fake::new()
        .variable("AWS_ACCESS_KEY_ID", " id ")
        .variable("AWS_SECRET_ACCESS_KEY", "secret\n");
    assert_eq!(keys(&fake, Environment::new()).await, ["id", "secret", "-", "-"]);
    let fake = fake
        .variable("AWS_SESSION_TOKEN", "token")
        .variable("AWS_ACCOUNT_ID", "1");
    assert_eq!(keys(&fake, Environment::new()).await, ["id", "secret", "token", "1"]);
    let fake = fake.variable("AWS_SECRET_ACCESS_KEY", " ");
    let text = failure(&fake, Environment::new()).await;
    assert_eq!(text, "`AWS_ACCESS_KEY_ID` is set, but not `AWS_SECRET_ACCESS_KEY`");
    let fake = fake.variable("AWS_ACCESS_KEY_ID", "");
    let text = reason(&fake, Environment::new()).await;
    assert_eq!(text, "neither `AWS_ACCESS_KEY_ID` nor `AWS_SECRET_ACCESS_KEY` is set");
}

#[tokio::test]
async fn a_role_is_asked_for_with_all_that_belongs_to_it() {
    let fake = in_region().peer(|exchange| {
        let headers = exchange.request.headers();
        assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
        let authorization = headers["authorization"].to_str().expect("text");
        let expected = "AWS4-HMAC-SHA256 Credential=base/19700112/eu-west-1/sts/aws4_request, ";
        assert!(authorization.starts_with(expected), "{authorization}");
        assert_eq!(exchange.route, Route::Usual);
        role("role")
    });
    let source = AssumeRole::new("arn:aws:iam::1:role/r", at_hand());
    assert_eq!(
        keys(&fake, source.clone()).await,
        ["role", "secret of role", "token-of-role", "123456789012"]
    );
    let source = source
        .session_name("me")
        .external_id("x y")
        .duration(Duration::from_secs(900))
        .mfa("serial", |serial| async move { Ok(format!(" code of {serial}\n")) })
        .policy("{}")
        .policy_arn("a")
        .policy_arn("b");
    keys(&fake, source).await;
    let crate_name = env!("CARGO_PKG_NAME");
    let start = "POST https://sts.eu-west-1.amazonaws.com/ Action=AssumeRole&Version=2011-06-15&\
        RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=";
    let expected = [
        format!("{start}{crate_name}-1000000000"),
        format!(
            "{start}me&DurationSeconds=900&ExternalId=x%20y&SerialNumber=serial&TokenCode=code%20of%20serial&\
             Policy=%7B%7D&PolicyArns.member.1.arn=a&PolicyArns.member.2.arn=b"
        ),
    ];
    assert_eq!(fake.requests(), expected);
}

#[tokio::test]
async fn a_role_whose_base_has_nothing() {
    let fake = in_region();
    let source = AssumeRole::new("r", CredentialChain::new().then(Environment::new()));
    let text = failure(&fake, source).await;
    let expected = "the role `r` cannot be assumed: no credentials found: environment: neither `AWS_ACCESS_KEY_ID` nor \
        `AWS_SECRET_ACCESS_KEY` is set";
    assert_eq!(text, expected);
    // Services do not accept its credentials after they have expired, whatever happens to the base.
    let error = load(&fake, AssumeRole::new("r", CredentialChain::default()))
        .await
        .map(|_| ())
        .unwrap_err();
    assert!(!error.is_outage());
}

#[tokio::test]
async fn sts_is_asked_again_after_transient_errors() {
    let error = |code: &str| {
        answer(
            400,
            &format!("<ErrorResponse><Error><Code>{code}</Code><Message>m</Message></Error></ErrorResponse>"),
        )
    };
    for transient in [
        error("Throttling"),
        error("IDPCommunicationError"),
        answer(503, "<html>"),
        Err(no_answer(NoAnswerKind::Broken)),
    ] {
        let fake = in_region().answers(vec![transient, answer(500, ""), role("a")]);
        assert_eq!(keys(&fake, AssumeRole::new("r", at_hand())).await[0], "a");
        assert_eq!(fake.requests().len(), 3);
    }
    let fake = in_region().peer(move |_| error("ExpiredToken"));
    let text = failure(&fake, AssumeRole::new("r", at_hand())).await;
    let expected = "the role `r`: AWS STS refused the role: ExpiredToken (400): m [hint: renew the token or the \
        credentials that the role is assumed with]";
    assert_eq!(text, expected);
    assert_eq!(fake.requests().len(), 1);
    let fake = in_region().peer(|_| Err(no_answer(NoAnswerKind::Timeout)));
    let text = failure(&fake, AssumeRole::new("r", at_hand())).await;
    let expected =
        "the role `r`: the request to AWS STS (https://sts.eu-west-1.amazonaws.com) failed: no answer in time";
    assert_eq!(text, expected);
}

#[tokio::test]
async fn answers_of_sts_that_cannot_be_used() {
    for (body, expected) in [
        ("{}", "XML: it is not valid"),
        ("<a>", "XML: it ends too early"),
        ("<!DOCTYPE a><a/>", "XML: it has a document type"),
        ("<a/>", "it has no `AccessKeyId`"),
    ] {
        let fake = in_region().peer(move |_| answer(200, body));
        let text = failure(&fake, AssumeRole::new("r", at_hand())).await;
        assert!(text.ends_with(&format!("is unusable: {expected}")), "{text}");
    }
}

#[tokio::test]
async fn where_sts_is() {
    let url = async |fake: Fake| {
        let fake = fake.peer(|_| role("a"));
        keys(&fake, AssumeRole::new("r", at_hand())).await;
        fake.requests()
            .last()
            .and_then(|request| request.split(' ').nth(1).map(str::to_owned))
            .expect("a URL")
    };
    let profile = Fake::with_profiles("[default]\nregion = us-west-1\nuse_dualstack_endpoint = true\n", "");
    assert_eq!(url(profile.clone()).await, "https://sts.us-west-1.api.aws/");
    assert_eq!(
        url(profile
            .clone()
            .variable("AWS_DEFAULT_REGION", "cn-north-1")
            .variable("AWS_USE_DUALSTACK_ENDPOINT", "false"))
        .await,
        "https://sts.cn-north-1.amazonaws.com.cn/"
    );
    let fake = in_region().variable("AWS_ENDPOINT_URL", "http://localhost:4566/sts/");
    assert_eq!(url(fake).await, "http://localhost:4566/sts/");
    let fake = in_region().peer(|_| role("a"));
    let config = fake.config().region("us-east-2").use_fips(true);
    let context = crate::auth::LoadContext::new(config);
    CredentialsSource::load(&AssumeRole::new("r", at_hand()), &context)
        .await
        .expect("credentials");
    assert!(fake.requests()[0].starts_with("POST https://sts-fips.us-east-2.amazonaws.com/ "));

    let text = failure(&Fake::new(), AssumeRole::new("r", at_hand())).await;
    assert!(
        text.contains("no region is set for AWS STS [hint: set `AWS_REGION`"),
        "{text}"
    );
    let fake = in_region().variable("AWS_ENDPOINT_URL_STS", "https://u:S3CR3T@host");
    let text = failure(&fake, AssumeRole::new("r", at_hand())).await;
    assert!(
        text.contains("`AWS_ENDPOINT_URL_STS`: the endpoint URL is not valid") && !text.contains("S3CR3T"),
        "{text}"
    );
    let fake = in_region()
        .variable("AWS_ENDPOINT_URL_STS", "http://x")
        .variable("AWS_USE_FIPS_ENDPOINT", "true");
    let text = failure(&fake, AssumeRole::new("r", at_hand())).await;
    assert!(
        text.contains("an endpoint URL cannot be used with FIPS switched on"),
        "{text}"
    );
}

#[tokio::test]
async fn web_identity_of_the_environment() {
    let fake = in_region()
        .variable("AWS_WEB_IDENTITY_TOKEN_FILE", "/t")
        .variable("AWS_ROLE_ARN", "r")
        .variable("AWS_ROLE_SESSION_NAME", "s")
        .file("/t", "J.W.T\n")
        .peer(|exchange| {
            assert!(!exchange.request.headers().contains_key("authorization"));
            role("a")
        });
    keys(&fake, WebIdentity::from_env()).await;
    let fake = fake.file("/t", "N.E.W");
    keys(&fake, WebIdentity::from_env()).await;
    keys(
        &fake,
        WebIdentity::new("other", "/t")
            .session_name("n")
            .duration(Duration::from_secs(1800)),
    )
    .await;
    let start = "POST https://sts.eu-west-1.amazonaws.com/ Action=AssumeRoleWithWebIdentity&Version=2011-06-15&";
    let expected = [
        format!("{start}RoleArn=r&RoleSessionName=s&WebIdentityToken=J.W.T"),
        format!("{start}RoleArn=r&RoleSessionName=s&WebIdentityToken=N.E.W"),
        format!("{start}RoleArn=other&RoleSessionName=n&DurationSeconds=1800&WebIdentityToken=N.E.W"),
    ];
    assert_eq!(fake.requests(), expected);
}

#[tokio::test]
async fn web_identity_that_is_not_complete() {
    let fake = in_region();
    let text = reason(&fake.clone().variable("AWS_ROLE_ARN", "r"), WebIdentity::from_env()).await;
    assert_eq!(text, "`AWS_WEB_IDENTITY_TOKEN_FILE` is not set");
    let fake = fake.variable("AWS_WEB_IDENTITY_TOKEN_FILE", "/t");
    let text = failure(&fake, WebIdentity::from_env()).await;
    assert_eq!(text, "`AWS_WEB_IDENTITY_TOKEN_FILE` is set, but not `AWS_ROLE_ARN`");
    let fake = fake.variable("AWS_ROLE_ARN", "r");
    let text = failure(&fake, WebIdentity::from_env()).await;
    assert!(
        text.starts_with("the web identity token `/t` cannot be read: "),
        "{text}"
    );
    let text = failure(&fake.clone().file("/t", "\n"), WebIdentity::from_env()).await;
    assert_eq!(text, "the web identity token `/t` is empty");
    let text = failure(&fake.clone().file("/t", [0xff]), WebIdentity::from_env()).await;
    assert_eq!(text, "the web identity token `/t` is not UTF-8");
    assert!(fake.requests().is_empty());
}

const CHAINED: &str = "[default]\nregion = eu-west-1\nrole_arn = A\nsource_profile = b\n[profile b]\nrole_arn = B\n\
    source_profile = c\nexternal_id = x\n[profile c]\naws_access_key_id = id\naws_secret_access_key = secret\n";

#[tokio::test]
async fn roles_of_profiles_are_assumed_one_with_the_other() {
    let fake = Fake::with_profiles(CHAINED, "").peer(|exchange| {
        let authorization = exchange.request.headers()["authorization"].to_str().expect("text");
        let key = authorization.split(['=', '/']).nth(1).expect("a key");
        role(&format!("{key}+"))
    });
    assert_eq!(keys(&fake, Profile::new()).await[0], "id++");
    let requests = fake.requests();
    let order: Vec<_> = requests.iter().map(|request| request.contains("RoleArn=B")).collect();
    assert_eq!(order, [true, false]);
    assert!(requests[0].contains("ExternalId=x") && !requests[1].contains("ExternalId"));
    // The files are read once.
    assert_eq!(fake.reads().len(), 2, "{:?}", fake.reads());
}

#[tokio::test]
async fn a_role_that_is_refused_is_named_with_its_line() {
    let body = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>m</Message></Error></ErrorResponse>";
    let fake = Fake::with_profiles(CHAINED, "").answers(vec![role("a"), answer(403, body)]);
    let text = failure(&fake, Profile::new()).await;
    let expected = "the profile `default`: the role `A`: AWS STS refused the role: AccessDenied (403): m \
        [/home/a/.aws/config:3, hint: check that the trust policy";
    assert!(text.starts_with(expected), "{text}");
}

#[tokio::test]
async fn mfa_codes_are_asked_for() {
    let config = "[default]\nregion = eu-west-1\nrole_arn = A\nmfa_serial = m\nsource_profile = default\n\
        aws_access_key_id = id\naws_secret_access_key = secret\n";
    let fake = Fake::with_profiles(config, "").peer(|_| role("a"));
    let text = failure(&fake, Profile::new()).await;
    let expected = "the profile `default` needs a code from the MFA device `m`, but no callback supplies one \
        [/home/a/.aws/config:3, hint: set one with `.mfa_code(..)`]";
    assert_eq!(text, expected);
    assert!(fake.requests().is_empty());
    let chain = CredentialChain::with_mfa_code(|serial| async move { Ok(format!("code-{serial}")) });
    assert_eq!(keys(&fake, chain).await[0], "a");
    assert!(fake.requests()[0].ends_with("&SerialNumber=m&TokenCode=code-m"));
    let text = failure(
        &fake,
        Profile::new().mfa_code(|_| async { Err("nobody is there".into()) }),
    )
    .await;
    assert!(
        text.contains("no code for the MFA device `m`: nobody is there"),
        "{text}"
    );
}

#[tokio::test]
async fn sources_that_a_profile_names_must_have_credentials() {
    for (source, expected) in [
        ("Environment", "neither `AWS_ACCESS_KEY_ID` nor"),
        ("EcsContainer", "neither `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` nor"),
        ("Ec2InstanceMetadata", "http://169.254.169.254: no answer within 1s"),
    ] {
        let config = format!("[default]\nregion = r\nrole_arn = A\ncredential_source = {source}\n");
        let text = failure(&Fake::with_profiles(&config, ""), Profile::new()).await;
        let expected = format!("the profile `default` has no credentials for its role: {expected}");
        assert!(
            text.starts_with(&expected) && text.contains("[/home/a/.aws/config:4"),
            "{text}"
        );
        // Without a role, too.
        let config = format!("[default]\ncredential_source = {source}\n");
        let text = failure(&Fake::with_profiles(&config, ""), Profile::new()).await;
        assert!(text.contains("[/home/a/.aws/config:2"), "{text}");
    }
}

#[tokio::test]
async fn a_profile_with_a_web_identity() {
    let config = "[default]\nregion = eu-west-1\nrole_arn = A\nweb_identity_token_file = ~/t\nrole_session_name = s\n";
    let fake = Fake::with_profiles(config, "")
        .file("/home/a/t", "J.W.T")
        .peer(|_| role("a"));
    assert_eq!(keys(&fake, Profile::new()).await[0], "a");
    assert!(fake.requests()[0].ends_with("RoleArn=A&RoleSessionName=s&WebIdentityToken=J.W.T"));
}

#[tokio::test]
async fn which_profile_is_used() {
    let keys_of = |name: &str| format!("aws_access_key_id = {name}\naws_secret_access_key = s\n");
    let config = ["default", "profile b", "profile c"].map(|name| format!("[{name}]\n{}", keys_of(name)));
    let fake = Fake::with_profiles(&config.concat(), "");
    assert_eq!(keys(&fake, Profile::new()).await[0], "default");
    let fake = fake.variable("AWS_PROFILE", "b");
    assert_eq!(keys(&fake, Profile::new()).await[0], "profile b");
    assert_eq!(keys(&fake, Profile::named("default")).await[0], "default");
    let context = crate::auth::LoadContext::new(fake.config().profile("c"));
    let found = Profile::new().load(&context).await.expect("credentials");
    assert_eq!(found.access_key_id(), "profile c");
    let text = failure(&fake, Profile::named("d")).await;
    assert!(
        text.starts_with("the code selects the profile `d`, but there is no `d` among"),
        "{text}"
    );
}
