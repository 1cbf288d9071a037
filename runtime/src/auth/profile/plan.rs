//! How a profile leads to credentials: from a base, through roles.

mod sso;

use std::time::Duration;

use super::{Entry, Files, Selected, Value, nearest};
use crate::auth::credentials::Credentials;
use crate::auth::error::{CredentialsError, Place};

/// How long a session may last, in seconds.
const SESSION_SECONDS: std::ops::RangeInclusive<u32> = 900..=43_200;

/// How a profile leads to credentials.
#[derive(Debug)]
pub struct Plan {
    /// Where the first credentials come from.
    pub base: Base,
    /// The name of the profile that says so.
    pub base_profile: String,
    /// The line that says so.
    pub base_place: Place,
    /// The roles to assume after that, one with the credentials of the other.
    pub roles: Vec<Role>,
}

/// Where a profile's first credentials come from.
#[derive(Debug)]
pub enum Base {
    /// They stand there.
    Keys(Credentials),
    /// `credential_source = Environment`.
    Environment,
    /// `credential_source = EcsContainer`.
    Container,
    /// `credential_source = Ec2InstanceMetadata`.
    InstanceMetadata,
    /// A role for the holder of a token.
    WebIdentity(WebIdentityBase),
    /// IAM Identity Center.
    Sso(SsoBase),
    /// `login_session`: what `aws login` has left.
    Login(String),
    /// `credential_process`.
    Process(ProcessBase),
}

/// A role for the holder of a token.
#[derive(Debug)]
pub struct WebIdentityBase {
    /// The role.
    pub role_arn: String,
    /// The file with the token, as it is written.
    pub token_file: String,
    /// What the session is called.
    pub session_name: Option<String>,
    /// How long the session lasts.
    pub duration: Option<Duration>,
}

/// A role of IAM Identity Center.
#[derive(Debug)]
pub struct SsoBase {
    /// The session, where the profile has one.
    pub session: Option<String>,
    /// The region of the portal.
    pub region: String,
    /// Where people log in.
    pub start_url: String,
    /// The account and the role. A profile without them gives no credentials, but a bearer token.
    pub role: Option<(String, String)>,
}

/// A command that prints credentials.
pub struct ProcessBase {
    /// The command: its arguments may be secret.
    pub command: String,
    /// The account, unless the command tells another.
    pub account_id: Option<String>,
}

impl std::fmt::Debug for ProcessBase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProcessBase").finish_non_exhaustive()
    }
}

/// A role to assume.
#[derive(Debug)]
pub struct Role {
    /// The role.
    pub role_arn: String,
    /// What the owner of the role wants to be told.
    pub external_id: Option<String>,
    /// What the session is called.
    pub session_name: Option<String>,
    /// How long the session lasts.
    pub duration: Option<Duration>,
    /// The device that has a code for it.
    pub mfa_serial: Option<String>,
    /// The name of the profile that has it.
    pub profile: String,
    /// The line that has it.
    pub place: Place,
}

impl Plan {
    /// The way from the selected profile.
    ///
    /// # Errors
    ///
    /// Not configured, if there is no such profile and nothing selects it, or if it says nothing of credentials. Failed,
    /// if what it says cannot be.
    pub fn resolve(files: &Files, selected: &Selected) -> Result<Self, CredentialsError> {
        let Some(mut entry) = files.profile(&selected.name) else {
            return Err(selected.missing(files));
        };
        let mut seen = Vec::new();
        let mut roles = Vec::new();
        let (base_profile, (base, base_place)) = loop {
            let profile = Profile(entry);
            let name = profile.0.name();
            if seen.contains(&name) {
                return Err(cycle(&seen, &profile));
            }
            seen.push(name);
            // The keys of a source profile go before its role.
            if !roles.is_empty()
                && let Ok(Some(keys)) = profile.keys()
            {
                break (name, keys);
            }
            if let Some(role) = profile.role()? {
                roles.push(role);
                if let Some(next) = profile.next(files)? {
                    entry = next;
                    continue;
                }
            }
            let base = profile.base(files)?;
            break (name, base.ok_or_else(|| profile.says_nothing(!roles.is_empty()))?);
        };
        roles.reverse();
        Ok(Self {
            base,
            base_profile: base_profile.to_owned(),
            base_place,
            roles,
        })
    }
}

/// A profile on the way.
struct Profile<'a>(Entry<'a>);

impl<'a> Profile<'a> {
    fn get(&self, name: &str) -> Option<Value<'a>> {
        self.0.get(name)
    }

    fn text(&self, name: &str) -> Option<String> {
        Some(self.get(name)?.text.into_owned())
    }

    /// Something is wrong with this profile.
    fn fails(&self, place: &Place, problem: impl std::fmt::Display) -> CredentialsError {
        CredentialsError::failed(format!("the profile `{}` {problem}", self.0.name())).at(place)
    }

    /// The role that it assumes with credentials that come from elsewhere. With a token, a role is a base.
    fn role(&self) -> Result<Option<Role>, CredentialsError> {
        let Some(role_arn) = self.get("role_arn") else {
            return Ok(None);
        };
        if self.get("web_identity_token_file").is_some() {
            return Ok(None);
        }
        Ok(Some(Role {
            role_arn: role_arn.text.into_owned(),
            external_id: self.text("external_id"),
            session_name: self.text("role_session_name"),
            duration: self.duration()?,
            mfa_serial: self.text("mfa_serial"),
            profile: self.0.name().to_owned(),
            place: role_arn.place,
        }))
    }

    fn duration(&self) -> Result<Option<Duration>, CredentialsError> {
        let Some(value) = self.get("duration_seconds") else {
            return Ok(None);
        };
        let seconds = value.text.trim().parse().ok();
        let Some(seconds) = seconds.filter(|seconds| SESSION_SECONDS.contains(seconds)) else {
            let (first, last) = SESSION_SECONDS.into_inner();
            let problem = format!(
                "has `{}` for `duration_seconds`: it must be a number from {first} to {last}",
                value.text
            );
            return Err(self.fails(&value.place, problem));
        };
        Ok(Some(Duration::from_secs(seconds.into())))
    }

    /// The profile whose credentials a role is assumed with; `None` if that is this one.
    fn next<'f>(&self, files: &'f Files) -> Result<Option<Entry<'f>>, CredentialsError> {
        let source = match (self.get("source_profile"), self.get("credential_source")) {
            (Some(source), None) => source,
            (None, Some(_)) => return Ok(None),
            (Some(_), Some(other)) => {
                let problem = "has both `source_profile` and `credential_source`: a role is assumed with one of them";
                return Err(self.fails(&other.place, problem));
            }
            (None, None) => {
                let problem = "has a `role_arn`, but neither `source_profile` nor `credential_source`";
                let place = self.get("role_arn").map_or_else(|| self.0.place(), |role| role.place);
                return Err(self.fails(&place, problem));
            }
        };
        let name = &*source.text;
        if name == self.0.name() {
            return Ok(None);
        }
        let next = files.profile(name).ok_or_else(|| {
            let problem = format!("has the `source_profile` `{name}`, but {}", files.without(name));
            let error = self.fails(&source.place, problem);
            match nearest(name, files.profile_names()) {
                Some(nearest) => error.with_hint(format!("did you mean `{nearest}`?")),
                None => error,
            }
        });
        next.map(Some)
    }

    /// Where its own credentials come from; `None` if it says nothing of them.
    fn base(&self, files: &Files) -> Result<Option<(Base, Place)>, CredentialsError> {
        if let Some(source) = self.get("credential_source") {
            return self.named_source(&source).map(|base| Some((base, source.place)));
        }
        if let Some(file) = self.get("web_identity_token_file") {
            let Some(role_arn) = self.text("role_arn") else {
                return Err(self.fails(&file.place, "has a `web_identity_token_file`, but no `role_arn`"));
            };
            let base = WebIdentityBase {
                role_arn,
                token_file: file.text.into_owned(),
                session_name: self.text("role_session_name"),
                duration: self.duration()?,
            };
            return Ok(Some((Base::WebIdentity(base), file.place)));
        }
        if let Some(found) = self.sso(files)? {
            return Ok(Some(found));
        }
        if let Some(session) = self.get("login_session") {
            return Ok(Some((Base::Login(session.text.into_owned()), session.place)));
        }
        if let Some(command) = self.get("credential_process") {
            let base = ProcessBase {
                command: command.text.into_owned(),
                account_id: self.text("aws_account_id"),
            };
            return Ok(Some((Base::Process(base), command.place)));
        }
        self.keys()
    }

    fn named_source(&self, source: &Value<'_>) -> Result<Base, CredentialsError> {
        const SOURCES: [(&str, Base); 3] = [
            ("Environment", Base::Environment),
            ("EcsContainer", Base::Container),
            ("Ec2InstanceMetadata", Base::InstanceMetadata),
        ];
        let mut sources = SOURCES.into_iter();
        let found = sources.find(|(name, _)| name.eq_ignore_ascii_case(source.text.trim()));
        found.map(|(_, base)| base).ok_or_else(|| {
            let problem = format!(
                "has the unknown `credential_source` `{}`: it must be `Environment`, `EcsContainer` or \
                 `Ec2InstanceMetadata`",
                source.text
            );
            self.fails(&source.place, problem)
        })
    }

    fn keys(&self) -> Result<Option<(Base, Place)>, CredentialsError> {
        let id = self.get("aws_access_key_id");
        let secret = self.get("aws_secret_access_key");
        let token = self.get("aws_session_token");
        match (id, secret) {
            (Some(id), Some(secret)) => {
                let token = token.map(|token| token.text.into_owned());
                let mut keys = Credentials::new(id.text, secret.text, token, None, "profile");
                if let Some(account_id) = self.text("aws_account_id") {
                    keys = keys.with_account_id(account_id);
                }
                Ok(Some((Base::Keys(keys), id.place)))
            }
            (None, None) => match token {
                None => Ok(None),
                Some(token) => Err(self.fails(&token.place, "has `aws_session_token`, but no `aws_access_key_id`")),
            },
            (Some(id), None) => Err(self.fails(&id.place, "has `aws_access_key_id`, but no `aws_secret_access_key`")),
            (None, Some(secret)) => {
                Err(self.fails(&secret.place, "has `aws_secret_access_key`, but no `aws_access_key_id`"))
            }
        }
    }

    /// There is nothing about credentials in it. Where another profile needs some, that is a failure.
    fn says_nothing(&self, is_needed: bool) -> CredentialsError {
        let place = self.0.place();
        match is_needed {
            true => self.fails(&place, "has no credentials for the role that is assumed with it"),
            false => {
                let name = self.0.name();
                CredentialsError::not_configured(format!("the profile `{name}` ({place}) has no credentials"))
            }
        }
    }
}

fn cycle(seen: &[&str], profile: &Profile<'_>) -> CredentialsError {
    let name = profile.0.name();
    let way: Vec<_> = seen.iter().chain([&name]).map(|name| format!("`{name}`")).collect();
    let problem = format!("the source profiles form a cycle: {}", way.join(", "));
    CredentialsError::failed(problem).at(&profile.0.place())
}

#[cfg(test)]
mod tests;
