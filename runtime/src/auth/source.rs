//! What finds credentials.

use std::borrow::Cow;
use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;

use super::context::LoadContext;
use super::error::CredentialsError;
use crate::auth::credentials::{Credentials, Source};

/// A source of credentials.
///
/// [`ClientBuilder::credentials`](crate::ClientBuilder::credentials) and
/// [`CallOptions::credentials`](crate::CallOptions::credentials) accept:
///
/// - fixed [`Credentials`];
/// - with the feature `credential-chain`, on by default, the sources in the module [`credentials`](crate::credentials) and
///   chains of them;
/// - with the feature `sdk-config`, every provider of the official SDK: all types that implement `ProvideCredentials` of
///   the crate `aws-credential-types`;
/// - your own sources.
///
/// Your own source needs one method:
///
/// ```
/// use lean_aws_runtime::credentials::{CredentialsError, CredentialsSource, LoadContext};
/// use lean_aws_runtime::Credentials;
///
/// struct Vault {
///     address: Option<String>,
/// }
///
/// impl CredentialsSource for Vault {
///     async fn load(&self, _: &LoadContext) -> Result<Credentials, CredentialsError> {
///         let Some(address) = &self.address else {
///             return Err(CredentialsError::not_configured("`VAULT_ADDR` is not set"));
///         };
///         let (id, secret) = ask(address).await?;
///         Ok(Credentials::new(id, secret, None, None, "vault"))
///     }
/// }
/// # async fn ask(_: &str) -> Result<(String, String), CredentialsError> {
/// #     Ok(Default::default())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a source of credentials",
    note = "`Credentials` are one; providers of the official SDK (`ProvideCredentials`) are with the feature `sdk-config`"
)]
pub trait CredentialsSource: Send + Sync + 'static {
    /// Looks for credentials. The caller keeps them until five minutes before they expire.
    ///
    /// # Errors
    ///
    /// [`CredentialsError::not_configured`] if nothing tells the source to look, [`CredentialsError::failed`] if something
    /// does and it finds no credentials.
    fn load(&self, context: &LoadContext) -> impl Future<Output = Result<Credentials, CredentialsError>> + Send;

    /// Returns what reports call it, a noun in lower case. Default: the name of the type.
    fn name(&self) -> Cow<'static, str> {
        let name = std::any::type_name::<Self>();
        let name = name.split('<').next().unwrap_or(name);
        name.rsplit("::").next().unwrap_or(name).into()
    }

    /// What a client keeps of it.
    #[doc(hidden)]
    fn into_source(self) -> Source
    where
        Self: Sized,
    {
        Source::Plain(Arc::new(self))
    }
}

/// Fixed credentials.
impl CredentialsSource for Credentials {
    fn load(&self, _: &LoadContext) -> impl Future<Output = Result<Credentials, CredentialsError>> + Send {
        ready(Ok(self.clone()))
    }

    fn name(&self) -> Cow<'static, str> {
        "credentials in code".into()
    }

    fn into_source(self) -> Source {
        Source::Static(self)
    }
}

/// A source that calls a function; see [`source_fn`].
#[derive(Clone, Debug)]
pub struct SourceFn<F>(F);

/// Converts an asynchronous function into a source.
///
/// ```
/// # use lean_aws_runtime::credentials::source_fn;
/// # use lean_aws_runtime::Credentials;
/// let source = source_fn(|| async { Ok(Credentials::new("id", "secret", None, None, "mine")) });
/// ```
pub fn source_fn<F, Fut>(load: F) -> SourceFn<F>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Credentials, CredentialsError>> + Send,
{
    SourceFn(load)
}

impl<F, Fut> CredentialsSource for SourceFn<F>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Credentials, CredentialsError>> + Send,
{
    fn load(&self, _: &LoadContext) -> impl Future<Output = Result<Credentials, CredentialsError>> + Send {
        (self.0)()
    }

    fn name(&self) -> Cow<'static, str> {
        "function".into()
    }
}

/// What a source without its type returns.
pub(crate) type Loading<'a> = Pin<Box<dyn Future<Output = Result<Credentials, CredentialsError>> + Send + 'a>>;

/// A source without its type.
#[doc(hidden)]
pub trait AnySource: Send + Sync {
    /// [`CredentialsSource::load`].
    fn load_boxed<'a>(&'a self, context: &'a LoadContext) -> Loading<'a>;

    /// [`CredentialsSource::name`].
    fn label(&self) -> Cow<'static, str>;
}

impl<S: CredentialsSource> AnySource for S {
    fn load_boxed<'a>(&'a self, context: &'a LoadContext) -> Loading<'a> {
        Box::pin(self.load(context))
    }

    fn label(&self) -> Cow<'static, str> {
        self.name()
    }
}
