//! The content of a file, as the payload of a request.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;

use super::CHUNK;
use crate::error::FileProblem;
use crate::words::task::blocking;

/// The content of a file.
pub(super) struct FileContent {
    path: PathBuf,
    /// What is still to be sent, in bytes; unknown until the file has been hashed.
    pub(super) remaining: Option<u64>,
    /// Once it is open, and not just being read.
    file: Option<File>,
    // The mutex is never locked: it makes the body `Sync`, which a future that holds a request needs.
    reading: Option<Mutex<Reading>>,
}

/// Boxed, so that calls which send no file do not have room for it.
type Waiting<'a, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'a>>;

/// What becomes the file and the next piece of it.
type Reading = Waiting<'static, (File, Vec<u8>)>;

impl FileContent {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            remaining: None,
            file: None,
            reading: None,
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The same, to be read from the beginning.
    pub(super) fn unopened(&self) -> Self {
        Self {
            remaining: self.remaining,
            ..Self::new(self.path.clone())
        }
    }

    /// Its length, in bytes.
    pub(super) fn length(&self) -> Waiting<'_, u64> {
        let path = self.path.clone();
        Box::pin(async {
            let length = blocking(move || {
                let metadata = fs::metadata(&path).map_err(|error| FileProblem::wrap(&path, error))?;
                Ok(metadata.len())
            });
            length.await?
        })
    }

    /// Gives the content to `each` in pieces, and returns its length in bytes.
    pub(super) fn read<'a>(&'a self, each: &'a mut (dyn FnMut(&[u8]) + Send)) -> Waiting<'a, u64> {
        Box::pin(async {
            let (mut file, mut length) = (None, 0);
            loop {
                let (open, piece) = self.read_piece(file, CHUNK as u64).await?;
                if piece.is_empty() {
                    return Ok(length);
                }
                each(&piece);
                length += piece.len() as u64;
                file = Some(open);
            }
        })
    }

    /// The next piece, which is empty at the end.
    pub(super) fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        let most = self.remaining.unwrap_or(u64::MAX).min(CHUNK as u64);
        if most == 0 {
            return Poll::Ready(Ok(Bytes::new()));
        }
        let mut reading = match self.reading.take() {
            Some(reading) => reading.into_inner().unwrap_or_else(PoisonError::into_inner),
            None => {
                let file = self.file.take();
                self.read_piece(file, most)
            }
        };
        let Poll::Ready(read) = reading.as_mut().poll(context) else {
            self.reading = Some(Mutex::new(reading));
            return Poll::Pending;
        };
        let (file, piece) = read?;
        self.file = Some(file);
        match &mut self.remaining {
            Some(_) if piece.is_empty() => {
                let error = io::Error::from(io::ErrorKind::UnexpectedEof);
                return Poll::Ready(Err(FileProblem::wrap(&self.path, error)));
            }
            Some(remaining) => *remaining -= piece.len() as u64,
            None => {}
        }
        Poll::Ready(Ok(piece.into()))
    }

    /// Reads at most so many bytes of the file, which is opened first if it is not.
    fn read_piece(&self, file: Option<File>, most: u64) -> Reading {
        let path = self.path.clone();
        let read = move || {
            let mut file = match file {
                Some(file) => file,
                None => File::open(&path)?,
            };
            let mut piece = Vec::with_capacity(most as usize);
            (&mut file).take(most).read_to_end(&mut piece)?;
            Ok((file, piece))
        };
        let path = self.path.clone();
        Box::pin(async move { blocking(read).await?.map_err(|error| FileProblem::wrap(&path, error)) })
    }
}
