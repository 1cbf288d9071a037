use super::*;
use crate::auth::profile::{Locations, SelectedBy};
use crate::auth::testing::Fake;

fn resolve_in(config: &str, credentials: &str, name: &str) -> Result<Plan, CredentialsError> {
    let fake = Fake::with_profiles(config, credentials);
    let files = Files::read(&fake, &Locations::find(&fake)).expect("files");
    let by = if name == "default" {
        SelectedBy::Nothing
    } else {
        SelectedBy::Code
    };
    let name = name.to_owned();
    Plan::resolve(&files, &Selected { name, by })
}

fn resolve(config: &str, name: &str) -> Plan {
    resolve_in(config, "", name).unwrap_or_else(|error| panic!("{error}"))
}

/// The text of a failure, with file and line.
fn failure(config: &str, name: &str) -> String {
    let error = resolve_in(config, "", name).map(|_| ()).unwrap_err();
    assert!(!error.is_not_configured(), "{error}");
    error.to_string().replace("/home/a/.aws/", "")
}

#[test]
fn roles_come_from_the_base_outwards() {
    let config = "[profile a]\nrole_arn = A\nsource_profile = b\nexternal_id = x\nduration_seconds = 900\n\
        mfa_serial = m\nrole_session_name = s\n[profile b]\nrole_arn = B\nsource_profile = c\n\
        [profile c]\naws_access_key_id = id\naws_secret_access_key = secret\n";
    let plan = resolve(config, "a");
    let Base::Keys(keys) = &plan.base else {
        panic!("{plan:?}");
    };
    assert_eq!(keys.access_key_id(), "id");
    assert_eq!((plan.base_profile.as_str(), plan.base_place.line), ("c", 12));
    let roles: Vec<_> = plan
        .roles
        .iter()
        .map(|role| (role.role_arn.as_str(), role.place.line))
        .collect();
    assert_eq!(roles, [("B", 9), ("A", 2)]);
    let outer = &plan.roles[1];
    assert_eq!(outer.external_id.as_deref(), Some("x"));
    assert_eq!(outer.session_name.as_deref(), Some("s"));
    assert_eq!(outer.mfa_serial.as_deref(), Some("m"));
    assert_eq!(outer.duration, Some(Duration::from_secs(900)));
    assert!(!format!("{plan:?}").contains("secret\""), "{plan:?}");
}

#[test]
fn keys_of_both_files_make_one_profile() {
    let plan = resolve_in(
        "[profile a]\naws_access_key_id = old\naws_account_id = 1\n",
        "[a]\nAWS_Access_Key_Id = id\naws_secret_access_key = secret\n",
        "a",
    );
    let Base::Keys(keys) = plan.expect("a plan").base else {
        panic!("no keys");
    };
    assert_eq!((keys.access_key_id(), keys.account_id()), ("id", Some("1")));
}

#[test]
fn the_own_source_of_a_role() {
    let keys = "aws_access_key_id = id\naws_secret_access_key = secret\n";
    let plan = resolve(&format!("[profile a]\nrole_arn = A\nsource_profile = a\n{keys}"), "a");
    assert!(matches!(plan.base, Base::Keys(_)) && plan.roles.len() == 1, "{plan:?}");
    for (name, expected) in [
        ("Environment", "Environment"),
        ("ecscontainer", "Container"),
        ("EC2INSTANCEMETADATA", "InstanceMetadata"),
    ] {
        let plan = resolve(
            &format!("[profile a]\nrole_arn = A\ncredential_source = {name}\n{keys}"),
            "a",
        );
        assert_eq!(format!("{:?}", plan.base), expected);
        assert_eq!(plan.roles.len(), 1);
    }
    // Without a role, it gives the credentials themselves.
    let plan = resolve("[profile a]\ncredential_source = Environment\n", "a");
    assert!(plan.roles.is_empty());
}

#[test]
fn what_a_base_is() {
    let sso = "sso_region = r\nsso_start_url = u\nsso_account_id = 1\nsso_role_name = n\n";
    let process = "credential_process = p\n";
    let login = "login_session = l\n";
    let web = "web_identity_token_file = /t\nrole_arn = R\n";
    let keys = "aws_access_key_id = id\naws_secret_access_key = secret\n";
    for (properties, expected) in [
        (&[keys, process, login, sso, web][..], "WebIdentity"),
        (&[keys, process, login, sso], "Sso"),
        (&[keys, process, login], "Login"),
        (&[keys, process], "Process"),
        (&[keys], "Keys"),
    ] {
        let plan = resolve(&format!("[default]\n{}", properties.concat()), "default");
        assert!(format!("{:?}", plan.base).starts_with(expected), "{plan:?}");
        assert!(plan.roles.is_empty());
    }
    // As a source profile, keys go first.
    let config = format!("[default]\nrole_arn = A\nsource_profile = b\n[profile b]\n{keys}{process}");
    assert!(matches!(resolve(&config, "default").base, Base::Keys(_)));
}

#[test]
fn sso_sessions() {
    let session = "[sso-session s]\nsso_region = r\nsso_start_url = https://u/start#/\n";
    let plan = resolve(&format!("[default]\nsso_session = s\n{session}"), "default");
    let Base::Sso(sso) = plan.base else {
        panic!("no SSO");
    };
    assert_eq!(
        (sso.region.as_str(), sso.start_url.as_str()),
        ("r", "https://u/start#/")
    );
    assert!(sso.role.is_none());
    // What is the same in both does no harm.
    resolve(
        &format!("[default]\nsso_session = s\nsso_region = r\n{session}"),
        "default",
    );
}

#[test]
fn what_is_not_configured() {
    for (config, name) in [
        ("", "default"),
        ("[profile a]\nrole_arn = A\n", "default"),
        ("[profile a]\nx = y\n", "a"),
    ] {
        let error = resolve_in(config, "", name).map(|_| ()).unwrap_err();
        assert!(error.is_not_configured(), "{error}");
    }
    let empty = resolve_in(
        "[default]\naws_access_key_id =\naws_secret_access_key = \n",
        "",
        "default",
    );
    assert!(empty.map(|_| ()).unwrap_err().is_not_configured());
}

#[test]
fn failures_say_where_and_what() {
    for (config, expected) in [
        (
            "[profile a]\nrole_arn = A\n",
            "the profile `a` has a `role_arn`, but neither `source_profile` nor `credential_source` [config:2]",
        ),
        (
            "[profile a]\nrole_arn = A\nsource_profile = b\ncredential_source = Environment\n",
            "the profile `a` has both `source_profile` and `credential_source`: a role is assumed with one of them \
             [config:4]",
        ),
        (
            "[profile a]\nrole_arn = A\nsource_profile = bb\n[profile b]\n",
            "the profile `a` has the `source_profile` `bb`, but there is no `bb` among the profiles `a`, `b` [config:3, \
             hint: did you mean `b`?]",
        ),
        (
            "[profile a]\nrole_arn = A\nsource_profile = b\n[profile b]\nrole_arn = B\nsource_profile = a\n",
            "the source profiles form a cycle: `a`, `b`, `a` [config:1]",
        ),
        (
            "[profile a]\nrole_arn = A\nsource_profile = b\n[profile b]\nregion = r\n",
            "the profile `b` has no credentials for the role that is assumed with it [config:4]",
        ),
        (
            "[profile a]\nrole_arn = A\nsource_profile = a\n",
            "the profile `a` has no credentials for the role that is assumed with it [config:1]",
        ),
        (
            "[profile a]\nrole_arn = A\ncredential_source = Ec2\n",
            "the profile `a` has the unknown `credential_source` `Ec2`: it must be `Environment`, `EcsContainer` or \
             `Ec2InstanceMetadata` [config:3]",
        ),
        (
            "[profile a]\nrole_arn = A\nsource_profile = a\nduration_seconds = 899\n",
            "the profile `a` has `899` for `duration_seconds`: it must be a number from 900 to 43200 [config:4]",
        ),
        (
            "[profile a]\nrole_arn = A\nweb_identity_token_file = t\nduration_seconds = 1h\n",
            "the profile `a` has `1h` for `duration_seconds`: it must be a number from 900 to 43200 [config:4]",
        ),
        (
            "[profile a]\nweb_identity_token_file = t\n",
            "the profile `a` has a `web_identity_token_file`, but no `role_arn` [config:2]",
        ),
        (
            "[profile a]\naws_access_key_id = id\n",
            "the profile `a` has `aws_access_key_id`, but no `aws_secret_access_key` [config:2]",
        ),
        (
            "[profile a]\naws_secret_access_key = S3CR3T\n",
            "the profile `a` has `aws_secret_access_key`, but no `aws_access_key_id` [config:2]",
        ),
        (
            "[profile a]\naws_session_token = S3CR3T\n",
            "the profile `a` has `aws_session_token`, but no `aws_access_key_id` [config:2]",
        ),
        (
            "[profile a]\nsso_session = dew\n[sso-session dev]\n",
            "the profile `a` has the `sso_session` `dew`, but there is no section `[sso-session dew]` [config:2, hint: \
             did you mean `dev`?]",
        ),
        (
            "[profile a]\nsso_session = s\nsso_region = x\n[sso-session s]\nsso_start_url = u\n",
            "the profile `a` has a `sso_region`, which belongs into the section of its `sso_session` [config:3]",
        ),
        (
            "[profile a]\nsso_session = s\n[sso-session s]\nsso_region = r\n",
            "the section `[sso-session s]` has no `sso_start_url` [config:3]",
        ),
        (
            "[profile a]\nsso_account_id = 1\nsso_role_name = n\nsso_region = r\n",
            "the profile `a` uses SSO, but has no `sso_start_url` [config:4]",
        ),
        (
            "[profile a]\nsso_start_url = u\nsso_region = r\nsso_role_name = n\n",
            "the profile `a` has `sso_role_name`, but no `sso_account_id` [config:4]",
        ),
        (
            "[profile a]\nsso_start_url = u\nsso_region = r\nsso_account_id = 1\n",
            "the profile `a` has `sso_account_id`, but no `sso_role_name` [config:4]",
        ),
    ] {
        assert_eq!(failure(config, "a"), expected);
    }
}

#[test]
fn a_selected_profile_must_exist() {
    let text = failure("[profile production]\n[profile staging]\n", "prodution");
    let expected = "the code selects the profile `prodution`, but there is no `prodution` among the profiles \
        `production`, `staging` [hint: did you mean `production`?]";
    assert_eq!(text, expected);
    // The reason may be that it is written in a form that is ignored.
    let text = failure("[dev]\n", "dev");
    let expected = "the code selects the profile `dev`, but there are no profiles (`[dev]` is ignored: a profile is \
        written as `[profile dev]` in this file (config:1))";
    assert_eq!(text, expected);
}
