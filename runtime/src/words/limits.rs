//! What is read of a response at most.

/// How large the head of a response may be, in bytes.
pub(crate) const MAX_HEAD: usize = 256 * 1024;

/// How many header lines a response may have. It is the limit of Hyper, and of Python's `http.client`.
///
/// With a higher one Hyper allocates room for the most there may be, twice for each response: for 256 lines that is 16 KB,
/// and 5 % of the CPU of a call.
pub(crate) const MAX_HEADER_LINES: usize = 100;
