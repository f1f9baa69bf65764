//! Days of the calendar.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A day in the Gregorian calendar, written `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u64,
    month: u64,
    day: u64,
}

/// A text that is no day.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is no day; write YYYY-MM-DD")]
pub struct DateError(String);

impl Date {
    /// The day of a time in seconds since 1970, in UTC.
    pub fn of(seconds: u64) -> Self {
        let (year, month, day) = civil(seconds / 86_400);
        Self { year, month, day }
    }

    /// A time in seconds since 1970 as ISO 8601 writes it: `2024-02-29T12:00:00Z`.
    pub fn with_time(seconds: u64) -> String {
        let (hour, minute) = (seconds / 3600 % 24, seconds / 60 % 60);
        format!("{}T{hour:02}:{minute:02}:{:02}Z", Self::of(seconds), seconds % 60)
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let date = || {
            let mut parts = text.split('-');
            let mut number = |digits: usize| {
                let part = parts.next()?;
                let is_number = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
                part.parse::<u64>().ok().filter(|_| is_number)
            };
            let (year, month, day) = (number(4)?, number(2)?, number(2)?);
            let is_whole = parts.next().is_none();
            let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let last = match month {
                2 => 28 + u64::from(is_leap),
                4 | 6 | 9 | 11 => 30,
                1..=12 => 31,
                _ => 0,
            };
            (is_whole && (1..=last).contains(&day)).then_some(Self { year, month, day })
        };
        date().ok_or_else(|| DateError(text.to_owned()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Year, month and day, from 1, of a number of days since 1970-01-01, in the
/// Gregorian calendar.
pub fn civil(days: u64) -> (u64, u64, u64) {
    // From the first of March of a leap year on, the leap day comes last.
    let since = days + 719_468;
    let (era, of_era) = (since / 146_097, since % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    (era * 400 + year + u64::from(march >= 10), (march + 2) % 12 + 1, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_across_leap_years() {
        let known = [(0, (1970, 1, 1)), (11_016, (2000, 2, 29)), (19_782, (2024, 2, 29))];
        for (days, date) in known {
            assert_eq!(civil(days), date, "{days}");
            assert_eq!(civil(days + 366).0, date.0 + 1, "{days}");
        }
    }

    #[test]
    fn a_day_is_written_as_it_is_read() {
        for text in ["1970-01-01", "2000-02-29", "2026-12-31"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        for text in ["", "2026-2-1", "2025-02-29", "1900-02-29", "2026-13-01", "2026-04-31", "x"] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert!("2026-01-01-".parse::<Date>().is_err());
        assert_eq!(Date::with_time(1_709_208_005), "2024-02-29T12:00:05Z");
    }
}
