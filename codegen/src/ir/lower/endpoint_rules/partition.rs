//! The partitions: groups of regions, recognized by prefixes instead of patterns.

use crate::ir::endpoint::Partition;
use crate::model::partitions::Partition as ModelPartition;

/// `None` where the pattern of the regions is not one that can be generated.
pub(super) fn lower_partition(partition: &ModelPartition) -> Option<Partition> {
    let outputs = &partition.outputs;
    Some(Partition {
        name: partition.id.clone(),
        dns_suffix: outputs.dns_suffix.clone(),
        dual_stack_dns_suffix: outputs.dual_stack_dns_suffix.clone(),
        supports_fips: outputs.supports_fips,
        supports_dual_stack: outputs.supports_dual_stack,
        implicit_global_region: outputs.implicit_global_region.clone(),
        regions: partition.regions.keys().cloned().collect(),
        region_prefixes: region_prefixes(&partition.region_regex)?,
    })
}

/// The prefixes in a pattern such as `^(us|eu)\-\w+\-\d+$` or `^us\-gov\-\w+\-\d+$`. All partitions have one of these
/// forms, so that clients need no regular expressions.
fn region_prefixes(pattern: &str) -> Option<Vec<String>> {
    let pattern = pattern.replace(r"\-", "-");
    let prefix = pattern.strip_prefix('^')?.strip_suffix(r"-\w+-\d+$")?;
    let (head, choices) = match prefix.strip_suffix(')') {
        Some(choices) => choices.split_once('(')?,
        None => (prefix, ""),
    };
    let prefixes = choices.split('|').map(|choice| format!("{head}{choice}"));
    let prefixes: Vec<String> = prefixes.collect();
    let plain = |prefix: &String| prefix.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !prefix.is_empty();
    prefixes.iter().all(plain).then_some(prefixes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_come_from_patterns() {
        assert_eq!(
            region_prefixes(r"^(us|eu|mx)\-\w+\-\d+$"),
            Some(vec!["us".into(), "eu".into(), "mx".into()])
        );
        assert_eq!(
            region_prefixes(r"^(us|eu)-\w+-\d+$"),
            Some(vec!["us".into(), "eu".into()])
        );
        assert_eq!(region_prefixes(r"^us\-isob\-\w+\-\d+$"), Some(vec!["us-isob".into()]));
        for pattern in [
            "",
            r"^us\-\w+$",
            r"us\-\w+\-\d+$",
            r"^(us|)\-\w+\-\d+$",
            r"^(u.)\-\w+\-\d+$",
        ] {
            assert_eq!(region_prefixes(pattern), None, "{pattern}");
        }
    }
}
