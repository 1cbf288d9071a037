//! What carries the bytes of a connection, and what the operating system has of them.

use std::io::ErrorKind;
use std::mem::MaybeUninit;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// What carries the bytes: TCP, or TLS over it.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {
    /// Whether the operating system has bytes that were not read, or knows of an end.
    ///
    /// Reading asks Tokio, which knows what its driver found when it last had its turn. That may be long ago, where the
    /// thread was busy since or the program calls `block_on` for each call.
    fn has_unread(&self) -> bool;

    /// Whether bytes that were written may still be here until they are flushed, as with TLS.
    fn is_buffered(&self) -> bool {
        true
    }

    /// Whether the peer has sent nothing that HTTP would see, and has not closed the connection.
    fn is_quiet(&mut self) -> bool {
        !self.has_unread()
    }
}

impl Stream for TcpStream {
    fn has_unread(&self) -> bool {
        let peeked = SockRef::from(self).peek(&mut [MaybeUninit::uninit()]);
        !peeked.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }

    fn is_buffered(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{BufWriter, DuplexStream};

    use super::*;

    /// What is in memory is known at once.
    impl Stream for DuplexStream {
        fn has_unread(&self) -> bool {
            false
        }
    }

    impl<S: Stream> Stream for BufWriter<S> {
        fn has_unread(&self) -> bool {
            self.get_ref().has_unread()
        }
    }
}
