//! Frames and events that are not as they should be.

use super::{
    crc, error_of, event, frame, photo, problem_of, raw_frame, raw_header, read, read_bytes, stream_of, text_header,
    three_events,
};

#[tokio::test]
async fn headers_that_must_be_there() {
    assert_eq!(
        problem_of(raw_frame(&[], b"x")).await,
        "a frame has no header `:message-type`"
    );
    assert_eq!(
        problem_of(frame(&[(":message-type", "event")], b"x")).await,
        "a frame has no header `:event-type`"
    );
    assert_eq!(
        problem_of(frame(&[(":message-type", "greeting")], b"x")).await,
        "a frame is neither an event, an exception nor an error"
    );
    let number = [
        raw_header(":message-type", 4, &[0; 4]),
        text_header(":event-type", "photo"),
    ];
    assert_eq!(
        problem_of(raw_frame(&number.concat(), b"x")).await,
        "the header `:message-type` of a frame is not text"
    );
    let boolean = [text_header(":message-type", "event"), raw_header(":event-type", 0, &[])];
    assert_eq!(
        problem_of(raw_frame(&boolean.concat(), b"x")).await,
        "the header `:event-type` of a frame is not text"
    );
    let twice = [
        (":message-type", "event"),
        (":event-type", "photo"),
        (":event-type", "report"),
    ];
    assert_eq!(
        problem_of(frame(&twice, b"x")).await,
        "a frame has the header `:event-type` more than once"
    );
}

#[tokio::test]
async fn malformed_headers() {
    let malformed: [&[u8]; 12] = [
        b"\x00\x00",                  // no name
        b"\x05name\x00",              // the name goes beyond the headers
        b"\x02\xff\xfe\x00",          // the name is not UTF-8
        b"\x01n",                     // no type
        b"\x01n\x0a",                 // no such type
        b"\x01n\x02",                 // no value
        b"\x01n\x05\x00\x00\x00",     // a value that is too short
        b"\x01n\x07\x00",             // half a length
        b"\x01n\x07\x00\x04abc",      // a length beyond the headers
        b"\x01n\x06\xff\xffabc",      // a length beyond the frame
        b"\x01n\x07\x00\x02\xff\xfe", // a string that is not UTF-8
        b"\x01n\x09\x00\x00\x00\x00", // a short UUID
    ];
    for header in malformed {
        let headers = [&text_header(":message-type", "event"), header].concat();
        let problem = problem_of(raw_frame(&headers, b"payload that must not be taken for headers")).await;
        assert_eq!(problem, "a frame has a malformed header", "{header:?}");
    }
}

#[tokio::test]
async fn events_that_are_not_as_described() {
    let error = error_of(event("wind", br#"{"speed": "secret"}"#)).await;
    assert_eq!(
        error.to_string(),
        "Watch failed: the event stream cannot be read: the event `wind` is not the JSON that the service describes \
         [request id 1f2e, 2 attempts]"
    );
    let source = std::error::Error::source(&error).expect("the place").to_string();
    assert!(source.starts_with("JSON: ") && !source.contains("secret"), "{source}");
    assert_eq!(
        problem_of(event("report", b"\xff")).await,
        "the event `report` is not UTF-8 text"
    );
    let kind = [(":message-type", "event"), (":event-type", "probe"), ("int", "12")];
    let not_as_described = "the event `probe` does not have the header `int` that the service describes";
    assert_eq!(problem_of(frame(&kind, b"")).await, not_as_described);
    let one = raw_header("int", 4, &[0; 4]);
    let twice = [
        text_header(":message-type", "event"),
        text_header(":event-type", "probe"),
        one.clone(),
        one,
    ];
    assert_eq!(problem_of(raw_frame(&twice.concat(), b"")).await, not_as_described);
}

#[tokio::test]
async fn checksums_are_verified() {
    let good = event("photo", b"payload");
    let mut prelude = good.clone();
    prelude[8] ^= 1;
    assert_eq!(
        problem_of(prelude).await,
        "the checksum of the lengths of a frame is wrong"
    );
    let mut message = [event("photo", b"a"), good.clone(), event("photo", b"b")].concat();
    let last = event("photo", b"a").len() + good.len() - 1;
    message[last] ^= 0x80;
    let (events, error) = read_bytes(message).await;
    assert_eq!(events, [photo("a")]);
    assert!(
        error
            .expect("broken")
            .to_string()
            .contains(": the checksum of a frame is wrong [")
    );
}

#[tokio::test]
async fn a_flipped_bit_never_goes_unnoticed() {
    let bytes = [
        event("photo", b"one"),
        event("wind", br#"{"speed": 1}"#),
        event("photo", b"two"),
    ]
    .concat();
    let (intended, _) = read_bytes(bytes.clone()).await;
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let (events, error) = read_bytes(flipped).await;
        assert!(error.is_some(), "bit {bit}");
        assert!(intended.starts_with(&events), "bit {bit}");
    }
}

/// Two lengths with their checksum.
fn prelude(length: u32, headers: u32) -> Vec<u8> {
    let mut prelude = [length.to_be_bytes(), headers.to_be_bytes()].concat();
    prelude.extend(crc(&prelude));
    prelude
}

#[tokio::test]
async fn lengths_are_checked_before_anything_is_awaited() {
    let contradiction = "the lengths of a frame contradict each other";
    for (length, headers) in [
        (0, 0),
        (12, 0),
        (15, 0),
        (16, 1),
        (100, 85),
        (100, u32::MAX),
        (16, u32::MAX - 15),
    ] {
        assert_eq!(
            problem_of(prelude(length, headers)).await,
            contradiction,
            "{length} {headers}"
        );
    }
    assert_eq!(
        problem_of(prelude(u32::MAX, 0)).await,
        "a frame of 4294967295 bytes exceeds the limit of 25296912 bytes"
    );
    // 24 MiB of payload and 128 KiB of headers are within it: what is missing is the rest of the frame.
    let error = error_of(prelude(25_296_912, 131_072)).await;
    assert_eq!(
        error.to_string(),
        "Watch failed: the payload of the response broke off after 12 bytes [request id 1f2e, 2 attempts]"
    );
}

#[tokio::test]
async fn the_limit_can_be_set() {
    let bytes = event("photo", b"0123456789");
    let mut stream = stream_of([bytes.clone()], false);
    stream.set_max_event_size(bytes.len());
    assert!(matches!(read(stream).await, (events, None) if events == [photo("0123456789")]));
    let mut stream = stream_of([bytes.clone()], false);
    stream.set_max_event_size(bytes.len() - 1);
    let (events, error) = read(stream).await;
    assert_eq!(events, []);
    assert!(error.expect("too large").to_string().contains("exceeds the limit"));
}

#[tokio::test]
async fn random_bytes_never_panic() {
    let mut random = fastrand::Rng::with_seed(0x5eed);
    let (bytes, _, _) = three_events();
    for _ in 0..20_000 {
        // Noise; frames that hold noise, with good checksums; and good frames with noise in between.
        let mut noise = vec![0; random.usize(..80)];
        random.fill(&mut noise);
        let stream = match random.u8(..3) {
            0 => noise,
            1 => {
                let (headers, payload) = noise.split_at(random.usize(..=noise.len()));
                let known = [
                    text_header(":message-type", "event"),
                    text_header(":event-type", "wind"),
                ]
                .concat();
                raw_frame(
                    &[if random.bool() { &known } else { &[][..] }, headers].concat(),
                    payload,
                )
            }
            _ => {
                let (head, tail) = bytes.split_at(random.usize(..=bytes.len()));
                [head, &noise, tail].concat()
            }
        };
        let size = random.usize(1..100);
        read(stream_of(stream.chunks(size).map(<[u8]>::to_vec), false)).await;
    }
}
