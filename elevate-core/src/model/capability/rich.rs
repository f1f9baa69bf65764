//! Rich (boolean) dependencies: `(a and b)`, `(a if b else c)` and the rest of
//! rpm's grammar, as a tree.
//!
//! What is accepted is what libsolv accepts (solver-rules.md A1.3), which is a
//! little more than rpm does: `(a if b if c)` is `(a if (b if c))`.

use std::fmt;

use super::{Capability, ParseRequirementError, Requirement};

/// How deep parentheses may nest. rpm gives up far earlier in practice; a
/// hostile text must not exhaust the stack.
const DEEPEST: usize = 64;

/// A boolean expression over requirements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RichDependency {
    /// What stands before the operator.
    pub left: Requirement,
    /// The operator.
    pub operator: RichOperator,
    /// What stands behind it. A chain nests here: `(a and b and c)` is `a and
    /// (b and c)`, and `(a if b else c)` is `a if (b else c)`.
    pub right: Requirement,
}

/// An operator of rich dependencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RichOperator {
    /// Both hold.
    And,
    /// One of them holds.
    Or,
    /// The left one holds wherever the right one does.
    If,
    /// The left one holds unless the right one does: for conflicts.
    Unless,
    /// What is to hold otherwise; only behind `if` and `unless`.
    Else,
    /// One package satisfies both.
    With,
    /// A package satisfies the left one and not the right one.
    Without,
}

impl RichOperator {
    /// All of them.
    pub const ALL: [RichOperator; 7] = [
        RichOperator::And,
        RichOperator::Or,
        RichOperator::If,
        RichOperator::Unless,
        RichOperator::Else,
        RichOperator::With,
        RichOperator::Without,
    ];

    /// rpm's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            RichOperator::And => "and",
            RichOperator::Or => "or",
            RichOperator::If => "if",
            RichOperator::Unless => "unless",
            RichOperator::Else => "else",
            RichOperator::With => "with",
            RichOperator::Without => "without",
        }
    }

    /// Whether `next` may stand behind this in one pair of parentheses.
    pub fn goes_on(self, next: RichOperator) -> bool {
        let conditional = matches!(self, RichOperator::If | RichOperator::Unless);
        self == next || (conditional && next == RichOperator::Else)
    }

    /// Whether `next` is written behind this without parentheses of its own. Those
    /// of a condition in a condition say which `else` is whose.
    pub fn shares_parentheses(self, next: RichOperator) -> bool {
        let is_condition = matches!(next, RichOperator::If | RichOperator::Unless);
        self.goes_on(next) && !is_condition
    }
}

impl RichDependency {
    /// How many operators one dependency may have, lest a hostile text exhaust the
    /// stack. Real ones stay below 100.
    pub const LONGEST: usize = 1_000;

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.left, self.operator.as_str())?;
        match &self.right {
            // The rest of a chain needs no parentheses of its own.
            Requirement::Rich(right) if self.operator.shares_parentheses(right.operator) => {
                right.write(f)
            }
            right => write!(f, "{right}"),
        }
    }
}

impl fmt::Display for RichDependency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        self.write(f)?;
        f.write_str(")")
    }
}

pub(super) fn parse(text: &str) -> Result<Requirement, ParseRequirementError> {
    let mut parser = Parser { text, rest: text, depth: 0, operators: 0 };
    let requirement = parser.group()?;
    if parser.rest.trim_start().is_empty() {
        Ok(requirement)
    } else {
        Err(parser.error("goes on after its closing parenthesis"))
    }
}

struct Parser<'a> {
    text: &'a str,
    rest: &'a str,
    depth: usize,
    operators: usize,
}

impl<'a> Parser<'a> {
    fn error(&self, why: &'static str) -> ParseRequirementError {
        ParseRequirementError::new(self.text, why)
    }

    /// `( operand [operator operand]... )`
    fn group(&mut self) -> Result<Requirement, ParseRequirementError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error("nests more than 64 parentheses"));
        }
        self.expect('(')?;
        let mut last = self.operand()?;
        let mut before: Vec<(Requirement, RichOperator)> = Vec::new();
        while let Some(operator) = self.operator()? {
            match before.last() {
                None if operator == RichOperator::Else => {
                    return Err(self.error("has an `else` without an `if`"));
                }
                Some((_, previous)) if !previous.goes_on(operator) => {
                    return Err(self.error("mixes operators without parentheses"));
                }
                _ => {}
            }
            before.push((std::mem::replace(&mut last, self.operand()?), operator));
        }
        self.expect(')')?;
        self.depth -= 1;
        let nest = |right, (left, operator)| {
            Requirement::Rich(Box::new(RichDependency { left, operator, right }))
        };
        Ok(before.into_iter().rev().fold(last, nest))
    }

    fn expect(&mut self, wanted: char) -> Result<(), ParseRequirementError> {
        self.rest = self.rest.trim_start();
        self.rest = self
            .rest
            .strip_prefix(wanted)
            .ok_or_else(|| self.error("has unbalanced parentheses"))?;
        Ok(())
    }

    /// A nested group, or `name [comparison version]`.
    fn operand(&mut self) -> Result<Requirement, ParseRequirementError> {
        self.rest = self.rest.trim_start();
        if self.rest.starts_with('(') {
            return self.group();
        }
        let name = self.word();
        if name.is_empty() {
            return Err(self.error("lacks an operand"));
        }
        let before = self.rest;
        let comparison = self.word();
        let text = if comparison.is_empty() || !comparison.bytes().all(|b| b"<>=".contains(&b)) {
            self.rest = before;
            name.to_owned()
        } else {
            format!("{name} {comparison} {}", self.word())
        };
        Ok(Requirement::Capability(text.parse::<Capability>()?))
    }

    /// The operator before the closing parenthesis, if there is one.
    fn operator(&mut self) -> Result<Option<RichOperator>, ParseRequirementError> {
        self.rest = self.rest.trim_start();
        if self.rest.starts_with(')') {
            return Ok(None);
        }
        self.operators += 1;
        if self.operators > RichDependency::LONGEST {
            return Err(self.error("has more than 1,000 operators"));
        }
        let word = self.word();
        if word.is_empty() {
            return Err(self.error("has unbalanced parentheses"));
        }
        let operator = RichOperator::ALL.into_iter().find(|operator| operator.as_str() == word);
        operator.map(Some).ok_or_else(|| self.error("has an operator rpm does not know"))
    }

    /// Everything up to white space, a comma or a parenthesis that closes the
    /// group. Parentheses inside a name (`perl(Foo)`) belong to it.
    fn word(&mut self) -> &'a str {
        self.rest = self.rest.trim_start();
        let mut open = 0usize;
        let end = self
            .rest
            .find(|c: char| match c {
                '(' => {
                    open += 1;
                    false
                }
                ')' if open > 0 => {
                    open -= 1;
                    false
                }
                ')' | ',' => true,
                c => c.is_whitespace(),
            })
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_form_reads_back_as_written() {
        for text in [
            "(a and b and c)",
            "(a or b >= 1:2-3)",
            "(a if b)",
            "(a if b else c)",
            "(a unless b else c)",
            "(a with b with c)",
            "(a without b without c)",
            "(pkgconfig(foo) without bar < 2)",
            "((a or b) and (c if (d and e)))",
            "(perl(Foo::Bar) >= 1 if perl-libs)",
            "((a and b) and c)",
        ] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_group_of_one_is_its_member() {
        assert_eq!(parse("((a))").unwrap().to_string(), "a");
    }

    #[test]
    fn a_chain_nests_to_the_right() {
        assert_eq!(parse("(a and b and c)").unwrap(), parse("(a and (b and c))").unwrap());
        assert_ne!(parse("(a and b and c)").unwrap(), parse("((a and b) and c)").unwrap());
        let Requirement::Rich(rich) = parse("(a if b else c)").unwrap() else { panic!() };
        assert_eq!(rich.operator, RichOperator::If);
        assert!(matches!(rich.right, Requirement::Rich(r) if r.operator == RichOperator::Else));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for text in [
            "(",
            "()",
            "(a",
            "(a and)",
            "(a and b",
            "(a and b) c",
            "(a and b or c)",
            "(a xor b)",
            "(a >= )",
            "(a else b)",
            "(a if b else c if d)",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"(".repeat(100_000)).is_err());
        assert!(parse(&format!("(a{})", " and a".repeat(100_000))).is_err());
        let long = format!("(a{})", " and a".repeat(1_000));
        assert_eq!(parse(&long).unwrap().to_string(), long);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\(?[ab()<>= 1-]{0,40}( and | or | if | else | with )?[ab() ]{0,20}") {
            let _ = text.parse::<Requirement>();
        }
    }
}
