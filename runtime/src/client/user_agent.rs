//! The User-Agent header, in the form that AWS services understand (version 2.1).

use http::HeaderValue;

use crate::words::service::ServiceInfo;

/// Names the client and, if there is one, the user's application.
pub(crate) fn user_agent(service: &ServiceInfo, app_name: Option<&str>) -> HeaderValue {
    let ServiceInfo { package, version, .. } = service;
    let api = token(&service.id.to_ascii_lowercase());
    let os = std::env::consts::OS;
    let arch = std::env::consts::ARCH;
    // `E` tells that retries follow the standard mode.
    let mut text = format!("{package}/{version} ua/2.1 api/{api}#{version} os/{os} lang/rust md/arch#{arch} m/E");
    if let Some(name) = app_name.map(str::trim).filter(|name| !name.is_empty()) {
        text.push_str(" app/");
        text.push_str(&token(name));
    }
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(service.package))
}

/// Replaces what the form does not allow.
fn token(text: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!$%&'*+-.^_`|~,".contains(c);
    text.chars().map(|c| if allowed(c) { c } else { '-' }).collect()
}
