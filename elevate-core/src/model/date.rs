//! Days of the calendar.

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
}
