//! Answers of each protocol: results and errors.

use lean_aws_runtime::support::xml::{Error, ErrorBody, FromXml, Reader};

use super::Order;

/// A code, a message, a member and a request's identifier.
type Parts = (Option<String>, Option<String>, Option<String>, Option<String>);

fn error(body: &str) -> Result<Parts, Error> {
    let error = ErrorBody::read(body.as_bytes(), &|name| name == "InvalidChangeBatch")?;
    let members = error.members();
    Ok((
        error.code().map(str::to_owned),
        members.text("Message"),
        members.get("Shelf"),
        error.request_id().map(str::to_owned),
    ))
}

#[test]
fn errors_of_every_form() {
    let fields = "<Type>Sender</Type><Code>NoSuchBook</Code><Message>gone</Message><Shelf>B2</Shelf>";
    for body in [
        format!("<ErrorResponse xmlns=\"urn:a\"><Error>{fields}</Error><RequestId>r-2</RequestId></ErrorResponse>"),
        format!("<ErrorResponse><RequestId>r-2</RequestId><x/><Error>{fields}</Error></ErrorResponse>"),
        format!("<Response><Errors><Error>{fields}</Error><Error/></Errors><RequestID>r-2</RequestID></Response>"),
        format!("<Response><Errors><Error>{fields}</Error></Errors><RequestId>r-2</RequestId></Response>"),
        format!("<?xml version='1.0'?>\n<Error>{fields}<RequestId>r-2</RequestId><HostId>h</HostId></Error>"),
        format!("<ErrorResponse><Error>{fields}<requestId>r-2</requestId></Error></ErrorResponse>"),
    ] {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            error(&body).unwrap(),
            (text("NoSuchBook"), text("gone"), text("B2"), text("r-2")),
            "{body}"
        );
    }
}

#[test]
fn the_root_may_be_called_like_the_error() {
    let body = "<InvalidChangeBatch xmlns='https://r.example/'><Messages><Message>a</Message><Message>b</Message></Messages>\
                <RequestId>r</RequestId></InvalidChangeBatch>";
    let error = ErrorBody::read(body.as_bytes(), &|name| name == "InvalidChangeBatch").unwrap();
    assert_eq!(
        (error.code(), error.request_id()),
        (Some("InvalidChangeBatch"), Some("r"))
    );
    assert_eq!(error.members().get::<Vec<String>>("Messages").unwrap(), ["a", "b"]);
    assert_eq!(ErrorBody::read(body.as_bytes(), &|_| false).unwrap().code(), None);
}

#[test]
fn members_of_errors() {
    let body = "<Error><Code> x </Code><Count>no</Count><Note>a</Note><!-- c -->text<Note>b</Note><Message/></Error>";
    let error = ErrorBody::read(body.as_bytes(), &|_| false).unwrap();
    let members = error.members();
    assert_eq!(error.code(), Some("x"));
    assert_eq!(members.get::<i32>("Count"), None);
    assert_eq!(members.get::<String>("Message").unwrap(), "");
    assert_eq!(members.text("Message"), None);
    assert_eq!(members.list::<String>("Note").unwrap(), ["a", "b"]);
    assert_eq!(members.list::<String>("None"), None);
    assert_eq!(members.get::<String>("Note").unwrap(), "b");
}

#[test]
fn bodies_that_are_no_errors() {
    for body in [
        "",
        "text",
        "<html><body>Bad Gateway</body></html>",
        "<Error/>",
        "<Error><Code/></Error>",
        "<Response/>",
    ] {
        let code = error(body).ok().and_then(|(code, ..)| code);
        assert_eq!(code, None, "{body}");
    }
    for body in [
        "",
        "text",
        "<!DOCTYPE html><html></html>",
        "<Error><Code>a</Code>",
        "<html><br></html>",
    ] {
        assert!(error(body).is_err(), "{body}");
    }
}

#[test]
fn results_lie_in_an_element_of_their_own() {
    let body = "<ReserveResponse xmlns=\"https://lib.example/doc/2020-01-01/\">\n  <ReserveResult><Tags><Tag>x</Tag></Tags>\
                <New/><Id>7</Id><Placed>2020-01-01T00:00:00.500Z</Placed></ReserveResult>\n  <ResponseMetadata>\
                <RequestId>r-1</RequestId></ResponseMetadata>\n</ReserveResponse>";
    let mut xml = Reader::new(body.as_bytes());
    assert_eq!(xml.next_child().unwrap(), Some("ReserveResponse"));
    xml.enter("ReserveResult").unwrap();
    let order = Order::from_xml(&mut xml).unwrap().unwrap();
    xml.skip().unwrap();
    xml.end().unwrap();
    assert_eq!((&*order.id, &*order.tags.unwrap()), ("7", &["x".to_owned()][..]));

    let other = body.replace("ReserveResult", "OtherResult");
    let mut xml = Reader::new(other.as_bytes());
    xml.next_child().unwrap();
    let problem = xml.enter("ReserveResult").unwrap_err().to_string();
    assert_eq!(problem, "XML: there is no `ReserveResult` (line 4, column 19)");
}
