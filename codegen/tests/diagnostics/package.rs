//! What `client.json` says of the package.

use insta::assert_snapshot;

use super::{CLIENT, change};

#[test]
fn a_package_name_that_the_registry_refuses() {
    let text = change(CLIENT, r#""name": "things""#, r#""name": "my things""#);
    assert_snapshot!(text, @r#"
    error: `my things` is not a valid package name
     --> client.json:2:24
      |
    2 |   "package": { "name": "my things", "version": "1.0.0", "keywords": ["things"] },
      |                        ^^^^^^^^^^^
      |
      = at /package/name
      = help: set `package.name` in client.json to a letter and then letters, digits, `-` and `_`, at most 64 in all, but not a keyword, a standard crate of Rust, or a crate that clients depend on

    1 error
    "#);
}

/// With such a dependency, `core::fmt` would be sought in it.
#[test]
fn a_package_named_after_a_standard_crate() {
    for name in ["std", "core", "alloc", "test", "proc_macro", "proc-macro"] {
        let text = change(CLIENT, r#""name": "things""#, &format!(r#""name": "{name}""#));
        assert!(
            text.contains(&format!("`{name}` is not a valid package name")),
            "{text}"
        );
    }
}

#[test]
fn a_package_named_after_a_keyword() {
    let text = change(CLIENT, r#""name": "things""#, r#""name": "async""#);
    assert_snapshot!(text, @r#"
    error: `async` is not a valid package name
     --> client.json:2:24
      |
    2 |   "package": { "name": "async", "version": "1.0.0", "keywords": ["things"] },
      |                        ^^^^^^^
      |
      = at /package/name
      = help: set `package.name` in client.json to a letter and then letters, digits, `-` and `_`, at most 64 in all, but not a keyword, a standard crate of Rust, or a crate that clients depend on

    1 error
    "#);
}

#[test]
fn a_version_that_is_none() {
    let text = change(CLIENT, r#""1.0.0""#, r#""1.0""#);
    assert_snapshot!(text, @r#"
    error: `1.0` is not a semantic version
     --> client.json:2:45
      |
    2 |   "package": { "name": "things", "version": "1.0", "keywords": ["things"] },
      |                                             ^^^^^
      |
      = at /package/version
      = help: write three numbers, such as `1.0.0` or `1.0.0-rc.1`

    1 error
    "#);
}

#[test]
fn too_many_keywords() {
    let text = change(CLIENT, r#"["things"]"#, r#"["a", "b", "c", "d", "e", "f"]"#);
    assert_snapshot!(text, @r#"
    error: there are 6 keywords
     --> client.json:2:54
      |
    2 |   "package": { "name": "things", "version": "1.0.0", "keywords": ["a", "b", "c", "d", "e", "f"] },
      |                                                      ^^^^^^^^^^
      |
      = at /package/keywords
      = help: keep five: the registry takes no more

    1 error
    "#);
}

#[test]
fn a_keyword_that_the_registry_refuses() {
    let text = change(CLIENT, r#"["things"]"#, r#"["all things"]"#);
    assert_snapshot!(text, @r#"
    error: `all things` is not a keyword that the registry accepts
     --> client.json:2:67
      |
    2 |   "package": { "name": "things", "version": "1.0.0", "keywords": ["all things"] },
      |                                                                   ^^^^^^^^^^^^
      |
      = at /package/keywords/0
      = help: use at most 20 ASCII letters, digits, `-`, `_` and `+`, a letter or digit first

    1 error
    "#);
}
