//! Objects in Amazon S3 that belong to calls of other services: results to wait for, inputs to upload.

mod pending;
mod store;
mod upload;

pub use self::pending::PendingResult;
pub use self::store::ObjectStore;
pub use self::upload::Uploading;
