//! Presigns calls with random inputs: `presigned SEED CASES`. Prints a line of JSON for each.
//!
//! `cargo xtask interop` generates the clients of STS and Polly for it, and `compare.py` presigns the same with botocore.

use std::time::Duration;

use serde_json::{Map, Value, json};

type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

const REGIONS: [&str; 5] = [
    "us-east-1",
    "eu-west-1",
    "ap-southeast-2",
    "cn-north-1",
    "us-gov-west-1",
];
const SESSIONS: [Option<&str>; 3] = [None, Some("FwoGZXIvYXdzEBEaDK+abc/def=="), Some("a&b=c?d%41~e+f")];
const MAX_SECONDS: u64 = 7 * 24 * 60 * 60;

/// Makes a client of a service that signs with the credentials of a case.
macro_rules! client {
    ($service:ident, $case:expr) => {{
        let session = $case.session.map(str::to_owned);
        let credentials = $service::Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG", session, None, "random");
        let client = $service::Client::builder()
            .region($case.region)
            .credentials(credentials);
        client.build()?
    }};
}

/// Presigns a call with all required members and some of the others. The case keeps what they are.
macro_rules! presign {
    ($case:ident, $call:expr, $operation:literal $(, $required:ident $name:literal $value:ident)*
        $(; $optional:ident $key:literal $other:ident)*) => {{
        $case.operation = $operation;
        let call = $call$(.$required($case.member($name, Random::$value)))*;
        $(let call = match $case.random.is_lucky() {
            true => call.$optional($case.member($key, Random::$other)),
            false => call,
        };)*
        let request = call.presign(Duration::from_secs($case.seconds)).await?;
        $case.print(request.url());
    }};
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut numbers = std::env::args().skip(1).map(|number| number.parse());
    let (Some(seed), Some(cases)) = (numbers.next().transpose()?, numbers.next().transpose()?) else {
        return Err("name a seed and a number of cases".into());
    };
    let mut random = Random(seed);
    for _ in 0..cases {
        s3(Case::new("s3", &mut random)).await?;
        sts(Case::new("sts", &mut random)).await?;
        polly(Case::new("polly", &mut random)).await?;
    }
    Ok(())
}

async fn s3(mut case: Case<'_>) -> Result<()> {
    let client = client!(s3, case);
    match case.random.below(5) {
        0 => presign!(case, client.get_object(), "GetObject", bucket "Bucket" bucket, key "Key" text;
            range "Range" header; if_match "IfMatch" header; version_id "VersionId" text; part_number "PartNumber" number;
            response_content_type "ResponseContentType" text; expected_bucket_owner "ExpectedBucketOwner" header),
        1 => presign!(case, client.put_object(), "PutObject", bucket "Bucket" bucket, key "Key" text;
            cache_control "CacheControl" header; content_type "ContentType" header; tagging "Tagging" header;
            bucket_key_enabled "BucketKeyEnabled" flag),
        2 => presign!(case, client.head_object(), "HeadObject", bucket "Bucket" bucket, key "Key" text;
            version_id "VersionId" text; if_none_match "IfNoneMatch" header),
        3 => presign!(case, client.delete_object(), "DeleteObject", bucket "Bucket" bucket, key "Key" text;
            version_id "VersionId" text; mfa "MFA" header),
        // botocore asks for this encoding by itself.
        _ => presign!(case, client.list_objects_v2().encoding_type("url"), "ListObjectsV2", bucket "Bucket" bucket;
            prefix "Prefix" text; delimiter "Delimiter" text; max_keys "MaxKeys" number; fetch_owner "FetchOwner" flag;
            continuation_token "ContinuationToken" text; start_after "StartAfter" text),
    }
    Ok(())
}

async fn sts(mut case: Case<'_>) -> Result<()> {
    let client = client!(sts, case);
    match case.random.below(3) {
        0 => presign!(case, client.get_caller_identity(), "GetCallerIdentity"),
        1 => presign!(case, client.assume_role(), "AssumeRole",
            role_arn "RoleArn" text, role_session_name "RoleSessionName" text;
            duration_seconds "DurationSeconds" number; policy "Policy" text; external_id "ExternalId" text;
            transitive_tag_keys "TransitiveTagKeys" texts),
        _ => presign!(case, client.get_session_token(), "GetSessionToken"; duration_seconds "DurationSeconds" number;
            serial_number "SerialNumber" text; token_code "TokenCode" text),
    }
    Ok(())
}

async fn polly(mut case: Case<'_>) -> Result<()> {
    let client = client!(polly, case);
    match case.random.below(4) {
        0 => presign!(case, client.describe_voices(), "DescribeVoices"; engine "Engine" text;
            language_code "LanguageCode" text; include_additional_language_codes "IncludeAdditionalLanguageCodes" flag;
            next_token "NextToken" text),
        1 => presign!(case, client.get_lexicon(), "GetLexicon", name "Name" name),
        2 => presign!(case, client.delete_lexicon(), "DeleteLexicon", name "Name" name),
        _ => presign!(case, client.list_lexicons(), "ListLexicons"; next_token "NextToken" text),
    }
    Ok(())
}

/// A call to presign.
struct Case<'r> {
    random: &'r mut Random,
    service: &'static str,
    operation: &'static str,
    region: &'static str,
    session: Option<&'static str>,
    seconds: u64,
    members: Map<String, Value>,
}

impl<'r> Case<'r> {
    fn new(service: &'static str, random: &'r mut Random) -> Self {
        Self {
            service,
            operation: "",
            region: random.one_of(&REGIONS),
            session: random.one_of(&SESSIONS),
            seconds: 1 + random.below(MAX_SECONDS),
            members: Map::new(),
            random,
        }
    }

    /// A value for a member, which is kept.
    fn member<T: Clone + Into<Value>>(&mut self, name: &str, value: fn(&mut Random) -> T) -> T {
        let value = value(self.random);
        self.members.insert(name.to_owned(), value.clone().into());
        value
    }

    fn print(self, url: String) {
        let Self {
            service,
            operation,
            region,
            session,
            seconds,
            members,
            ..
        } = self;
        let case = json!({
            "service": service, "operation": operation, "region": region, "session": session, "seconds": seconds,
            "members": members, "url": url,
        });
        println!("{case}");
    }
}

/// SplitMix64: the same numbers from the same seed, without a crate.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    fn is_lucky(&mut self) -> bool {
        self.below(2) == 0
    }

    fn flag(&mut self) -> bool {
        self.is_lucky()
    }

    fn number(&mut self) -> i32 {
        self.below(100_000) as i32
    }

    fn of_characters(&mut self, characters: &str) -> String {
        let characters: Vec<char> = characters.chars().collect();
        (0..=self.below(16)).map(|_| self.one_of(&characters)).collect()
    }

    /// Anything that a URL has to encode, or must not.
    fn text(&mut self) -> String {
        self.of_characters("azAZ09-._~/ +&=?#%:;@,$!*'()\"<>[]{}|\\^`\tßλ語🦀")
    }

    /// What may stand between slashes: `.` and `..` are refused.
    fn name(&mut self) -> String {
        format!("{}x", self.text())
    }

    fn texts(&mut self) -> Vec<String> {
        (0..=self.below(3)).map(|_| self.text()).collect()
    }

    /// A header value, which has no space at its ends.
    fn header(&mut self) -> String {
        format!("x{}x", self.of_characters("azAZ09-._~/  +&=?%:;,$!*'()\"<>"))
    }

    /// A bucket that is in the host or, for its dots, in the path.
    fn bucket(&mut self) -> String {
        let name = format!("b{}1", self.of_characters("az09"));
        match self.below(3) {
            0 => name,
            1 => format!("{name}.dots"),
            _ => format!("{name}-hyphen"),
        }
    }
}
