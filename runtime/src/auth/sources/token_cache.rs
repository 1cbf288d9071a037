//! Tokens that other tools have left in files: read, renewed and written back.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::auth::context::LoadContext;
use crate::auth::error::CredentialsError;
use crate::auth::json::Object;

/// How large such a file may be, in bytes.
const MAX_FILE: usize = 1024 * 1024;

/// The pauses in which another process may come from renewing a token to writing it.
const PAUSES: [Duration; 3] = [Duration::ZERO, Duration::from_millis(250), Duration::from_millis(500)];

/// A file with a token.
pub(super) struct TokenFile<'a> {
    pub(super) context: &'a LoadContext,
    pub(super) path: PathBuf,
    /// What it is, such as "the SSO token".
    pub(super) what: &'static str,
    /// The command that makes a new one.
    pub(super) login: String,
}

/// A token as a file has it.
pub(super) trait Token: Sized {
    /// Reads it. The error is what is wrong with the file.
    fn read(object: Object) -> Result<Self, String>;

    /// When it expires.
    fn expiry(&self) -> SystemTime;

    /// Whether the other is an older one of the same.
    fn differs_from(&self, other: &Self) -> bool;
}

impl TokenFile<'_> {
    /// A failure that a new login mends.
    pub(super) fn log_in_again(&self, problem: impl std::fmt::Display) -> CredentialsError {
        let error = CredentialsError::failed(format!("{} in `{}` {problem}", self.what, self.path.display()));
        error.with_hint(format!("run `{}`", self.login))
    }

    /// Reads the token.
    pub(super) async fn read<T: Token>(&self) -> Result<T, CredentialsError> {
        let content = self.context.read(&self.path, MAX_FILE).await.map_err(|error| {
            let error = match error.kind() {
                io::ErrorKind::NotFound => format!("there is no file `{}`", self.path.display()),
                _ => format!("`{}` cannot be read: {error}", self.path.display()),
            };
            CredentialsError::failed(format!("{} is missing: {error}", self.what))
                .with_hint(format!("run `{}`", self.login))
        })?;
        let object =
            Object::read(&content).map_err(|error| self.log_in_again(format_args!("cannot be used: {error}")))?;
        T::read(object).map_err(|problem| self.log_in_again(format_args!("cannot be used: {problem}")))
    }

    /// The token that another process has written meanwhile, if it is another one and valid.
    pub(super) async fn renewed_elsewhere<T: Token>(&self, old: &T) -> Option<T> {
        for pause in PAUSES {
            if !pause.is_zero() {
                self.context.system().sleep(pause).await;
            }
            // What cannot be read now was readable before.
            let token: Option<T> = self.read().await.ok();
            let is_new = |token: &T| token.differs_from(old) && token.expiry() > self.context.now();
            if let Some(token) = token.filter(is_new) {
                return Some(token);
            }
        }
        None
    }

    /// Writes a renewed token. It can be used even if that fails.
    pub(super) async fn write(&self, object: &Object) {
        if let Err(error) = self.context.replace(&self.path, object.to_json()).await {
            tracing::warn!(
                "{} was renewed, but `{}` cannot be written: {error}",
                self.what,
                self.path.display()
            );
        }
    }
}
