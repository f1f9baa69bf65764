//! GRUB's environment block: a file of exactly 1024 bytes that GRUB writes in
//! place while booting, `name=value` lines padded with `#`.

use std::collections::BTreeMap;

use super::odd;
use crate::facts::OddLine;

/// The size of the block.
pub const SIZE: usize = 1024;
const SIGNATURE: &str = "# GRUB Environment Block\n";

/// An environment block.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GrubEnv {
    /// Variables, such as `saved_entry` and `kernelopts`.
    pub variables: BTreeMap<String, String>,
    /// What GRUB, or leapp, holds against it; none where it is intact.
    pub faults: Vec<Fault>,
}

/// What is wrong with a block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Fault {
    /// It does not begin with its signature.
    #[error("does not begin with \"# GRUB Environment Block\"")]
    Signature,
    /// It has another size.
    #[error("has {0} bytes, not {SIZE}")]
    Size(usize),
    /// It ends in a line end, not in padding: an editor wrote it.
    #[error("ends in a line end, not in padding")]
    LineEnd,
}

impl GrubEnv {
    /// Reads a block. leapp takes one for corrupt where its size is wrong or
    /// its last character is a line end.
    pub fn parse(bytes: &[u8]) -> (Self, Vec<OddLine>) {
        let mut env = Self::default();
        let mut notes = Vec::new();
        let text = String::from_utf8_lossy(bytes);
        if bytes.len() != SIZE {
            env.faults.push(Fault::Size(bytes.len()));
        }
        if bytes.ends_with(b"\n") {
            env.faults.push(Fault::LineEnd);
        }
        if !text.starts_with(SIGNATURE) {
            env.faults.insert(0, Fault::Signature);
        }
        let mut line = 1;
        let mut rest: &str = &text;
        while !rest.is_empty() {
            let (logical, after, lines) = logical_line(rest);
            if !logical.starts_with('#') && !logical.is_empty() {
                match logical.split_once('=') {
                    Some((name, value)) if !name.is_empty() => {
                        env.variables.insert(name.to_owned(), unescaped(value));
                    }
                    _ => odd(&mut notes, line, logical, "is not NAME=VALUE"),
                }
            }
            line += lines;
            rest = after;
        }
        (env, notes)
    }
}

/// A line; an escaped line end does not end it.
fn logical_line(text: &str) -> (&str, &str, usize) {
    let mut lines = 1;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '\n' if !escaped => return (&text[..at], &text[at + 1..], lines),
            '\n' => lines += 1,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    (text, "", lines)
}

fn unescaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(lines: &str) -> Vec<u8> {
        let mut block = format!("{SIGNATURE}{lines}").into_bytes();
        block.resize(SIZE, b'#');
        block
    }

    #[test]
    fn an_intact_block_has_variables_and_no_faults() {
        let (env, odd) = GrubEnv::parse(&block(
            "saved_entry=CentOS Linux (3.10.0) 7 (Core)\nkernelopts=root=a ro \na=b\\\\c\\\nd\n",
        ));
        assert_eq!((env.faults, odd), (vec![], vec![]));
        assert_eq!(env.variables["saved_entry"], "CentOS Linux (3.10.0) 7 (Core)");
        assert_eq!(env.variables["kernelopts"], "root=a ro ");
        assert_eq!(env.variables["a"], "b\\c\nd");
    }

    #[test]
    fn faults_are_those_that_make_grub_refuse_it() {
        let (env, _) = GrubEnv::parse(b"");
        assert_eq!(env.faults, [Fault::Signature, Fault::Size(0)]);
        let mut edited = block("a=b\n");
        edited.push(b'\n');
        let (env, _) = GrubEnv::parse(&edited);
        assert_eq!(env.faults, [Fault::Size(1025), Fault::LineEnd]);
        assert_eq!(env.variables["a"], "b");
        let (env, odd) = GrubEnv::parse(&[0xff; SIZE]);
        assert_eq!(env.faults, [Fault::Signature]);
        assert_eq!(odd.len(), 1);
    }

    #[test]
    fn lines_without_a_name_are_odd() {
        let (_, odd) = GrubEnv::parse(&block("saved_entry\n=x\n"));
        assert_eq!(odd.iter().map(|o| o.line).collect::<Vec<_>>(), [2, 3]);
    }
}
