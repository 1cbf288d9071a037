//! What a profile says of IAM Identity Center.

use super::{Base, Profile, SsoBase};
use crate::auth::error::{CredentialsError, Place};
use crate::auth::profile::{Files, Value, nearest};

impl Profile<'_> {
    /// Its role of IAM Identity Center, if it says anything of that.
    pub(super) fn sso(&self, files: &Files) -> Result<Option<(Base, Place)>, CredentialsError> {
        let [session, region, start_url, account, role] = [
            "sso_session",
            "sso_region",
            "sso_start_url",
            "sso_account_id",
            "sso_role_name",
        ]
        .map(|name| self.get(name));
        let all = [&session, &region, &start_url, &account, &role];
        let Some(first) = all.into_iter().flatten().next() else {
            return Ok(None);
        };
        let place = first.place.clone();
        let [region, start_url] = match &session {
            Some(session) => self.site_of_session(files, session, [region, start_url])?,
            None => {
                let own = |name, value: Option<Value<'_>>| match value {
                    Some(value) => Ok(value.text.into_owned()),
                    None => Err(self.fails(&place, format!("uses SSO, but has no `{name}`"))),
                };
                [own("sso_region", region)?, own("sso_start_url", start_url)?]
            }
        };
        let role = match (account, role) {
            (Some(account), Some(role)) => Some((account.text.into_owned(), role.text.into_owned())),
            (None, None) => None,
            (Some(account), None) => {
                return Err(self.fails(&account.place, "has `sso_account_id`, but no `sso_role_name`"));
            }
            (None, Some(role)) => {
                return Err(self.fails(&role.place, "has `sso_role_name`, but no `sso_account_id`"));
            }
        };
        let base = SsoBase {
            session: session.map(|session| session.text.into_owned()),
            region,
            start_url,
            role,
        };
        Ok(Some((Base::Sso(base), place)))
    }

    /// Region and start URL of a session. The profile may only repeat them.
    fn site_of_session(
        &self,
        files: &Files,
        session: &Value<'_>,
        [region, start_url]: [Option<Value<'_>>; 2],
    ) -> Result<[String; 2], CredentialsError> {
        let name = &session.text;
        let entry = files.sso_session(name).ok_or_else(|| {
            let problem = format!("has the `sso_session` `{name}`, but there is no section `[sso-session {name}]`");
            let error = self.fails(&session.place, problem);
            match nearest(name, files.sso_session_names()) {
                Some(nearest) => error.with_hint(format!("did you mean `{nearest}`?")),
                None => error,
            }
        })?;
        let of_session = |name: &str, own: Option<Value<'_>>| {
            let value = entry.get(name);
            if let Some(own) = own
                && value.as_ref().is_none_or(|value| value.text != own.text)
            {
                let problem = format!("has a `{name}`, which belongs into the section of its `sso_session`");
                return Err(self.fails(&own.place, problem));
            }
            value.map(|value| value.text.into_owned()).ok_or_else(|| {
                let problem = format!("the section `[sso-session {}]` has no `{name}`", entry.name());
                CredentialsError::failed(problem).at(&entry.place())
            })
        };
        Ok([
            of_session("sso_region", region)?,
            of_session("sso_start_url", start_url)?,
        ])
    }
}
