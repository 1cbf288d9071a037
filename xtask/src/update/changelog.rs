//! `CHANGELOG.md` of a client: what changed for its users, the newest version first.

use codegen::diff::{Diff, Group, Level};

const TITLE: &str = "# Changelog\n";

/// Adds a version with what has changed.
pub(super) fn add(text: &str, version: &str, diff: &Diff) -> String {
    let before = text.strip_prefix(TITLE).unwrap_or(text).trim_start();
    let mut entry = format!("{TITLE}\n## {version}\n");
    for (level, heading) in [
        (Level::Major, "Breaking changes"),
        (Level::Minor, "New"),
        (Level::Patch, "Other changes"),
    ] {
        let mut changes = diff.changes.iter().filter(|change| change.level == level).peekable();
        if changes.peek().is_none() {
            continue;
        }
        entry.push_str(&format!("\n### {heading}\n\n"));
        for change in changes {
            let operation = match &change.group {
                Group::Operation { name } => format!("{name}: "),
                _ => String::new(),
            };
            entry.push_str(&format!("- {}.\n", sentence(&format!("{operation}{}", change.text))));
        }
    }
    if !before.is_empty() {
        entry.push('\n');
        entry.push_str(before);
    }
    entry
}

/// With a capital at the start, unless that is a name.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use codegen::diff::{Aspect, Change};

    use super::*;

    #[test]
    fn the_newest_version_is_first_and_the_old_ones_stay() {
        let change = |group, level, text: &str| Change {
            group,
            level,
            aspect: Aspect::Api,
            text: text.to_owned(),
        };
        let name = "GetItem".to_owned();
        let diff = Diff {
            changes: vec![
                change(
                    Group::Operation { name },
                    Level::Minor,
                    "`GetItemInput` gains the optional member `color`",
                ),
                change(
                    Group::Endpoints,
                    Level::Patch,
                    "the partition `aws` gains the region me-west-1",
                ),
            ],
        };
        let first = add("", "0.1.1", &diff);
        assert_eq!(
            first,
            "# Changelog\n\n## 0.1.1\n\n### New\n\n- GetItem: `GetItemInput` gains the optional member `color`.\n\n\
             ### Other changes\n\n- The partition `aws` gains the region me-west-1.\n"
        );
        let second = add(&first, "0.1.2", &diff);
        assert!(second.starts_with("# Changelog\n\n## 0.1.2\n"));
        assert!(second.ends_with(first.strip_prefix("# Changelog\n").expect("the title")));
    }
}
