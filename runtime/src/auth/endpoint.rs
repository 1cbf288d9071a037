//! Where the services are that give credentials.
//!
//! The rules are those of their descriptions, which have no other conditions for these operations.

use super::context::LoadContext;
use super::error::CredentialsError;
use super::settings::ServiceKeys;
use crate::wire::endpoint::{Endpoint, may_hold_secrets};
use crate::wire::endpoint_rules::Partition;

/// A service that gives credentials or tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenService {
    /// AWS Security Token Service: roles.
    Sts,
    /// The portal of IAM Identity Center: roles for the holder of an SSO token.
    Sso,
    /// IAM Identity Center: SSO tokens.
    SsoOidc,
    /// AWS Sign-In: credentials for `aws login`.
    SignIn,
}

impl TokenService {
    /// What endpoint URLs for it alone are called.
    fn keys(self) -> ServiceKeys<'static> {
        let (variable, property) = match self {
            Self::Sts => ("AWS_ENDPOINT_URL_STS", "sts"),
            Self::Sso => ("AWS_ENDPOINT_URL_SSO", "sso"),
            Self::SsoOidc => ("AWS_ENDPOINT_URL_SSO_OIDC", "sso_oidc"),
            Self::SignIn => ("AWS_ENDPOINT_URL_SIGNIN", "signin"),
        };
        ServiceKeys { variable, property }
    }

    /// The first part of its hosts.
    fn prefix(self) -> &'static str {
        match self {
            Self::Sts => "sts",
            Self::Sso => "portal.sso",
            Self::SsoOidc => "oidc",
            Self::SignIn => "signin",
        }
    }

    /// Its URL in a region, without a slash at the end.
    pub(crate) async fn url(self, context: &LoadContext, region: &str) -> Result<String, CredentialsError> {
        let lookup = context.lookup().await?;
        let config = context.config();
        let use_fips = match config.use_fips {
            Some(use_fips) => use_fips,
            None => lookup.use_fips()?.is_some_and(|setting| setting.value),
        };
        let use_dual_stack = match config.use_dual_stack {
            Some(use_dual_stack) => use_dual_stack,
            None => lookup.use_dual_stack()?.is_some_and(|setting| setting.value),
        };
        let Some(url) = lookup.endpoint_url(self.keys())? else {
            return self.regional_url(region, use_fips, use_dual_stack);
        };
        let fails = |problem: String| {
            url.origin
                .mark(CredentialsError::failed(format!("{}: {problem}", url.origin)))
        };
        if use_fips || use_dual_stack {
            let what = if use_fips { "FIPS" } else { "dual-stack" };
            return Err(fails(format!("an endpoint URL cannot be used with {what} switched on")));
        }
        let endpoint = Endpoint::parse(&url.value).map_err(|problem| match may_hold_secrets(&url.value) {
            // The text may name parts of it.
            true => fails("the endpoint URL is not valid".to_owned()),
            false => fails(problem),
        })?;
        Ok(endpoint.to_string())
    }

    fn regional_url(self, region: &str, use_fips: bool, use_dual_stack: bool) -> Result<String, CredentialsError> {
        if !is_region(region) {
            let problem = format!("`{region}` is not a valid region: it should look like `us-east-1`");
            return Err(CredentialsError::failed(problem));
        }
        let Some(partition) = Partition::of_region(PARTITIONS, region) else {
            return Err(CredentialsError::failed(format!(
                "no partition has the region `{region}`"
            )));
        };
        let prefix = self.prefix();
        let (suffix, dual_stack_suffix) = (partition.dns_suffix, partition.dual_stack_dns_suffix);
        let host = match (use_fips, use_dual_stack) {
            (false, false) => match (self, partition.name) {
                (Self::Sts, "aws") if region == "aws-global" => format!("sts.{suffix}"),
                (Self::SignIn, "aws") => format!("{region}.signin.aws.amazon.com"),
                (Self::SignIn, "aws-cn") => format!("{region}.signin.amazonaws.cn"),
                (Self::SignIn, "aws-us-gov") => format!("{region}.signin.amazonaws-us-gov.com"),
                _ => format!("{prefix}.{region}.{suffix}"),
            },
            // There, all endpoints are validated.
            (true, false) if partition.name == "aws-us-gov" && self != Self::SignIn => {
                format!("{prefix}.{region}.{suffix}")
            }
            (true, false) => format!("{prefix}-fips.{region}.{suffix}"),
            (false, true) => format!("{prefix}.{region}.{dual_stack_suffix}"),
            (true, true) => format!("{prefix}-fips.{region}.{dual_stack_suffix}"),
        };
        Ok(format!("https://{host}"))
    }
}

/// The region that requests to STS are signed for.
pub(crate) fn signing_region(region: &str) -> &str {
    match region {
        "aws-global" => "us-east-1",
        region => region,
    }
}

/// A region becomes a part of a host, so it must not be able to become more than that.
fn is_region(text: &str) -> bool {
    let allowed = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    allowed && (1..=63).contains(&text.len()) && !text.starts_with('-') && !text.ends_with('-')
}

const fn partition(
    name: &'static str,
    [dns_suffix, dual_stack_dns_suffix]: [&'static str; 2],
    region_prefixes: &'static [&'static str],
    regions: &'static [&'static str],
) -> Partition {
    Partition {
        name,
        dns_suffix,
        dual_stack_dns_suffix,
        supports_fips: true,
        supports_dual_stack: true,
        implicit_global_region: "",
        regions,
        region_prefixes,
    }
}

/// The partitions of AWS. Regions that do not look like the others of theirs are listed.
const PARTITIONS: &[Partition] = &[
    partition(
        "aws",
        ["amazonaws.com", "api.aws"],
        &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"],
        &["aws-global"],
    ),
    partition(
        "aws-cn",
        ["amazonaws.com.cn", "api.amazonwebservices.com.cn"],
        &["cn"],
        &["aws-cn-global"],
    ),
    partition(
        "aws-eusc",
        ["amazonaws.eu", "api.amazonwebservices.eu"],
        &["eusc-de"],
        &[],
    ),
    partition(
        "aws-iso",
        ["c2s.ic.gov", "api.aws.ic.gov"],
        &["us-iso"],
        &["aws-iso-global"],
    ),
    partition(
        "aws-iso-b",
        ["sc2s.sgov.gov", "api.aws.scloud"],
        &["us-isob"],
        &["aws-iso-b-global"],
    ),
    partition(
        "aws-iso-e",
        ["cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"],
        &["eu-isoe"],
        &["aws-iso-e-global"],
    ),
    partition(
        "aws-iso-f",
        ["csp.hci.ic.gov", "api.aws.hci.ic.gov"],
        &["us-isof"],
        &["aws-iso-f-global"],
    ),
    partition(
        "aws-us-gov",
        ["amazonaws.com", "api.aws"],
        &["us-gov"],
        &["aws-us-gov-global"],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn url(service: TokenService, region: &str, use_fips: bool, use_dual_stack: bool) -> String {
        let url = service.regional_url(region, use_fips, use_dual_stack);
        url.expect("an endpoint")
    }

    #[test]
    fn hosts() {
        use TokenService::{SignIn, Sso, SsoOidc, Sts};
        for (service, region, fips, dual_stack, expected) in [
            (Sts, "eu-west-1", false, false, "https://sts.eu-west-1.amazonaws.com"),
            (Sts, "aws-global", false, false, "https://sts.amazonaws.com"),
            (
                Sts,
                "cn-north-1",
                false,
                false,
                "https://sts.cn-north-1.amazonaws.com.cn",
            ),
            (
                Sts,
                "us-east-1",
                true,
                false,
                "https://sts-fips.us-east-1.amazonaws.com",
            ),
            (
                Sts,
                "us-gov-west-1",
                true,
                false,
                "https://sts.us-gov-west-1.amazonaws.com",
            ),
            (
                Sts,
                "us-gov-west-1",
                true,
                true,
                "https://sts-fips.us-gov-west-1.api.aws",
            ),
            (
                Sts,
                "eusc-de-east-1",
                false,
                true,
                "https://sts.eusc-de-east-1.api.amazonwebservices.eu",
            ),
            (
                Sts,
                "us-isob-east-1",
                false,
                false,
                "https://sts.us-isob-east-1.sc2s.sgov.gov",
            ),
            (Sts, "xx-new-1", false, false, "https://sts.xx-new-1.amazonaws.com"),
            (
                Sso,
                "us-east-2",
                true,
                true,
                "https://portal.sso-fips.us-east-2.api.aws",
            ),
            (
                Sso,
                "us-east-2",
                false,
                false,
                "https://portal.sso.us-east-2.amazonaws.com",
            ),
            (
                SsoOidc,
                "us-east-2",
                true,
                false,
                "https://oidc-fips.us-east-2.amazonaws.com",
            ),
            (
                SignIn,
                "us-east-1",
                false,
                false,
                "https://us-east-1.signin.aws.amazon.com",
            ),
            (
                SignIn,
                "cn-north-1",
                false,
                false,
                "https://cn-north-1.signin.amazonaws.cn",
            ),
            (
                SignIn,
                "us-gov-east-1",
                false,
                false,
                "https://us-gov-east-1.signin.amazonaws-us-gov.com",
            ),
            (
                SignIn,
                "us-east-1",
                true,
                false,
                "https://signin-fips.us-east-1.amazonaws.com",
            ),
            (SignIn, "us-east-1", false, true, "https://signin.us-east-1.api.aws"),
        ] {
            assert_eq!(url(service, region, fips, dual_stack), expected);
        }
    }

    #[test]
    fn a_region_cannot_lead_elsewhere() {
        for region in [
            "",
            "evil.example/",
            "a.b",
            "-a",
            "a-",
            "us-east-1#",
            "us east",
            &"a".repeat(64),
        ] {
            TokenService::Sts
                .regional_url(region, false, false)
                .expect_err("it is not a region");
        }
    }
}
