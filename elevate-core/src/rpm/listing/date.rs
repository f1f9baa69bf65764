//! Dates as `rpm` prints them with `:date`.

/// How many bytes at the start of a text are a date with a time of day:
/// `Tue Mar  5 17:35:04 2019`, `Tue 05 Mar 2019 05:35:04 PM CET`,
/// `2019-03-05 17:35:04`. `None` where there is none.
pub(super) fn prefix(text: &str) -> Option<usize> {
    let (mut time, mut year, mut end) = (false, false, 0);
    for (start, word) in words(text).take(8) {
        let had_year = year;
        let part = (is_time(word), is_year(word) || is_iso(word));
        // Names of days and months are short in every language.
        if part == (false, false) && word.chars().count() > 5 {
            return None;
        }
        time |= part.0;
        year |= part.1;
        end = start + word.len();
        if time && year {
            return Some(if had_year { with_zone(text, end) } else { end });
        }
    }
    (time && year).then_some(end)
}

/// Seconds since 1970 of `Tue Mar  5 17:35:04 2019`, read as UTC. The text
/// names no time zone, so this is good only for telling two times apart.
pub(super) fn roughly(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split_whitespace().skip(1);
    let month = words.next()?;
    let month = MONTHS.iter().position(|m| *m == month)? as i64 + 1;
    let day: i64 = words.next().filter(|d| d.len() <= 2)?.parse().ok()?;
    let mut clock = words.next()?.split(':').map(|n| n.parse::<i64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let year: i64 = words.next().filter(|y| is_year(y))?.parse().ok()?;
    Some(days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Days since 1970-01-01 in the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years that start in March have their leap day last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468
}

fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut next = 0;
    text.split([' ', '\t'])
        .map(move |word| {
            let start = next;
            next += word.len() + 1;
            (start, word)
        })
        .filter(|(_, word)| !word.is_empty())
}

/// The end of a date whose time of day came last: `AM`, `PM` and a zone belong to it.
fn with_zone(text: &str, end: usize) -> usize {
    let mut whole = end;
    for (start, word) in words(&text[end..]).take(2) {
        let zone = (2..=5).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase());
        let offset = word.starts_with(['+', '-']) && word[1..].bytes().all(|b| b.is_ascii_digit());
        if !zone && !offset {
            break;
        }
        whole = end + start + word.len();
    }
    whole
}

fn is_time(word: &str) -> bool {
    let mut parts = word.split(':');
    let two = |part: Option<&str>| {
        part.is_some_and(|p| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
    };
    two(parts.next()) && two(parts.next()) && two(parts.next()) && parts.next().is_none()
}

fn is_year(word: &str) -> bool {
    let word = word.trim_end_matches(',');
    word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit())
}

fn is_iso(word: &str) -> bool {
    let mut parts = word.split('-');
    parts.next().is_some_and(is_year)
        && parts.next().is_some_and(|m| m.len() == 2)
        && parts.next().is_some_and(|d| d.len() == 2)
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_ends_where_its_last_part_ends() {
        let whole = [
            "Tue Mar  5 17:35:04 2019",
            "Tue 05 Mar 2019 05:35:04 PM CET",
            "Tue 05 Mar 2019 17:35:04 +0100",
            "2019-03-05 17:35:04",
            "Di 05 M\u{e4}r 2019 17:35:04 CET",
        ];
        for date in whole {
            assert_eq!(prefix(date), Some(date.len()), "{date}");
        }
        assert_eq!(prefix("Tue Mar  5 17:35:04 2019 EPEL"), Some(24));
        assert_eq!(prefix("Red Hat, Inc."), None);
        assert_eq!(prefix("2019"), None);
    }

    #[test]
    fn days_are_counted_across_leap_years() {
        assert_eq!(roughly("Thu Jan  1 00:00:00 1970"), Some(0));
        assert_eq!(roughly("Tue Feb 29 12:00:00 2000"), Some(951_825_600));
        assert_eq!(roughly("Thu Oct 20 12:52:54 2016"), Some(1_476_967_974));
        assert_eq!(roughly("Thu Foo 20 12:52:54 2016"), None);
    }
}
