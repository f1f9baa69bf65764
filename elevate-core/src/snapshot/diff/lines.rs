//! Lines that differ between two texts, within bounds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most lines told of one text.
const MOST_LINES: usize = 200;
/// The longest line told, in characters.
const LONGEST: usize = 400;
/// The most comparisons of lines of two texts; those that need more are told as replaced.
const MOST_STEPS: usize = 4_000_000;
/// The most comparisons of lines of all texts together.
pub(super) const ALL_STEPS: usize = 50_000_000;

/// Lines that differ.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Lines {
    /// The first of them, in order.
    pub lines: Vec<LineChange>,
    /// How many more there are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more: usize,
    /// Whether the texts are too long to say which lines stayed: all between what they
    /// begin and end with alike is told as gone and come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub coarse: bool,
}

/// A line of one text only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum LineChange {
    /// It is in the second text only.
    Come {
        /// Its number there, from 1.
        line: usize,
        /// The line, at most 400 characters of it.
        text: String,
    },
    /// It is in the first text only.
    Gone {
        /// Its number there, from 1.
        line: usize,
        /// The line, at most 400 characters of it.
        text: String,
    },
}

impl Lines {
    /// Compares two texts line by line: a longest sequence of lines that both have stays.
    /// It takes what it needs of a number of steps that are left.
    pub(super) fn of(before: &str, after: &str, steps: &mut usize) -> Self {
        let (old, new) = (before.lines().collect::<Vec<_>>(), after.lines().collect::<Vec<_>>());
        let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        let (old_rest, new_rest) = (&old[start..], &new[start..]);
        let ends = old_rest.iter().rev().zip(new_rest.iter().rev());
        let end = ends.take_while(|(a, b)| a == b).count();
        let old = &old_rest[..old_rest.len() - end];
        let new = &new_rest[..new_rest.len() - end];
        let needed = old.len().saturating_mul(new.len());
        let mut lines = Self { coarse: needed > MOST_STEPS.min(*steps), ..Self::default() };
        *steps -= if lines.coarse { 0 } else { needed };
        let kept = if lines.coarse { Vec::new() } else { common(old, new) };
        lines.add_between(old, new, start, &kept);
        lines
    }

    /// Lines of the two texts between those that both keep.
    fn add_between(&mut self, old: &[&str], new: &[&str], start: usize, kept: &[(usize, usize)]) {
        let (mut at_old, mut at_new) = (0, 0);
        for (keep_old, keep_new) in kept.iter().copied().chain([(old.len(), new.len())]) {
            for (at, text) in (at_old..keep_old).zip(old.get(at_old..keep_old).unwrap_or_default())
            {
                self.add(LineChange::Gone { line: start + at + 1, text: cut(text) });
            }
            for (at, text) in (at_new..keep_new).zip(new.get(at_new..keep_new).unwrap_or_default())
            {
                self.add(LineChange::Come { line: start + at + 1, text: cut(text) });
            }
            (at_old, at_new) = (keep_old + 1, keep_new + 1);
        }
    }

    fn add(&mut self, line: LineChange) {
        match self.lines.len() < MOST_LINES {
            true => self.lines.push(line),
            false => self.more += 1,
        }
    }
}

/// A longest common sequence, by the places of its lines in both.
fn common(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    // How long it is from each pair of places on.
    let mut lengths = vec![0u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i * width + j] = if old[i] == new[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut kept) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            kept.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    kept
}

fn cut(line: &str) -> String {
    line.chars().take(LONGEST).collect()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> Vec<String> {
        let line = |line: &LineChange| match line {
            LineChange::Come { line, text } => format!("+{line} {text}"),
            LineChange::Gone { line, text } => format!("-{line} {text}"),
        };
        Lines::of(before, after, &mut 1_000).lines.iter().map(line).collect()
    }

    #[test]
    fn only_lines_that_differ_are_told_with_their_numbers() {
        assert_eq!(told("a\nb\nc\n", "a\nx\nc\n"), ["-2 b", "+2 x"]);
        assert_eq!(told("a\nb\nc\nd\n", "b\nc\ne\nd\n"), ["-1 a", "+3 e"]);
        assert_eq!(told("", "a\nb\n"), ["+1 a", "+2 b"]);
        assert_eq!(told("a\nb", ""), ["-1 a", "-2 b"]);
        assert_eq!(told("a\nb", "a\nb\n"), [""; 0]);
    }

    #[test]
    fn texts_that_are_too_long_to_compare_are_told_within_bounds() {
        let text = |word: &str| (0..3_000).map(|n| format!("{word} {n}\n")).collect::<String>();
        let lines = Lines::of(&text("a"), &text("b"), &mut ALL_STEPS.clone());
        assert!(lines.coarse);
        assert_eq!(lines.lines.len() + lines.more, 6_000);
        assert_eq!(lines.lines.len(), MOST_LINES);
        let mut steps = 5;
        assert!(Lines::of("a\nb\nc", "d\ne", &mut steps).coarse && steps == 5);
        assert!(!Lines::of("a\nb", "d\ne", &mut steps).coarse && steps == 1);
    }

    proptest::proptest! {
        #[test]
        fn what_stays_and_what_comes_make_the_second_text(
            old in proptest::collection::vec("[abc]", 0..12),
            new in proptest::collection::vec("[abc]", 0..12),
        ) {
            let lines = Lines::of(&old.join("\n"), &new.join("\n"), &mut 1_000);
            let mut rest: Vec<Option<String>> = old.into_iter().map(Some).collect();
            for line in &lines.lines {
                if let LineChange::Gone { line, text } = line {
                    let gone = rest[line - 1].take();
                    proptest::prop_assert_eq!(gone.as_ref(), Some(text));
                }
            }
            let mut again: Vec<String> = rest.into_iter().flatten().collect();
            for line in &lines.lines {
                if let LineChange::Come { line, text } = line {
                    again.insert(line - 1, text.clone());
                }
            }
            proptest::prop_assert_eq!(again, new);
        }
    }
}
