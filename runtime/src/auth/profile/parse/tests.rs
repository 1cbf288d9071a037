use super::*;
use crate::auth::profile::{Files, Locations, Plan, Selected, SelectedBy};
use crate::auth::testing::Fake;

fn parse(kind: FileKind, text: &str) -> Result<ProfileFile, (u32, Flaw)> {
    let parsed = ProfileFile::parse(kind, Path::new("/f"), Zeroizing::new(text.to_owned()));
    parsed.map_err(|(place, flaw)| {
        assert_eq!(&*place.file, Path::new("/f"));
        (place.line, flaw)
    })
}

/// The sections that count: group, name, line, and their properties with lines.
type Seen = Vec<(Group, String, u32, Vec<(String, String, u32)>)>;

fn seen(file: &ProfileFile) -> Seen {
    let sections = file.sections.iter().map(|section| {
        let properties = file.properties(section);
        let properties = properties.map(|property| {
            let name = property.name().to_owned();
            (name, property.value().into_owned(), property.place().line)
        });
        (
            section.group,
            file.name(section).to_owned(),
            section.line,
            properties.collect(),
        )
    });
    sections.collect()
}

fn config(text: &str) -> Seen {
    seen(&parse(FileKind::Config, text).expect("a file"))
}

/// The value of the only property.
fn value(line: &str) -> String {
    let seen = config(&format!("[default]\n{line}\n"));
    let [(_, _, _, properties)] = &seen[..] else {
        panic!("{seen:?}");
    };
    let [(_, value, _)] = &properties[..] else {
        panic!("{properties:?}");
    };
    value.clone()
}

#[test]
fn sections_and_properties_know_their_lines() {
    let text = "# first\n\n[default]\r\nregion = a\r\n\n[profile dev] ; comment\n\tx\n";
    assert_eq!(
        parse(FileKind::Config, text).map(|_| ()),
        Err((7, Flaw::NothingToContinue))
    );
    let text =
        "# first\n\n[default]\r\nregion = a\r\n\n[profile dev] ; comment\nKey=1\n [sso-session s]\n[services v]\n";
    let property = |name: &str, value: &str, line| vec![(name.to_owned(), value.to_owned(), line)];
    let expected = vec![
        (Group::Profile, "default".to_owned(), 3, property("region", "a", 4)),
        (
            Group::Profile,
            "dev".to_owned(),
            6,
            property("Key", "1\n[sso-session s]", 7),
        ),
        (Group::Services, "v".to_owned(), 9, Vec::new()),
    ];
    assert_eq!(config(text), expected);
    // The last line needs no end, and the first may have the mark of Windows' editors.
    assert_eq!(config("\u{feff}[default]")[0].1, "default");
}

#[test]
fn comments_in_values_need_a_blank_before_them() {
    for (line, expected) in [
        ("url = https://x.awsapps.com/start#/", "https://x.awsapps.com/start#/"),
        ("a = b # c", "b"),
        ("a = b\t;c", "b"),
        ("a = b#c ;d", "b#c"),
        ("a = # c", ""),
        ("a =# c", "# c"),
        ("a = b\u{a0}# c", "b\u{a0}# c"),
        ("a = b = c", "b = c"),
        ("a = \"b\"", "\"b\""),
        ("a = b\n  c # d\n\n\t; e", "b\nc # d\n; e"),
    ] {
        assert_eq!(value(line), expected, "{line}");
    }
    assert_eq!(
        parse(FileKind::Config, "[default]\n# a = b\na # = b").map(|_| ()),
        Err((3, Flaw::NoEquals))
    );
}

#[test]
fn flaws_name_their_line() {
    for (text, line, flaw) in [
        ("a = b", 1, Flaw::NoSection),
        ("\n a = b", 2, Flaw::NoSection),
        ("[default", 1, Flaw::OpenSection),
        ("[default] x", 1, Flaw::OpenSection),
        ("[default # ]", 1, Flaw::OpenSection),
        ("[default]\na", 2, Flaw::NoEquals),
        ("[default]\n= a", 2, Flaw::NoName),
        ("[default]\n\n a = b", 3, Flaw::NothingToContinue),
        ("[default]\na = b\n[profile b]\n c", 4, Flaw::NothingToContinue),
        ("[default]\na =\n b", 3, Flaw::NoEqualsInSub),
        ("[default]\na =\n b = c\n = d", 4, Flaw::NoNameInSub),
        // Sections that are ignored have to have the right form, too.
        ("[other]\na", 2, Flaw::NoEquals),
        ("[other]\na =\n b", 3, Flaw::NoEqualsInSub),
    ] {
        assert_eq!(parse(FileKind::Config, text).map(|_| ()), Err((line, flaw)), "{text}");
    }
}

#[test]
fn names_of_sections() {
    let all = "A-Za_-/.%@:+9";
    for (kind, header, expected) in [
        (FileKind::Config, "default", Some("default")),
        (FileKind::Config, "profile default", Some("default")),
        (FileKind::Config, "dev", None),
        (FileKind::Config, "profile dev", Some("dev")),
        (FileKind::Config, " \tprofile\t dev ", Some("dev")),
        (FileKind::Config, "profiledev", None),
        (FileKind::Config, "profile", None),
        (FileKind::Config, "profile a b", None),
        (FileKind::Config, "profile \"a b\"", Some("a b")),
        (FileKind::Config, "profile 'é'", Some("é")),
        (FileKind::Config, "profile \"dev\"", Some("dev")),
        (FileKind::Config, "profile \"dev", None),
        (FileKind::Config, "profile \"\"", None),
        (FileKind::Config, "profile \"'dev'\"", None),
        (FileKind::Config, "plugins", None),
        (FileKind::Config, "other dev", None),
        (FileKind::Config, &format!("profile {all}"), Some(all)),
        (FileKind::Credentials, "dev", Some("dev")),
        (FileKind::Credentials, "profile dev", None),
        (FileKind::Credentials, "sso-session dev", None),
        (FileKind::Credentials, "a b", None),
        (FileKind::Credentials, "\"a b\"", None),
        (FileKind::Credentials, "'ab'", Some("ab")),
        (FileKind::Credentials, "", None),
    ] {
        let file = parse(kind, &format!("[{header}]\nkey = value\n")).expect("a file");
        let names: Vec<_> = file.sections.iter().map(|section| file.name(section)).collect();
        assert_eq!(names, Vec::from_iter(expected), "{header}");
        assert_eq!(file.warnings.is_empty(), expected.is_some(), "{header}");
    }
}

#[test]
fn a_prefixed_default_replaces_the_bare_one() {
    let (bare, prefixed) = ("[default]\na = 1\n", "[profile default]\nb = 2\n");
    for text in [
        [bare, prefixed].concat(),
        [prefixed, bare].concat(),
        [bare, prefixed, bare].concat(),
    ] {
        let file = parse(FileKind::Config, &text).expect("a file");
        let seen = seen(&file);
        assert_eq!(seen.len(), 1, "{seen:?}");
        assert_eq!(seen[0].3[0].0, "b");
        assert!(!file.warnings.is_empty());
    }
}

#[test]
fn sub_properties() {
    let text = "[services a]\nsts =\n  endpoint_url = http://x # y\n\n  in valid = z\n  B=c\nsso = x\n  d = e\n";
    let file = parse(FileKind::Config, text).expect("a file");
    let subs: Vec<Vec<_>> = file
        .properties(&file.sections[0])
        .map(|property| property.sub_properties().collect())
        .collect();
    assert_eq!(subs, [vec![("endpoint_url", "http://x # y"), ("B", "c")], vec![]]);
}

#[test]
fn properties_with_names_that_are_not_valid_are_ignored() {
    let file = parse(FileKind::Config, "[default]\nin valid = 1\n more\nb = 2\n").expect("a file");
    assert_eq!(seen(&file)[0].3, [("b".to_owned(), "2".to_owned(), 4)]);
    assert_eq!(file.warnings.len(), 1);
}

/// What warnings and flaws say must not hold a secret that stands at the wrong place.
#[test]
fn values_are_not_shown() {
    let text = "[profile a]\naws secret = S3CR3T\n";
    let file = parse(FileKind::Config, text).expect("a file");
    assert!(!file.warnings[0].1.contains("S3CR3T"));
}

/// A file as a writer writes it.
fn write(random: &mut fastrand::Rng) -> (String, Seen) {
    fn word(random: &mut fastrand::Rng, letters: &str) -> String {
        let letters: Vec<char> = letters.chars().collect();
        (0..random.usize(1..8))
            .map(|_| letters[random.usize(..letters.len())])
            .collect()
    }
    const NAMES: &str = "abcXYZ019_-/.%@:+";
    const VALUES: &str = "abc=é[]\"';#:/\\,";
    // So that profiles lead to each other, and to credentials.
    const SECTIONS: [&str; 3] = ["na", "nb", "nc"];
    const PROPERTIES: [&str; 15] = [
        "aws_access_key_id",
        "aws_secret_access_key",
        "credential_process",
        "credential_source",
        "duration_seconds",
        "login_session",
        "role_arn",
        "services",
        "source_profile",
        "sso_account_id",
        "sso_region",
        "sso_role_name",
        "sso_session",
        "sso_start_url",
        "web_identity_token_file",
    ];
    fn word_or(random: &mut fastrand::Rng, letters: &str, known: &[&str]) -> String {
        match random.choice(known).filter(|_| random.bool()) {
            Some(known) => (*known).to_owned(),
            None => word(random, letters),
        }
    }

    let mut text = String::new();
    let mut seen: Seen = Vec::new();
    let mut line = 0;
    for _ in 0..random.usize(..6) {
        let (group, prefix) = *random
            .choice(&[
                (Group::Profile, "profile"),
                (Group::SsoSession, "sso-session"),
                (Group::Services, "services"),
            ])
            .expect("a group");
        // `default` could replace another one.
        let name = match random.bool() {
            true => SECTIONS[random.usize(..SECTIONS.len())].to_owned(),
            false => "n".to_owned() + &word(random, NAMES),
        };
        text += &format!("[{prefix} {name}]\n");
        line += 1;
        let mut section = (group, name, line, Vec::new());
        for _ in 0..random.usize(..5) {
            let name = word_or(random, NAMES, &PROPERTIES);
            let mut value = word_or(random, VALUES, &SECTIONS);
            text += &format!("{name} = {value}\n");
            line += 1;
            let start = line;
            while random.u8(..4) == 0 {
                // The first letter could begin no comment here, but a blank would be lost.
                let more = word(random, VALUES);
                text += &format!("  {more}\n");
                value += "\n";
                value += &more;
                line += 1;
            }
            // With a blank before it, this would begin a comment.
            if value.starts_with(COMMENT) {
                text.truncate(text.rfind(&format!("\n{name} = ")).expect("a property") + 1);
                line = start - 1;
                continue;
            }
            section.3.push((name, value, start));
        }
        if random.bool() {
            text += "\n# comment\n";
            line += 2;
        }
        seen.push(section);
    }
    (text, seen)
}

/// How many cases there are, and where they begin: `cargo xtask soak` says so, and has more of them.
fn cases(few: u64, seed: u64) -> (u64, fastrand::Rng) {
    let said = |name| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seed = said("SOAK_SEED").unwrap_or(seed);
    (said("SOAK_CASES").unwrap_or(few), fastrand::Rng::with_seed(seed))
}

#[test]
fn what_is_written_reads_back() {
    let (cases, mut random) = cases(3_000, 11);
    for _ in 0..cases {
        let (text, expected) = write(&mut random);
        assert_eq!(config(&text), expected, "{text}");
        assert_eq!(config(&text.replace('\n', "\r\n")), expected, "{text}");
    }
}

/// Files of any bytes, most of which are nearly right. Whatever can be read leads to credentials, or to an error.
#[test]
fn any_bytes_are_read_or_refused() {
    const BYTES: &[u8] = b"[]=#; \t\n\r\"\0a\xc3\xa9\xef\xbb\xbf\xff";
    fn file(random: &mut fastrand::Rng) -> Vec<u8> {
        let mut bytes = write(random).0.into_bytes();
        for _ in 0..random.usize(..6) {
            let place = random.usize(..=bytes.len());
            match random.u8(..4) {
                0 => bytes.truncate(place),
                1 => bytes.insert(place, random.u8(..)),
                _ => bytes.insert(place, BYTES[random.usize(..BYTES.len())]),
            }
        }
        bytes
    }
    let (cases, mut random) = cases(3_000, 12);
    for _ in 0..cases {
        let fake = Fake::new()
            .variable("HOME", "/h")
            .file("/h/.aws/config", file(&mut random))
            .file("/h/.aws/credentials", file(&mut random));
        let Ok(files) = Files::read(&fake, &Locations::find(&fake)) else {
            continue;
        };
        for name in files.profile_names() {
            let selected = Selected {
                name: name.to_owned(),
                by: SelectedBy::Code,
            };
            let _ = Plan::resolve(&files, &selected);
        }
        let services = files.services("na");
        let _ = services.and_then(|services| services.get_sub("sts", "endpoint_url"));
    }
}
