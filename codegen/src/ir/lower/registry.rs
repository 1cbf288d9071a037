//! What the package registry takes.

use crate::naming;

/// The crates that come with the compiler. A dependency of such a name would hide them.
const STANDARD: [&str; 5] = ["alloc", "core", "proc_macro", "std", "test"];

/// The crates that clients name in their code and in their examples. A package cannot have its own name among them.
const DEPENDENCIES: [&str; 4] = ["bytes", "http", "lean_aws_runtime", "tokio"];

/// What both Cargo and the registry take.
pub(super) fn is_package_name(name: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let crate_name = naming::crate_name(name);
    let is_taken = |taken: &[&str]| taken.contains(&crate_name.as_str());
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(is_inner)
        && name.len() <= 64
        && !naming::is_keyword(&crate_name)
        && !is_taken(&STANDARD)
        && !is_taken(&DEPENDENCIES)
}

/// Whether a text is a semantic version: `MAJOR.MINOR.PATCH[-PRERELEASE][+BUILD]`.
#[must_use]
pub fn is_version(version: &str) -> bool {
    let is_number = |part: &str| part.parse::<u64>().is_ok_and(|number| number.to_string() == part);
    let is_identifier = |part: &str| {
        let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !part.is_empty() && part.chars().all(is_inner)
    };
    let is_prerelease = |part: &str| {
        let is_numeric = part.chars().all(|c| c.is_ascii_digit());
        is_identifier(part) && (!is_numeric || is_number(part))
    };
    let (version, build) = match version.split_once('+') {
        Some((version, build)) => (version, Some(build)),
        None => (version, None),
    };
    let (core, prerelease) = match version.split_once('-') {
        Some((core, prerelease)) => (core, Some(prerelease)),
        None => (version, None),
    };
    core.split('.').count() == 3
        && core.split('.').all(is_number)
        && prerelease.is_none_or(|text| text.split('.').all(is_prerelease))
        && build.is_none_or(|text| text.split('.').all(is_identifier))
}

/// A search term.
pub(super) fn is_keyword(keyword: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || "-_+".contains(c);
    keyword.starts_with(|c: char| c.is_ascii_alphanumeric()) && keyword.chars().all(is_inner) && keyword.len() <= 20
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        for version in [
            "0.1.0",
            "1.20.3",
            "1.0.0-rc.1",
            "1.0.0-0.a-b",
            "1.0.0+build.01",
            "1.0.0-a+b",
        ] {
            assert!(is_version(version), "{version}");
        }
        for version in [
            "", "1", "1.0", "1.0.0.0", "01.0.0", "1.0.x", "1.0.0-", "1.0.0-01", "1.0.0+", "v1.0.0", "+1.0.0",
        ] {
            assert!(!is_version(version), "{version}");
        }
    }

    #[test]
    fn package_names() {
        for name in ["a", "sagemaker-runtime", "s3_control", "x2"] {
            assert!(is_package_name(name), "{name}");
        }
        for name in [
            "",
            "2x",
            "-a",
            "a b",
            "ä",
            "async",
            "self",
            "core",
            "proc-macro",
            "a/b",
            &"a".repeat(65),
        ] {
            assert!(!is_package_name(name), "{name}");
        }
    }
}
