//! Roles that moto's STS gives. The default chain finds them, and moto lets nobody but their holders call the service.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use sagemaker_runtime::{Client, Error};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use crate::moto::Moto;
use crate::other_side::OtherSide;
use crate::report::Report;
use crate::{REGION, Result};

/// With this argument, the program is a caller that knows nothing but its environment.
pub(crate) const CALLER: &str = "call";

/// What moto answers to whoever may call.
const PAYLOAD: &str = "body";

/// How many requests moto takes from anyone. From then on it verifies signatures and permissions.
#[derive(Clone, Copy)]
enum Open {
    None = 0,
    /// A web identity is no AWS identity yet, so that its request has no signature.
    One = 1,
}

/// Calls the service by roles.
pub(crate) async fn check(moto: &Moto, boto3: &mut OtherSide, report: &mut Report) -> Result<()> {
    moto.clear(boto3).await?;
    let home = home(&prepare(moto, boto3).await?)?;
    let token = home.path().join("token");
    let profile = |name: &'static str| vec![("AWS_PROFILE", name.to_owned())];
    let web_identity = vec![
        ("AWS_WEB_IDENTITY_TOKEN_FILE", token.display().to_string()),
        ("AWS_ROLE_ARN", arn("reader")),
    ];
    for (name, variables, open, expected) in [
        ("a role of a profile", profile("reader"), Open::None, PAYLOAD),
        ("a role over a role", profile("leaf"), Open::None, PAYLOAD),
        ("a web identity", web_identity, Open::One, PAYLOAD),
        ("a web identity of a profile", profile("pod"), Open::One, PAYLOAD),
        ("a role that may not call", profile("idler"), Open::None, "403"),
        (
            "a role for somebody with a wrong key",
            profile("forger"),
            Open::None,
            "SignatureDoesNotMatch",
        ),
    ] {
        moto.authenticate(boto3, open as u32).await?;
        let outcome = call(moto, home.path(), variables).await?;
        report.add_check(name, "InvokeEndpoint", outcome.contains(expected), &outcome);
    }
    Ok(())
}

fn arn(role: &str) -> String {
    format!("arn:aws:iam::123456789012:role/{role}")
}

/// Makes a user who may assume roles, and the roles. Returns the user's access key.
async fn prepare(moto: &Moto, boto3: &mut OtherSide) -> Result<Value> {
    let allowing = |actions: &[&str]| {
        let statement = json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
        json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
    };
    let for_all = json!({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"});
    let for_all = json!({"Version": "2012-10-17", "Statement": [for_all]}).to_string();
    let mut iam = async |operation, members| boto3.ask(&moto.url, "iam", operation, members).await;
    iam("create_user", json!({"UserName": "user"})).await?;
    let policy = json!({"UserName": "user", "PolicyName": "p", "PolicyDocument": allowing(&["sts:AssumeRole"])});
    iam("put_user_policy", policy).await?;
    for (role, actions) in [
        ("reader", &["sagemaker:InvokeEndpoint", "sts:AssumeRole"][..]),
        ("leaf", &["sagemaker:InvokeEndpoint"]),
        ("idler", &["sagemaker:InvokeEndpointAsync"]),
    ] {
        iam(
            "create_role",
            json!({"RoleName": role, "AssumeRolePolicyDocument": for_all}),
        )
        .await?;
        let policy = json!({"RoleName": role, "PolicyName": "p", "PolicyDocument": allowing(actions)});
        iam("put_role_policy", policy).await?;
    }
    let answer = iam("create_access_key", json!({"UserName": "user"})).await?;
    Ok(answer["AccessKey"].clone())
}

/// A home folder with a profile for each role.
fn home(key: &Value) -> Result<TempDir> {
    let text = |name: &str| {
        key[name]
            .as_str()
            .ok_or_else(|| format!("an access key without {name}"))
    };
    let (id, secret) = (text("AccessKeyId")?, text("SecretAccessKey")?);
    let [reader, leaf, idler] = ["reader", "leaf", "idler"].map(arn);
    let home = tempfile::tempdir()?;
    let token = home.path().join("token");
    fs::write(&token, "token")?;
    fs::create_dir(home.path().join(".aws"))?;
    fs::write(
        home.path().join(".aws/config"),
        format!(
            "[profile user]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n\
             [profile wrong]\naws_access_key_id = {id}\naws_secret_access_key = wrong\n\
             [profile reader]\nrole_arn = {reader}\nsource_profile = user\n\
             [profile leaf]\nrole_arn = {leaf}\nsource_profile = reader\n\
             [profile idler]\nrole_arn = {idler}\nsource_profile = user\n\
             [profile forger]\nrole_arn = {reader}\nsource_profile = wrong\n\
             [profile pod]\nrole_arn = {reader}\nweb_identity_token_file = {}\n",
            token.display()
        ),
    )?;
    Ok(home)
}

/// Starts this program as a caller; returns what it prints.
async fn call(moto: &Moto, home: &Path, variables: Vec<(&str, String)>) -> Result<String> {
    let output = Command::new(std::env::current_exe()?)
        .arg(CALLER)
        .env_clear()
        .env("HOME", home)
        .env("AWS_REGION", REGION)
        .env("AWS_ENDPOINT_URL", &moto.url)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(variables)
        .stderr(Stdio::inherit())
        .output()
        .await?;
    Ok(String::from_utf8(output.stdout)?)
}

/// The caller: prints the payload of a response, or why there is none.
pub(crate) async fn caller() {
    let called: Result<String, Error> = async {
        let call = Client::from_env()?.invoke_endpoint().endpoint_name("churn").body("1");
        call.send().await?.body.text().await
    }
    .await;
    match called {
        Ok(payload) => println!("{payload}"),
        Err(error) => println!("{error}"),
    }
}
