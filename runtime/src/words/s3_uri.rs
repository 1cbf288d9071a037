//! The addresses of objects in Amazon S3.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use super::one_line::Quoted;

/// What an S3 URI begins with.
const SCHEME: &str = "s3://";

const BAD_BUCKET: &str = "its bucket is not 3 to 63 letters, digits, dots, hyphens and underscores";
const BAD_END: &str = "its bucket does not begin and end with a letter or digit";
const BAD_DOTS: &str = "its bucket contains two dots in a row";
const IP_ADDRESS: &str = "its bucket is an IP address";
const ARN: &str = "it contains an ARN: use the alias of the access point as the bucket";

/// The longest key, in bytes.
const MAX_KEY: usize = 1024;

/// The address of an object in Amazon S3: `s3://bucket/key`.
///
/// Parse it with [`str::parse`], or make it from a bucket and a key with [`S3Uri::new`]. It displays exactly as it was
/// parsed. The key is not percent-encoded, as everywhere in AWS. The bucket may be the alias of an access point, but not its
/// ARN.
///
/// ```
/// use lean_aws_runtime::S3Uri;
///
/// let uri: S3Uri = "s3://bucket/results/2026/out.csv".parse()?;
/// assert_eq!((uri.bucket(), uri.key()), ("bucket", "results/2026/out.csv"));
/// assert!("https://bucket/results".parse::<S3Uri>().is_err());
/// # Ok::<(), lean_aws_runtime::InvalidS3Uri>(())
/// ```
///
/// It needs the feature `objects` of the runtime, which is `async-result` in clients.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct S3Uri {
    text: String,
    /// Where the bucket ends in the text.
    end: usize,
}

/// Why a text is not an [`S3Uri`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidS3Uri {
    text: String,
    problem: &'static str,
}

impl S3Uri {
    /// Makes the address of the object with this key, or of the whole bucket if the key is empty.
    ///
    /// # Errors
    ///
    /// As for parsing.
    pub fn new(bucket: &str, key: &str) -> Result<Self, InvalidS3Uri> {
        let text = format!("{SCHEME}{bucket}/{key}");
        // Parsing would take what follows a slash in the bucket for a part of the key.
        match bucket_problem(bucket) {
            Some(problem) => Err(InvalidS3Uri { text, problem }),
            None => Self::try_from(text),
        }
    }

    /// The name of the bucket.
    pub fn bucket(&self) -> &str {
        &self.text[SCHEME.len()..self.end]
    }

    /// The key of the object, without the slash before it; empty if the address is that of a bucket.
    pub fn key(&self) -> &str {
        self.text.get(self.end + 1..).unwrap_or_default()
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// # Errors
///
/// When the text does not begin with `s3://`, when what follows is not the name of a bucket, or when the key has more than 1024
/// bytes. A bucket's name has 3 to 63 letters, digits, dots, hyphens and underscores, begins and ends with a letter or digit,
/// has no two dots in a row, and is not an IP address. S3 allows capitals and underscores only in the names of old buckets.
impl TryFrom<String> for S3Uri {
    type Error = InvalidS3Uri;

    fn try_from(text: String) -> Result<Self, InvalidS3Uri> {
        match bucket_of(&text) {
            Ok(bucket) => Ok(Self {
                end: SCHEME.len() + bucket.len(),
                text,
            }),
            Err(problem) => Err(InvalidS3Uri { text, problem }),
        }
    }
}

impl FromStr for S3Uri {
    type Err = InvalidS3Uri;

    fn from_str(text: &str) -> Result<Self, InvalidS3Uri> {
        Self::try_from(text.to_owned())
    }
}

/// The bucket of an address, or why it is none.
fn bucket_of(text: &str) -> Result<&str, &'static str> {
    let rest = text.strip_prefix(SCHEME).ok_or("it does not begin with `s3://`")?;
    let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
    match bucket_problem(bucket) {
        Some(problem) => Err(problem),
        None if key.len() > MAX_KEY => Err("its key has more than 1024 bytes"),
        None => Ok(bucket),
    }
}

/// What keeps a text from being the name of a bucket.
fn bucket_problem(bucket: &str) -> Option<&'static str> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    let is_outer = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let problems = [
        (bucket.is_empty(), "it has no bucket"),
        (bucket.starts_with("arn:"), ARN),
        (
            !(3..=63).contains(&bucket.len()) || !bucket.bytes().all(is_allowed),
            BAD_BUCKET,
        ),
        (
            !is_outer(bucket.bytes().next()) || !is_outer(bucket.bytes().last()),
            BAD_END,
        ),
        (bucket.contains(".."), BAD_DOTS),
        (bucket.parse::<Ipv4Addr>().is_ok(), IP_ADDRESS),
    ];
    problems
        .into_iter()
        .find_map(|(is_so, problem)| is_so.then_some(problem))
}

impl From<S3Uri> for String {
    fn from(uri: S3Uri) -> Self {
        uri.text
    }
}

impl fmt::Display for S3Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for S3Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl fmt::Display for InvalidS3Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not an S3 URI: {}", Quoted(&self.text), self.problem)
    }
}

impl std::error::Error for InvalidS3Uri {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_parsed_is_printed() {
        let long = format!("s3://bucket/{}", "k".repeat(MAX_KEY));
        for (text, bucket, key) in [
            ("s3://bucket/key", "bucket", "key"),
            ("s3://my.bucket-1/a/b c/ä?#%41", "my.bucket-1", "a/b c/ä?#%41"),
            ("s3://Old_Bucket//two", "Old_Bucket", "/two"),
            ("s3://1.2.3/..", "1.2.3", ".."),
            ("s3://mine-metadata-s3alias/key", "mine-metadata-s3alias", "key"),
            ("s3://bucket/folder/", "bucket", "folder/"),
            ("s3://bucket/", "bucket", ""),
            ("s3://bucket", "bucket", ""),
            (&long, "bucket", &long[12..]),
        ] {
            let uri: S3Uri = text.parse().unwrap();
            assert_eq!((uri.bucket(), uri.key()), (bucket, key));
            assert_eq!(uri.to_string(), text);
            if text.matches('/').count() > 2 {
                assert_eq!(S3Uri::new(bucket, key), Ok(uri));
            }
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        let long = format!("s3://bucket/{}", "k".repeat(MAX_KEY + 1));
        for (text, problem) in [
            ("", "it does not begin with `s3://`"),
            ("bucket/key", "it does not begin with `s3://`"),
            ("https://bucket.s3.amazonaws.com/key", "it does not begin with `s3://`"),
            ("S3://bucket/key", "it does not begin with `s3://`"),
            (" s3://bucket/key", "it does not begin with `s3://`"),
            ("s3://", "it has no bucket"),
            ("s3:///key", "it has no bucket"),
            ("s3://ab/key", BAD_BUCKET),
            ("s3://user@bucket/key", BAD_BUCKET),
            ("s3://bucket?x/key", BAD_BUCKET),
            ("s3://-bucket/key", BAD_END),
            ("s3://bucket-/key", BAD_END),
            ("s3://_bucket/key", BAD_END),
            ("s3://...", BAD_END),
            ("s3://my..bucket/key", BAD_DOTS),
            ("s3://192.168.5.4/key", IP_ADDRESS),
            ("s3://arn:aws:s3:us-east-1:123456789012:accesspoint/mine/key", ARN),
            (&long, "its key has more than 1024 bytes"),
        ] {
            let error = text.parse::<S3Uri>().unwrap_err();
            assert_eq!(error.problem, problem, "{text}");
        }
        assert_eq!(S3Uri::new("bucket/folder", "key").unwrap_err().problem, BAD_BUCKET);
        let arn = "arn:aws:s3:us-east-1:123456789012:accesspoint/mine";
        assert_eq!(S3Uri::new(arn, "key").unwrap_err().problem, ARN);
        let error = "http://\n".parse::<S3Uri>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`http://\\n` is not an S3 URI: it does not begin with `s3://`"
        );
    }
}
