//! Names that somebody may have meant.

use std::collections::BTreeSet;

/// Texts longer than this are cut before they are compared.
const LONGEST: usize = 100;

/// Names much like a text, the most alike first: those that hold it, or are a few letters
/// off. At most so many.
pub fn nearest<'n>(
    text: &str,
    names: impl IntoIterator<Item = &'n str>,
    most: usize,
) -> Vec<String> {
    let text: String = text.chars().take(LONGEST).collect();
    let far = text.chars().count() / 3;
    let mut near: BTreeSet<(usize, &str)> = BTreeSet::new();
    for name in names {
        let distance = distance(&text, name);
        if distance <= far || (text.len() > 2 && name.contains(&text)) {
            near.insert((distance, name));
        }
    }
    near.into_iter().take(most).map(|(_, name)| name.to_owned()).collect()
}

/// How many letters are to be put in, left out or replaced to make one text of
/// another.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(LONGEST).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_far_apart_as_letters_differ() {
        let pairs = [("", "abc"), ("httpd", "htpd"), ("bash", "bash"), ("glibc", "gilbc")];
        let distances = pairs.map(|(a, b)| distance(a, b));
        assert_eq!(distances, [3, 1, 0, 2]);
    }

    #[test]
    fn names_that_hold_a_text_or_are_like_it_are_near() {
        let names = ["httpd", "httpd-tools", "bash", "nginx", "httpd"];
        assert_eq!(nearest("htpd", names, 5), ["httpd"]);
        assert_eq!(nearest("httpd", names, 5), ["httpd", "httpd-tools"]);
        assert_eq!(nearest("httpd", names, 1), ["httpd"]);
        assert_eq!(nearest("zzz", names, 5), [""; 0]);
    }
}
