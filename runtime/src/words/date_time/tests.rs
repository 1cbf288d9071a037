use aws_smithy_types::date_time::Format;
use fastrand::Rng;

use super::*;

/// The official SDK's type, which is independent of this one.
type Official = aws_smithy_types::DateTime;

/// The first second of the year 1, and that of the year 10000.
const YEARS: std::ops::Range<i64> = -62_135_596_800..253_402_300_800;

fn official(time: DateTime) -> Official {
    Official::from_secs_and_nanos(time.secs(), time.subsec_nanos())
}

/// A time of the years 1 to 9999, to the microsecond. The official type writes no more.
fn any_time(random: &mut Rng) -> DateTime {
    let micros = match random.u8(..4) {
        0 => 0,
        1 => random.u32(..1000) * 1000,
        _ => random.u32(..1_000_000),
    };
    DateTime::from_secs_and_nanos(random.i64(YEARS), micros * 1000)
}

#[test]
fn what_is_written_is_read_and_is_what_the_official_type_writes() {
    let mut random = Rng::with_seed(17);
    let ends = [YEARS.start, -1, 0, 951_782_400, YEARS.end - 1].map(DateTime::from_secs);
    let any = std::iter::repeat_with(|| any_time(&mut random)).take(5_000);
    for time in ends.into_iter().chain(any) {
        let official = official(time);
        for (text, format) in [
            (time.rfc3339().unwrap(), Format::DateTime),
            (time.epoch_seconds(), Format::EpochSeconds),
        ] {
            assert_eq!(text, official.fmt(format).unwrap());
            assert_eq!(text.parse(), Ok(time), "{text}");
        }
        let text = time.http_date().unwrap();
        assert_eq!(text, official.fmt(Format::HttpDate).unwrap());
        assert_eq!(text.parse(), Ok(DateTime::from_secs(time.secs())), "{text}");
    }
}

#[test]
fn other_years_are_written_as_seconds() {
    let ends = [i64::MIN, YEARS.start - 1, YEARS.end, i64::MAX];
    for (secs, nanos) in ends.into_iter().flat_map(|secs| [(secs, 0), (secs, 999_999_999)]) {
        let time = DateTime::from_secs_and_nanos(secs, nanos);
        assert_eq!((time.rfc3339(), time.http_date()), (None, None));
        assert_eq!(time.to_string(), official(time).to_string());
        assert_eq!(time.to_string().parse(), Ok(time));
    }
}

/// Services compute seconds as floats and write all their digits.
#[test]
fn seconds_with_the_digits_of_a_float_are_rounded() {
    let nanos = |text: &str| text.parse::<DateTime>().map(|time| time.as_nanos());
    assert_eq!(nanos("1.9889999999999999"), Ok(1_989_000_000));
    assert_eq!(nanos("-0.19999999999999996"), Ok(-200_000_000));
    assert_eq!(nanos("1576540098.5199999809"), Ok(1_576_540_098_520_000_000));
    assert_eq!(nanos("1576540098.123456789"), Ok(1_576_540_098_123_456_789));
}

const CHARACTERS: [char; 17] = [
    '0', '1', '2', '3', '5', '6', '9', '-', ':', 'T', 'Z', '.', ',', '+', ' ', 'e', 'é',
];

#[test]
fn numbers_with_exponents() {
    let half = DateTime::from_millis(1_500);
    for text in [
        "1.5",
        "+1.5",
        "15e-1",
        "0.0015E3",
        "1500000e-6",
        "0.15e+1",
        "1.5000000009",
        "0001.50e0",
    ] {
        assert_eq!(text.parse(), Ok(half), "{text}");
    }
    for text in ["0e30000", "-0", "5e-30000", ".0", "0.", "-0.0000000001"] {
        assert_eq!(text.parse(), Ok(DateTime::from_secs(0)), "{text}");
    }
}

/// Texts that are nearly times, with some characters replaced, removed or inserted.
#[test]
fn a_text_that_both_types_read_is_the_same_time() {
    let mut random = Rng::with_seed(18);
    let mut both = 0;
    for _ in 0..20_000 {
        let time = any_time(&mut random);
        let (text, format) = match random.u8(..4) {
            0 => (time.rfc3339().unwrap(), Format::DateTimeWithOffset),
            1 => (
                time.rfc3339().unwrap().replace('Z', "-05:30"),
                Format::DateTimeWithOffset,
            ),
            2 => (time.http_date().unwrap(), Format::HttpDate),
            _ => (time.epoch_seconds(), Format::EpochSeconds),
        };
        let mut text: Vec<char> = text.chars().collect();
        for _ in 0..random.usize(..3) {
            let place = random.usize(..text.len());
            let new = random.choice(CHARACTERS).unwrap();
            match random.u8(..4) {
                0 => _ = text.remove(place),
                1 => text.insert(place, new),
                _ => text[place] = new,
            }
        }
        let text: String = text.into_iter().collect();
        // Each takes some that the other refuses: a time without an offset, or an hour `+3`.
        if let (Ok(ours), Ok(official)) = (text.parse::<DateTime>(), Official::from_str(&text, format)) {
            both += 1;
            assert_eq!(self::official(ours), official, "{text}");
        }
    }
    assert!(both > 5_000, "{both}");
}

#[test]
fn any_bytes_are_read_or_refused() {
    let mut random = Rng::with_seed(19);
    for _ in 0..20_000 {
        let length = random.usize(..40);
        let bytes: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(length).collect();
        _ = String::from_utf8_lossy(&bytes).parse::<DateTime>();
    }
}

#[test]
fn no_such_times() {
    for text in [
        "2026-02-29",
        "1900-02-29T00:00:00Z",
        "2026-00-01",
        "2026-01-00",
        "2026-04-31",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:61Z",
        "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+00:60",
        "2026-01-01T00:00:00.Z",
        "Thu, 32 Jan 2026 00:00:00 GMT",
        "Thu, 01 Jan 2026 00:00:00 CET",
        "9223372036854775808",
        "1e99999",
        "1e30000",
        "1.5e",
        "e5",
        ".",
        "-",
        "inf",
    ] {
        let error = text.parse::<DateTime>().unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("`{text}` is not a time such as 2019-12-16T23:48:18Z")
        );
    }
    assert_eq!("2028-02-29".parse(), Ok(DateTime::from_secs(1_835_395_200)));
    // A leap second is the next second, as `SystemTime` has no other.
    assert_eq!("2016-12-31T23:59:60Z".parse(), Ok(DateTime::from_secs(1_483_228_800)));
}

#[test]
fn numbers_and_times() {
    let mut random = Rng::with_seed(20);
    for _ in 0..10_000 {
        let millis = random.i64(..);
        assert_eq!(DateTime::from_millis(millis).to_millis(), Ok(millis));
        let time = any_time(&mut random);
        assert_eq!(DateTime::from_nanos(time.as_nanos()), Some(time));
        assert_eq!(official(time).as_nanos(), time.as_nanos());
        let system = SystemTime::try_from(time).unwrap();
        assert_eq!(system, SystemTime::try_from(official(time)).unwrap());
        assert_eq!(DateTime::from(system), time);
    }
    // It is rounded down, even before 1970.
    assert_eq!(DateTime::from_secs_and_nanos(-1, 999_999_999).to_millis(), Ok(-1));
    assert_eq!(
        DateTime::from_secs_and_nanos(1, u32::MAX),
        DateTime::from_secs_and_nanos(5, 294_967_295)
    );
    assert_eq!(DateTime::from_secs_and_nanos(i64::MAX, u32::MAX), DateTime::MAX);
    assert_eq!(
        DateTime::MAX.to_millis().unwrap_err().to_string(),
        "the time 9223372036854775807.999999999 is out of range"
    );
    assert_eq!(DateTime::from_nanos(i128::MAX), None);
}

#[test]
fn times_are_ordered() {
    let mut random = Rng::with_seed(21);
    for _ in 0..10_000 {
        let (one, other) = (any_time(&mut random), any_time(&mut random));
        assert_eq!(one.cmp(&other), one.as_nanos().cmp(&other.as_nanos()));
    }
    assert!(DateTime::from_millis(-1) < DateTime::from_secs(0));
}

#[test]
fn a_time_is_shown_as_text() {
    let time = DateTime::from_secs_and_nanos(1_576_540_098, 123_456_789);
    assert_eq!(format!("{time:?}"), "2019-12-16T23:48:18.123456789Z");
    assert_eq!(format!("{:>22}", DateTime::from_secs(0)), "  1970-01-01T00:00:00Z");
}
