//! What sources may need to know: the settings of the client that asks, environment, files and the network.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use tokio::sync::OnceCell;

use super::error::CredentialsError;
use super::profile::{Files, FilesError, Locations, Selected};
use super::settings::Lookup;
use super::system::{Local, Pending, SecretBytes, System};
use crate::words::task::blocking;

/// What a client tells its sources of credentials. A client creates it from its own settings.
#[derive(Clone)]
pub struct SourceConfig {
    pub(crate) system: Arc<dyn System>,
    pub(crate) profile: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) use_fips: Option<bool>,
    pub(crate) use_dual_stack: Option<bool>,
    pub(crate) ca_bundle: Option<Arc<[u8]>>,
    pub(crate) no_proxy: bool,
}

impl SourceConfig {
    /// Creates a configuration with nothing set, for this machine.
    pub fn new() -> Self {
        Self::on(Arc::new(Local))
    }

    /// Another system, for tests.
    #[doc(hidden)]
    pub fn on(system: Arc<dyn System>) -> Self {
        Self {
            system,
            profile: None,
            region: None,
            use_fips: None,
            use_dual_stack: None,
            ca_bundle: None,
            no_proxy: false,
        }
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.system.now()
    }

    /// Sets the profile to use instead of the one that `AWS_PROFILE` names.
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    /// Sets the region, in which roles are assumed at AWS STS.
    ///
    /// Default: `AWS_REGION`, else `AWS_DEFAULT_REGION`, else the profile's region.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Sets whether requests for credentials use endpoints validated by FIPS 140.
    ///
    /// Default: `AWS_USE_FIPS_ENDPOINT`, else the profile.
    pub fn use_fips(mut self, use_fips: bool) -> Self {
        self.use_fips = Some(use_fips);
        self
    }

    /// Sets whether requests for credentials use endpoints that have IPv4 and IPv6 addresses.
    ///
    /// Default: `AWS_USE_DUALSTACK_ENDPOINT`, else the profile.
    pub fn use_dual_stack(mut self, use_dual_stack: bool) -> Self {
        self.use_dual_stack = Some(use_dual_stack);
        self
    }

    /// Sets the certificates to trust instead of the platform's, in PEM.
    pub fn ca_bundle(mut self, pem: impl Into<Arc<[u8]>>) -> Self {
        self.ca_bundle = Some(pem.into());
        self
    }

    /// Ignores the proxies that the environment names.
    pub fn no_proxy(mut self) -> Self {
        self.no_proxy = true;
        self
    }
}

impl Default for SourceConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for SourceConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceConfig")
            .field("profile", &self.profile)
            .field("region", &self.region)
            .field("use_fips", &self.use_fips)
            .field("use_dual_stack", &self.use_dual_stack)
            .finish_non_exhaustive()
    }
}

/// One search for credentials. It reads each file with profiles at most once.
pub struct LoadContext {
    config: SourceConfig,
    files: OnceCell<Result<Files, FilesError>>,
    ca_bundle: OnceCell<Option<Arc<[u8]>>>,
}

impl LoadContext {
    /// Begins a search.
    pub fn new(config: SourceConfig) -> Self {
        Self {
            config,
            files: OnceCell::new(),
            ca_bundle: OnceCell::new(),
        }
    }

    /// Returns the current time.
    pub fn now(&self) -> SystemTime {
        self.config.system.now()
    }

    pub(crate) fn config(&self) -> &SourceConfig {
        &self.config
    }

    pub(crate) fn system(&self) -> &dyn System {
        &*self.config.system
    }

    /// The value of a variable, unless it is empty or blank.
    ///
    /// # Errors
    ///
    /// When it is not UTF-8.
    pub(crate) fn variable(&self, name: &str) -> Result<Option<String>, CredentialsError> {
        let value = self.system().variable(name).unwrap_or_default();
        let Some(value) = value.to_str().map(str::trim) else {
            return Err(CredentialsError::failed(format!("`{name}` is not UTF-8")));
        };
        Ok((!value.is_empty()).then(|| value.to_owned()))
    }

    /// The value of a variable that is a path, unless it is empty.
    pub(crate) fn path_variable(&self, name: &str) -> Option<PathBuf> {
        let value = self.system().variable(name)?;
        (!value.is_empty()).then(|| value.into())
    }

    /// Where the user's files are.
    pub(crate) fn locations(&self) -> Locations {
        Locations::find(self.system())
    }

    /// The profile that is selected.
    pub(crate) fn selected(&self) -> Selected {
        Selected::find(self.system(), self.config.profile.as_deref())
    }

    /// The files with profiles. Boxed, like what else waits here: each source that waits for it would compile it anew.
    pub(crate) fn files(&self) -> Pending<'_, Result<&Files, CredentialsError>> {
        Box::pin(async {
            let files = self.files.get_or_init(|| async {
                let locations = self.locations();
                let reading = self.blocking(move |system| Files::read(system, &locations));
                let lost = |error: io::Error| FilesError::Unreadable(format!("the profiles cannot be read: {error}"));
                reading.await.map_err(lost)?
            });
            files.await.as_ref().map_err(|error| error.clone().into())
        })
    }

    /// What environment and profile say.
    pub(crate) fn lookup(&self) -> Pending<'_, Result<Lookup<'_>, CredentialsError>> {
        Box::pin(async {
            let files = self.files().await?;
            Ok(Lookup::new(self.system(), files, &self.selected()))
        })
    }

    /// The region of the client, if it is known.
    pub(crate) async fn region(&self) -> Result<Option<String>, CredentialsError> {
        match &self.config.region {
            Some(region) => Ok(Some(region.clone())),
            None => Ok(self.lookup().await?.region().map(|region| region.value)),
        }
    }

    /// The certificates to trust, where code or profile name some. Those of the environment are known to the transport.
    pub(crate) async fn ca_bundle(&self) -> Result<Option<Arc<[u8]>>, CredentialsError> {
        let found = self.ca_bundle.get_or_try_init(|| async {
            if let Some(pem) = &self.config.ca_bundle {
                return Ok(Some(Arc::clone(pem)));
            }
            let setting = self.lookup().await?.text("AWS_CA_BUNDLE", "ca_bundle");
            let Some(setting) = setting.filter(|setting| setting.is_of_profile()) else {
                return Ok(None);
            };
            let path = self.locations().expand(&setting.value);
            let pem = self.read(&path, MAX_CA_BUNDLE).await.map_err(|error| {
                let problem = format!("the CA bundle `{}` cannot be read: {error}", path.display());
                setting.origin.mark(CredentialsError::failed(problem))
            })?;
            Ok(Some(pem.as_slice().into()))
        });
        found.await.cloned()
    }

    /// Reads a file of at most so many bytes.
    pub(crate) fn read(&self, path: &Path, max: usize) -> Pending<'_, io::Result<SecretBytes>> {
        let path = path.to_owned();
        Box::pin(async move { self.blocking(move |system| system.read(&path, max)).await? })
    }

    /// Replaces a file.
    pub(crate) async fn replace(&self, path: &Path, content: SecretBytes) -> io::Result<()> {
        let path = path.to_owned();
        let writing = self.blocking(move |system| system.replace(&path, &content));
        writing.await?
    }

    /// Does work that blocks its thread.
    async fn blocking<T: Send + 'static>(&self, work: impl FnOnce(&dyn System) -> T + Send + 'static) -> io::Result<T> {
        let system = Arc::clone(&self.config.system);
        blocking(move || work(&*system)).await
    }
}

/// How large a file with certificates may be, in bytes.
const MAX_CA_BUNDLE: usize = 16 * 1024 * 1024;
