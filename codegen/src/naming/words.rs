//! Names as words in lower case, split where the official SDK splits them.

/// Words that are one, however their letters are cased: `IPv4`, `GiB`, `TtL`.
const WHOLE_WORDS: &[&str] = &["ipv4", "ipv6", "sigv4", "mib", "gib", "kib", "ttl"];

/// The words of a name, with underscores between them.
pub(super) fn snake_case(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let is_lower_case = !chars.iter().any(char::is_ascii_uppercase);
    let mut snake = String::with_capacity(name.len() + 8);
    // Where the current word begins, and where it ends if it is a whole word.
    let (mut start, mut whole) = (0, 0);
    for (at, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            start = at + 1;
            continue;
        }
        if at > start && at >= whole && begins_word(&chars, at, is_lower_case) {
            start = at;
        }
        if at == start {
            if !snake.is_empty() {
                snake.push('_');
            }
            whole = at + whole_word(&chars[at..]);
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// The length of the whole word at the beginning.
fn whole_word(chars: &[char]) -> usize {
    let begins = |word: &&&str| {
        let mut given = chars.iter();
        word.chars()
            .all(|c| given.next().is_some_and(|given| given.to_ascii_lowercase() == c))
    };
    WHOLE_WORDS.iter().find(begins).map_or(0, |word| word.len())
}

/// Whether a character that follows another one begins a new word.
fn begins_word(chars: &[char], at: usize, is_lower_case: bool) -> bool {
    let (last, this) = (chars[at - 1], chars[at]);
    let next = |ahead: usize| chars.get(at + ahead).copied();
    if last.is_ascii_lowercase() || last.is_ascii_digit() {
        // `abc[D]ef`, `ab2[D]ef`, and `s3[k]ey` where nothing else tells words apart.
        return this.is_ascii_uppercase() || (is_lower_case && last.is_ascii_digit() && this.is_ascii_lowercase());
    }
    // `IAM[U]ser`, but neither `AC[L]s` nor `DynamoD[B]v2`.
    let ends_acronym = this.is_ascii_uppercase() && next(1).is_some_and(|c| c.is_ascii_lowercase());
    let is_plural = next(1) == Some('s') && !next(2).is_some_and(|c| c.is_ascii_lowercase());
    let is_version = next(1) == Some('v') && next(2).is_some_and(|c| c.is_ascii_digit());
    ends_acronym && !is_plural && !is_version
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn words_are_split_like_those_of_the_official_sdk() {
        for (name, expected) in [
            ("EndpointName", "endpoint_name"),
            ("sizeGiB", "size_gib"),
            ("throughputMiB", "throughput_mib"),
            ("MinimumMemoryInMiB", "minimum_memory_in_mib"),
            ("memoryGiBPerVCpu", "memory_gib_per_v_cpu"),
            ("AuthTtL", "auth_ttl"),
            ("TTLSeconds", "ttl_seconds"),
            ("IPv6CidrBlock", "ipv6_cidr_block"),
            ("SigV4Auth", "sigv4_auth"),
            ("CallbackURLs", "callback_urls"),
            ("numberOfAssociatedVPCs", "number_of_associated_vpcs"),
            ("AllowedOAuthFlows", "allowed_o_auth_flows"),
            ("ResourceARN", "resource_arn"),
            ("IAMUser", "iam_user"),
            ("DBProxy", "db_proxy"),
            ("DynamoDBv2", "dynamo_dbv2"),
            ("S3OutputPathExtension", "s3_output_path_extension"),
            ("s3key", "s3_key"),
            ("s3Key", "s3_key"),
            ("x-amz-meta", "x_amz_meta"),
            ("_x__y", "x_y"),
        ] {
            assert_eq!(snake_case(name), expected, "{name}");
        }
    }
}
