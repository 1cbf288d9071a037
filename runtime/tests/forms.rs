//! Forms of query and ec2, as generated code writes them.

use std::collections::HashMap;

use bytes::Bytes;
use lean_aws_runtime::DateTime;
use lean_aws_runtime::support::form::{ToForm, Writer};
use lean_aws_runtime::support::timestamp::EpochSeconds;
use percent_encoding::percent_decode_str;

/// An input with its code as the generator would write it for query.
struct Reserve {
    title: String,
    copies: Option<i32>,
    due: Option<DateTime>,
    tags: Option<Vec<String>>,
    labels: Option<HashMap<String, String>>,
    cover: Option<Bytes>,
    member: Option<Member>,
    token: Option<String>,
}

struct Member {
    name: Option<String>,
    vip: Option<bool>,
    friends: Option<Vec<Member>>,
}

impl ToForm for Member {
    fn to_form(&self, form: &mut Writer) {
        form.member("Name", &self.name);
        form.member("Vip", &self.vip);
        form.list("Friends", "member", &self.friends, ToForm::to_form);
    }
}

fn reserve() -> Reserve {
    Reserve {
        title: "War & Peace".to_owned(),
        copies: Some(2),
        due: Some(DateTime::from_secs(1_577_836_800)),
        tags: Some(vec!["a b".to_owned(), "c".to_owned()]),
        labels: Some(HashMap::from([("k".to_owned(), "v".to_owned())])),
        cover: Some(Bytes::from_static(b"\0\xff")),
        member: Some(Member {
            name: Some("Léa".to_owned()),
            vip: Some(true),
            friends: None,
        }),
        token: Some("t-1".to_owned()),
    }
}

fn text(form: Writer) -> String {
    String::from_utf8(form.into_bytes()).unwrap()
}

/// What follows the name and version of an operation.
fn written(write: impl FnOnce(&mut Writer)) -> String {
    let mut form = Writer::new("A", "1");
    write(&mut form);
    text(form).strip_prefix("Action=A&Version=1").unwrap().to_owned()
}

#[test]
fn a_request_of_query() {
    let input = reserve();
    let mut form = Writer::new("Reserve", "2020-01-01");
    form.member("Title", &input.title);
    form.member("Copies", &input.copies);
    form.member("Due", &input.due);
    form.list("Tags", "Tag", &input.tags, ToForm::to_form);
    form.member_with("Labels", input.labels.as_ref(), |map, form| {
        form.entries("entry", map, |key, value, form| {
            form.member("key", key);
            form.member("value", value);
        });
    });
    form.member("Cover", &input.cover);
    form.member("Member", &input.member);
    form.member("Token", &input.token);
    assert_eq!(
        text(form),
        "Action=Reserve&Version=2020-01-01&Title=War%20%26%20Peace&Copies=2&Due=2020-01-01T00%3A00%3A00Z\
         &Tags.Tag.1=a%20b&Tags.Tag.2=c&Labels.entry.1.key=k&Labels.entry.1.value=v&Cover=AP8%3D\
         &Member.Name=L%C3%A9a&Member.Vip=true&Token=t-1"
    );
}

#[test]
fn a_request_of_ec2() {
    let input = reserve();
    let mut form = Writer::new("Reserve", "2020-01-01");
    form.member("Title", &input.title);
    form.member("Copies", &input.copies);
    form.member("Due", &input.due);
    form.each("TagSet", &input.tags, ToForm::to_form);
    form.member("Cover", &input.cover);
    form.member("Member", &input.member);
    form.member("Token", &input.token);
    assert_eq!(
        text(form),
        "Action=Reserve&Version=2020-01-01&Title=War%20%26%20Peace&Copies=2&Due=2020-01-01T00%3A00%3A00Z\
         &TagSet.1=a%20b&TagSet.2=c&Cover=AP8%3D&Member.Name=L%C3%A9a&Member.Vip=true&Token=t-1"
    );
}

#[test]
fn leaves() {
    for (actual, expected) in [
        (written(|form| form.member("M", &String::new())), "&M="),
        (written(|form| form.member("M", &None::<String>)), ""),
        (written(|form| form.member("M", &Some(0))), "&M=0"),
        (written(|form| form.member("M", &false)), "&M=false"),
        (written(|form| form.member("M", &i64::MIN)), "&M=-9223372036854775808"),
        (written(|form| form.member("M", &0.1)), "&M=0.1"),
        (written(|form| form.member("M", &f64::NEG_INFINITY)), "&M=-Infinity"),
        (written(|form| form.member("M", &f32::NAN)), "&M=NaN"),
        (written(|form| form.member("M", &Bytes::new())), "&M="),
        (written(|form| form.member("a:b é", &1)), "&a%3Ab%20%C3%A9=1"),
        (
            written(|form| form.member("M", &DateTime::from_millis(1_576_540_098_520))),
            "&M=2019-12-16T23%3A48%3A18.52Z",
        ),
        (
            written(|form| {
                form.member_with("M", Some(&DateTime::from_millis(1_576_540_098_520)), |time, form| {
                    form.value(&EpochSeconds(time).to_string());
                });
            }),
            "&M=1576540098.52",
        ),
    ] {
        assert_eq!(actual, expected);
    }
    let nobody = Member {
        name: None,
        vip: None,
        friends: None,
    };
    assert_eq!(written(|form| form.member("M", &nobody)), "");
}

#[test]
fn lists_and_maps() {
    let none = None::<Vec<i32>>;
    let empty = Vec::<i32>::new();
    let numbers = vec![7, 8];
    let nested = vec![vec![1, 2], vec![], vec![3]];
    let friends = |friends| Member {
        name: None,
        vip: Some(true),
        friends,
    };
    let map = HashMap::from(["c", "a", "b", "d"].map(|key| (key.to_owned(), vec![key.to_uppercase()])));
    for (actual, expected) in [
        (written(|form| form.list("L", "member", &none, ToForm::to_form)), ""),
        (written(|form| form.list("L", "member", &empty, ToForm::to_form)), "&L="),
        (
            written(|form| form.list("L", "member", &Some(numbers.clone()), ToForm::to_form)),
            "&L.member.1=7&L.member.2=8",
        ),
        (written(|form| form.flat_list("L", &none, ToForm::to_form)), ""),
        (written(|form| form.flat_list("L", &empty, ToForm::to_form)), "&L="),
        (
            written(|form| form.flat_list("L", &numbers, ToForm::to_form)),
            "&L.1=7&L.2=8",
        ),
        (written(|form| form.each("L", &none, ToForm::to_form)), ""),
        (written(|form| form.each("L", &empty, ToForm::to_form)), ""),
        (
            written(|form| form.each("L", &numbers, ToForm::to_form)),
            "&L.1=7&L.2=8",
        ),
        (
            written(|form| {
                form.list("L", "member", &nested, |inner, form| {
                    form.elements("member", inner, ToForm::to_form);
                });
            }),
            "&L.member.1.member.1=1&L.member.1.member.2=2&L.member.2=&L.member.3.member.1=3",
        ),
        (
            written(|form| form.each("L", &nested, |inner, form| form.numbered(inner, ToForm::to_form))),
            "&L.1.1=1&L.1.2=2&L.3.1=3",
        ),
        (
            written(|form| form.member("M", &friends(Some(vec![friends(Some(vec![])), friends(None)])))),
            "&M.Vip=true&M.Friends.member.1.Vip=true&M.Friends.member.1.Friends=&M.Friends.member.2.Vip=true",
        ),
        (
            written(|form| {
                form.entries("E", &map, |key, value, form| {
                    form.member("Name", key);
                    form.list("Value", "member", value, ToForm::to_form);
                });
                form.member("After", &1);
            }),
            "&E.1.Name=a&E.1.Value.member.1=A&E.2.Name=b&E.2.Value.member.1=B\
             &E.3.Name=c&E.3.Value.member.1=C&E.4.Name=d&E.4.Value.member.1=D&After=1",
        ),
        (
            written(|form| form.entries("E", &HashMap::<String, i32>::new(), |_, _, _| {})),
            "",
        ),
    ] {
        assert_eq!(actual, expected);
    }
}

#[test]
fn what_is_written_can_be_decoded() {
    let mut random = fastrand::Rng::with_seed(20_191_216);
    for _ in 0..5_000 {
        let mut text = || (0..random.usize(..12)).map(|_| random.char(..)).collect::<String>();
        let (name, list) = (text(), vec![text(), text()]);
        let form = written(|form| {
            form.member(&name, &list[0]);
            form.list(&name, "member", &list, ToForm::to_form);
        });
        let pairs: Vec<(String, String)> = form[1..]
            .split('&')
            .map(|pair| {
                let (key, value) = pair.split_once('=').unwrap();
                let decode = |text| percent_decode_str(text).decode_utf8().unwrap().into_owned();
                (decode(key), decode(value))
            })
            .collect();
        let expected = [
            (name.clone(), list[0].clone()),
            (format!("{name}.member.1"), list[0].clone()),
            (format!("{name}.member.2"), list[1].clone()),
        ];
        assert!(name.is_empty() || pairs == expected, "{form}");
        assert!(
            form.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~%&=".contains(&byte))
        );
    }
}
