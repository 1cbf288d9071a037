use super::*;

/// A copy of `models/`, and a folder of upstream's like it.
struct Folders {
    folder: tempfile::TempDir,
}

impl Folders {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let base = crate::root().join("tests/evolution/base");
        for side in ["models", "upstream"] {
            copy(&base, &folder.path().join(side).join("shop")).expect("copied");
        }
        fs::remove_file(folder.path().join("upstream/shop/client.json")).expect("removed");
        Self { folder }
    }

    fn models(&self) -> PathBuf {
        self.folder.path().join("models")
    }

    fn edit(&self, side: &str, file: &str, edit: impl FnOnce(&mut Value)) {
        let path = self.folder.path().join(side).join("shop").join(file);
        let mut document = serde_json::from_str(&fs::read_to_string(&path).expect("a file")).expect("JSON");
        edit(&mut document);
        fs::write(&path, pretty(&document).expect("text")).expect("written");
    }

    fn update(&self) -> Update {
        let upstream = Upstream::find(Some(&self.folder.path().join("upstream"))).expect("a folder");
        Update::prepare(&self.models(), "shop", &upstream, &self.folder.path().join("scratch"))
            .expect("both can be read")
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.models().join("shop").join(file)).expect("a file")
    }
}

#[test]
fn without_a_change_nothing_is_touched() {
    let folders = Folders::new();
    // Order and prose are no facts.
    folders.edit("upstream", "service-2.json", |service| {
        service["documentation"] = "Theirs.".into();
        let shapes = service["shapes"].as_object_mut().expect("shapes");
        let first = shapes.shift_remove("GetItemInput").expect("a shape");
        shapes.insert("GetItemInput".to_owned(), first);
    });
    folders.edit("models", "service-2.json", |service| {
        service["documentation"] = "Ours.".into()
    });
    assert_eq!(folders.update().files, BTreeMap::new());
}

#[test]
fn facts_are_taken_over_and_the_version_rises() {
    let folders = Folders::new();
    folders.edit("models", "service-2.json", |service| {
        service["operations"]["Watch"]["documentation"] = "Watches.".into();
        service["shapes"]["Options"]["documentation"] = "What is possible.".into();
    });
    folders.edit("upstream", "service-2.json", |service| {
        service["shapes"]["GetItemInput"]["members"]["Color"] =
            serde_json::json!({ "shape": "Text", "location": "querystring", "documentation": "Theirs." });
        service["operations"]["Watch"]["http"]["requestUri"] = "/events".into();
    });
    fs::remove_file(folders.folder.path().join("upstream/shop/waiters-2.json")).expect("removed");
    let ours = [
        (
            "service-2.sdk-extras.json",
            r#"{ "version": 1.0, "merge": { "shapes": { "Text": { "max": 9 } } } }"#,
        ),
        ("faults.md", "## Faults\n"),
    ];
    for (name, text) in ours {
        fs::write(folders.models().join("shop").join(name), text).expect("written");
    }

    let update = folders.update();
    assert_eq!(
        update.diff.verdict(),
        Some(codegen::diff::Level::Major),
        "{}",
        update.diff
    );
    assert_eq!(
        update.unwritten,
        ["shop/service-2.json: /shapes/GetItemInput/members/Color"]
    );
    update.carry_out(&folders.models()).expect("written");
    let service: Value = serde_json::from_str(&folders.text("service-2.json")).expect("JSON");
    assert_eq!(service["operations"]["Watch"]["documentation"], "Watches.");
    assert_eq!(service["operations"]["Watch"]["http"]["requestUri"], "/events");
    assert_eq!(service["shapes"]["Options"]["documentation"], "What is possible.");
    assert_eq!(
        service["shapes"]["GetItemInput"]["members"]["Color"]["documentation"],
        ""
    );
    assert!(!folders.models().join("shop/waiters-2.json").exists());
    let changelog = folders.text("CHANGELOG.md");
    assert!(
        changelog.starts_with("# Changelog\n\n## 2.0.0\n\n### Breaking changes\n"),
        "{changelog}"
    );
    // Nothing but the version changes in what is ours alone.
    let base = fs::read_to_string(crate::root().join("tests/evolution/base/client.json")).expect("a file");
    assert_eq!(folders.text("client.json"), base.replace("1.0.0", "2.0.0"));
    for (name, text) in ours {
        assert_eq!(folders.text(name), text);
    }
    // What an overlay corrects is not merged into what it lies over.
    assert_eq!(service["shapes"]["Text"].get("max"), None);

    let again = folders.update();
    assert_eq!(again.files, BTreeMap::new());
    assert_eq!(again.unwritten, update.unwritten);
}

#[test]
fn a_description_in_smithys_form_has_the_same_facts() {
    let folders = Folders::new();
    let smithy = crate::root().join("tests/evolution/smithy/shop.json");
    let text = fs::read_to_string(&smithy).expect("a description");
    let changed = folders.folder.path().join("changed.json");
    fs::write(&changed, text.replace("\"X-Trace\"", "\"X-Other\"")).expect("written");
    for (file, expected) in [(&smithy, None), (&changed, Some(codegen::diff::Level::Patch))] {
        let upstream = Upstream::find(Some(file)).expect("a file");
        let scratch = folders.folder.path().join("scratch");
        let update = Update::prepare(&folders.models(), "shop", &upstream, &scratch).expect("both can be read");
        assert_eq!(update.diff.verdict(), expected, "{}", update.diff);
    }
}

#[test]
fn what_is_not_selected_is_not_taken_over() {
    let folders = Folders::new();
    folders.edit("models", "client.json", |client| {
        let package = client["package"].take();
        *client = serde_json::json!({ "package": package, "operations": ["Watch"] });
    });
    let update = folders.update();
    let text = update.files[Path::new("shop/service-2.json")]
        .as_deref()
        .expect("it is written");
    let service: Value = serde_json::from_str(text).expect("JSON");
    let names = |value: &Value| {
        value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&service["operations"]), ["Watch"]);
    assert!(!names(&service["shapes"]).contains(&"GetItemInput".to_owned()));
    // They belong to other operations.
    assert_eq!(update.files[Path::new("shop/paginators-1.json")], None);
    assert_eq!(update.files[Path::new("shop/waiters-2.json")], None);
}

#[test]
fn what_cannot_be_generated_is_not_taken_over() {
    let folders = Folders::new();
    folders.edit("upstream", "service-2.json", |service| {
        service["shapes"]["Flag"]["type"] = "flag".into();
    });
    let upstream = Upstream::find(Some(&folders.folder.path().join("upstream"))).expect("a folder");
    let problem = Update::prepare(
        &folders.models(),
        "shop",
        &upstream,
        &folders.folder.path().join("scratch"),
    )
    .err()
    .expect("an error");
    assert!(problem.to_string().ends_with("nothing was written"), "{problem}");
}

#[test]
fn one_description_is_for_no_other_service() {
    let folders = Folders::new();
    let (models, other) = (folders.models(), folders.models().join("other"));
    copy(&models.join("shop"), &other).expect("copied");
    folders.edit("models", "../other/service-2.json", |service| {
        service["metadata"]["serviceId"] = "Other".into();
    });
    let upstream = Upstream::find(Some(&folders.folder.path().join("upstream/shop"))).expect("a folder");
    let found = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        services(&models, &names, &upstream).map_err(|error| error.to_string())
    };
    assert_eq!(found(&[]), Ok(vec!["shop".to_owned()]));
    assert_eq!(found(&["shop"]), Ok(vec!["shop".to_owned()]));
    let wrong = format!("{upstream} describes `Shop`, and `models/other` is `Other`");
    assert_eq!(found(&["shop", "other"]), Err(wrong));
    fs::remove_dir_all(models.join("shop")).expect("removed");
    assert_eq!(
        found(&[]),
        Err(format!("{upstream} describes `Shop`, which is not in `models/`"))
    );
}
