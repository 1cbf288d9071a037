//! The Gregorian calendar, by the algorithms of Howard Hinnant: <https://howardhinnant.github.io/date_algorithms.html>.
//!
//! Years begin in March, so that the leap day is the last one of its year. They repeat after 400 years, an era.

/// The seconds of a day.
pub(crate) const DAY: i64 = 24 * 60 * 60;

const DAYS_OF_ERA: i64 = 146_097;

/// The days from 0000-03-01 to 1970-01-01.
const BEFORE_1970: i64 = 719_468;

/// Returns year, month and day, from the days since 1970-01-01.
pub(crate) fn date(days: i64) -> (i64, i64, i64) {
    let days = days + BEFORE_1970;
    let era = days.div_euclid(DAYS_OF_ERA);
    let day = days.rem_euclid(DAYS_OF_ERA);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // From March on the months have 31, 30, 31, 30 and 31 days, which are 153, and then again.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next_year) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next_year, month, day)
}

/// Returns the days since 1970-01-01, or `None` if there is no such date.
pub(crate) fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let last = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=last).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year = year.rem_euclid(400);
    let day = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * DAYS_OF_ERA + year * 365 + year / 4 - year / 100 + day - BEFORE_1970)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counted day by day, by the rule of the calendar, from the year 0 to the year 10000.
    #[test]
    fn every_day() {
        let (mut year, mut month, mut day) = (0, 1, 1);
        for number in -719_528..2_932_897 {
            assert_eq!(date(number), (year, month, day));
            assert_eq!(days(year, month, day), Some(number));
            let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let last = match month {
                2 if is_leap => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            if day == last {
                assert_eq!(days(year, month, day + 1), None);
            }
            (year, month, day) = match (month, day) {
                (12, 31) => (year + 1, 1, 1),
                (_, day) if day == last => (year, month + 1, 1),
                _ => (year, month, day + 1),
            };
        }
        assert_eq!((year, month, day), (10_000, 1, 1));
        for (month, day) in [(0, 1), (13, 1), (1, 0), (1, -1)] {
            assert_eq!(days(2026, month, day), None);
        }
    }

    #[test]
    fn the_farthest_times_have_a_date() {
        assert_eq!(date(i64::MAX / DAY), (292_277_026_596, 12, 4));
        assert_eq!(date(i64::MIN / DAY), (-292_277_022_657, 1, 28));
    }
}
