//! Texts of a plan where they are to be read, and do nothing.

/// A text on one line, with nothing in it that a terminal takes for an order.
pub(super) fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || is_hidden(c) { ' ' } else { c }).collect()
}

/// Text as a comment below `# `, as many lines as it has.
pub(super) fn comment(text: &str) -> String {
    text.lines().map(|line| format!("# {}", shown(line)).trim_end().to_owned() + "\n").collect()
}

/// A text of letters, digits, dots, hyphens and underscores.
pub(super) fn plain(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    text.chars().map(|c| if is_plain(c) { c } else { '_' }).collect()
}

/// Characters that turn lines around or cannot be seen.
fn is_hidden(c: char) -> bool {
    matches!(
        u32::from(c),
        0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x2069 | 0xfeff | 0xfff9..=0xfffb
    )
}

/// So many of something.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Things, with commas between.
pub(super) fn listed<T: ToString>(things: impl IntoIterator<Item = T>) -> String {
    things.into_iter().map(|thing| thing.to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_cannot_be_left() {
        assert_eq!(comment("a\nrm -rf /\r\nb\u{1b}[2J"), "# a\n# rm -rf /\n# b [2J\n");
        assert_eq!(comment("a\u{2028}b\rc"), "# a b c\n");
    }
}
