//! The tree hash of a payload: that of all hashes of a mebibyte, pair by pair. Glacier checks it.

use http::Request;
use http::header::{HeaderName, HeaderValue};
use ring::digest::{Context, Digest, SHA256, digest};

use crate::error::{Error, Kind};
use crate::wire::body::Body;
use crate::words::hex;

const TREE_HASH: HeaderName = HeaderName::from_static("x-amz-sha256-tree-hash");

/// What a leaf of the tree covers, in bytes.
const LEAF: usize = 1024 * 1024;

/// Sets `x-amz-sha256-tree-hash` to the tree hash of the body, unless the caller has given one.
///
/// # Errors
///
/// When the body cannot be read.
pub async fn tree_hash(request: &mut Request<Body>) -> Result<(), Error> {
    if request.headers().contains_key(TREE_HASH) {
        return Ok(());
    }
    let failed = || Error::new(Kind::Payload);
    let mut tree = Tree::new();
    let read = request.body_mut().read(&mut |bytes| tree.update(bytes)).await;
    read.map_err(|error| failed().with_source(error))?;
    let hash = HeaderValue::from_bytes(&hex::of_hash(tree.finish().as_ref()));
    let hash = hash.map_err(|error| failed().with_source(error))?;
    request.headers_mut().insert(TREE_HASH, hash);
    Ok(())
}

struct Tree {
    /// The leaves that are complete.
    leaves: Vec<Digest>,
    /// The last leaf, and how much of it there is.
    last: Context,
    length: usize,
}

impl Tree {
    fn new() -> Self {
        Self {
            leaves: Vec::new(),
            last: Context::new(&SHA256),
            length: 0,
        }
    }

    fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            // A full leaf is only complete once there is more: the last one may be full, too.
            if self.length == LEAF {
                self.complete();
            }
            let (now, later) = bytes.split_at(bytes.len().min(LEAF - self.length));
            self.last.update(now);
            self.length += now.len();
            bytes = later;
        }
    }

    fn complete(&mut self) {
        let leaf = std::mem::replace(&mut self.last, Context::new(&SHA256));
        self.leaves.push(leaf.finish());
        self.length = 0;
    }

    /// The root. The last node of a level is taken as it is if it has no partner.
    fn finish(mut self) -> Digest {
        self.complete();
        let mut level = self.leaves;
        while level.len() > 1 {
            let pairs = level.chunks(2);
            let parents = pairs.map(|pair| match pair {
                [left, right] => digest(&SHA256, &[left.as_ref(), right.as_ref()].concat()),
                rest => rest[0],
            });
            level = parents.collect();
        }
        level[0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(pieces: &[&[u8]]) -> String {
        let mut tree = Tree::new();
        for piece in pieces {
            tree.update(piece);
        }
        text(tree.finish())
    }

    fn text(hash: Digest) -> String {
        hex::of_hash(hash.as_ref()).map(char::from).iter().collect()
    }

    fn of(bytes: &[u8]) -> Digest {
        digest(&SHA256, bytes)
    }

    fn parent(left: Digest, right: Digest) -> Digest {
        of(&[left.as_ref(), right.as_ref()].concat())
    }

    #[test]
    fn leaves_are_hashed_pair_by_pair() {
        let (a, b, c) = (vec![b'a'; LEAF], vec![b'b'; LEAF], vec![b'c'; 7]);
        assert_eq!(root(&[]), text(of(b"")));
        assert_eq!(root(&[b"one", b"two"]), text(of(b"onetwo")));
        assert_eq!(root(&[&a]), text(of(&a)));
        let pair = parent(of(&a), of(&b));
        assert_eq!(root(&[&a, &b]), text(pair));
        // Wherever the payload is cut.
        let whole = [&a[..], &b, &c].concat();
        let three = text(parent(pair, of(&c)));
        for cut in [0, 1, LEAF - 1, LEAF, LEAF + 1, whole.len()] {
            let (one, other) = whole.split_at(cut);
            assert_eq!(root(&[one, other]), three, "{cut}");
        }
        let five = parent(parent(pair, pair), of(&c));
        assert_eq!(root(&[&a, &b, &a, &b, &c]), text(five));
    }
}
