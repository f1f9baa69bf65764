//! The documents of a file, apart from each other, so that one that is broken
//! takes no other with it.

/// Text that holds one document, or none but comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// Line of the file it begins in, from 1.
    pub(super) line: usize,
    /// The text, with the `---` it begins with.
    pub(super) bytes: &'a [u8],
}

/// Cuts a file before each `---` and after each `...`. Where these begin a line,
/// they are document marks even within a quoted or a block text.
pub(super) fn split(file: &[u8]) -> impl Iterator<Item = Part<'_>> {
    let mut rest = file;
    let mut line = 1;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (length, lines) = measure(rest);
        let (bytes, after) = rest.split_at(length);
        let part = Part { line, bytes };
        rest = after;
        line += lines;
        Some(part)
    })
    .filter(|part| !is_void(part.bytes))
}

/// Bytes and lines of the first part.
fn measure(text: &[u8]) -> (usize, usize) {
    let (mut length, mut lines) = (0, 0);
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        if lines > 0 && is_mark(line, b"---") {
            break;
        }
        length += line.len();
        lines += 1;
        if is_mark(line, b"...") {
            break;
        }
    }
    (length, lines)
}

fn is_mark(line: &[u8], mark: &[u8]) -> bool {
    line.strip_prefix(mark).is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace))
}

/// Nothing but blank lines, comments and marks, or directives before a mark.
fn is_void(text: &[u8]) -> bool {
    let begun = text.starts_with(b"---");
    text.split(|&byte| byte == b'\n').all(|line| {
        let trimmed = line.trim_ascii();
        let is_directive = !begun && line.starts_with(b"%");
        matches!(trimmed.first(), None | Some(b'#')) || is_directive || is_bare_mark(trimmed)
    })
}

fn is_bare_mark(line: &[u8]) -> bool {
    line == b"---" || line == b"..."
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(file: &str) -> Vec<(usize, &str)> {
        let parts = split(file.as_bytes());
        parts.map(|part| (part.line, str::from_utf8(part.bytes).unwrap())).collect()
    }

    #[test]
    fn marks_begin_and_end_documents_and_lines_count_on() {
        assert_eq!(parts(""), []);
        assert_eq!(parts("a: 1"), [(1, "a: 1")]);
        assert_eq!(parts("---\na: 1\n---\nb: 2\n"), [(1, "---\na: 1\n"), (3, "---\nb: 2\n")]);
        assert_eq!(
            parts("# c\n---\na: 1\n...\n\n--- # d\nb: |\n  ---\n...\n"),
            [(2, "---\na: 1\n...\n"), (6, "--- # d\nb: |\n  ---\n...\n")]
        );
    }

    #[test]
    fn what_only_looks_like_a_mark_is_none() {
        assert_eq!(parts("----\n").len(), 1);
        assert_eq!(parts(" ---\n- 1\n").len(), 1);
        assert_eq!(parts("---a\n---b\n").len(), 1);
    }

    #[test]
    fn comments_directives_and_empty_documents_are_no_documents() {
        assert_eq!(parts("# only\n\n"), []);
        assert_eq!(parts("---\n...\n---\n# x\n...\n"), []);
        assert_eq!(parts("%YAML 1.2\n---\na: 1\n"), [(2, "---\na: 1\n")]);
    }
}
