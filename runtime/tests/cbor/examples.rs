//! A whole request and its answers: `Reserve` of a library.

use std::collections::HashMap;

use bytes::Bytes;
use lean_aws_runtime::DateTime;
use lean_aws_runtime::support::Zero;
use lean_aws_runtime::support::cbor::{Error, FromCbor, Members, Reader, ToCbor, Writer, to_bytes};

use super::{bytes, read};

struct Input {
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
}

impl ToCbor for Input {
    fn to_cbor(&self, cbor: &mut Writer) {
        cbor.begin_object();
        cbor.member("Title", &self.title);
        cbor.member("Copies", &self.copies);
        cbor.member("Due", &self.due);
        cbor.member("Tags", &self.tags);
        cbor.member("Labels", &self.labels);
        cbor.member("Cover", &self.cover);
        cbor.member("Member", &self.member);
        cbor.member("Token", &self.token);
        cbor.end_object();
    }
}

impl ToCbor for Member {
    fn to_cbor(&self, cbor: &mut Writer) {
        cbor.begin_object();
        cbor.member("Name", &self.name);
        cbor.member("Vip", &self.vip);
        cbor.end_object();
    }
}

#[derive(Default)]
struct Output {
    id: Option<String>,
    at: Option<DateTime>,
    tags: Option<Vec<String>>,
}

impl Zero for Output {
    fn zero() -> Self {
        Self::default()
    }
}

impl FromCbor for Output {
    fn from_cbor(cbor: &mut Reader<'_>) -> Result<Self, Error> {
        let mut value = Self::default();
        cbor.begin_object()?;
        while let Some(name) = cbor.next_member()? {
            match &*name {
                "Id" => cbor.fill(&mut value.id)?,
                "At" => cbor.fill(&mut value.at)?,
                "Tags" => cbor.fill(&mut value.tags)?,
                _ => cbor.skip()?,
            }
        }
        Ok(value)
    }
}

#[test]
fn a_request() {
    let input = Input {
        title: "War & Peace".to_owned(),
        copies: Some(2),
        due: Some(DateTime::from_secs(1_577_836_800)),
        tags: Some(vec!["a b".to_owned(), "c".to_owned()]),
        labels: Some(HashMap::from([("k".to_owned(), "v".to_owned())])),
        cover: Some(Bytes::from_static(b"\0\xff")),
        member: Some(Member {
            name: Some("Léa".to_owned()),
            vip: Some(true),
        }),
        token: Some("t-1".to_owned()),
    };
    let expected =
        "bf 655469746c65 6b5761722026205065616365 66436f70696573 02 63447565 c11a5e0be100 6454616773 82 63612062 6163
                    664c6162656c73 a1616b6176 65436f766572 4200ff 664d656d626572 bf 644e616d65 644cc3a961 63566970 f5 ff
                    65546f6b656e 63742d31 ff";
    assert_eq!(to_bytes(&input), bytes(expected));
}

#[test]
fn answers() {
    let output: Output = read("bf 624964 6137 624174 c1fb41d782f840200000 6454616773 9f6178ff 634e6577 f6 ff").unwrap();
    assert_eq!(output.id.unwrap(), "7");
    assert_eq!(output.at.unwrap(), DateTime::from_millis(1_577_836_800_500));
    assert_eq!(output.tags.unwrap(), ["x"]);

    let body = bytes(
        "a3 665f5f74797065 76 636f6d2e6578616d706c65234e6f53756368426f6f6b 674d657373616765 64 676f6e65 655368656c66 62 4232",
    );
    let error = Members::read(&body).unwrap();
    assert_eq!(error.text("__type").unwrap(), "com.example#NoSuchBook");
    assert_eq!(error.text("Message").unwrap(), "gone");
    assert_eq!(error.get::<String>("Shelf").unwrap(), "B2");
}
