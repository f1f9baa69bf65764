//! Paths as they are written: by fstab and the kernel's mount tables, and with
//! `..` in them.

/// `\040` and its like as the bytes they stand for, as in fstab and mounts.
pub(crate) fn unescape_octal(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digits = bytes.get(at + 1..at + 4).filter(|_| byte == b'\\');
        let is_octal = |d: &&[u8]| d.iter().all(|b| (b'0'..=b'7').contains(b)) && d[0] < b'4';
        match digits.filter(is_octal) {
            Some(digits) => {
                out.push(digits.iter().fold(0u8, |sum, digit| (sum << 3) | (digit - b'0')));
                at += 4;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A path as seen from a directory, without `.`, `..` and repeated slashes.
pub(crate) fn path_within(directory: &str, path: &str) -> String {
    let start = if path.starts_with('/') { "" } else { directory };
    let mut parts: Vec<&str> = Vec::new();
    for part in start.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octal_escapes_are_undone_and_nothing_else() {
        assert_eq!(unescape_octal("/mnt/my\\040disk\\134x\\9\\"), "/mnt/my disk\\x\\9\\");
        assert_eq!(unescape_octal("/mnt/\\777"), "/mnt/\\777");
        assert_eq!(unescape_octal("/plain"), "/plain");
    }

    #[test]
    fn a_path_has_no_steps_that_lead_nowhere() {
        assert_eq!(path_within("/etc/x", "../a//./b"), "/etc/a/b");
        assert_eq!(path_within("/etc", "/a/.."), "/");
        assert_eq!(path_within("", "/../etc//shadow"), "/etc/shadow");
    }
}
