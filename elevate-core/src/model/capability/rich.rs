//! Rich (boolean) dependencies: `(a and b)`, `(a if b else c)` and the rest of
//! rpm's grammar, as a tree.

use std::fmt;

use super::{Capability, ParseRequirementError, Requirement};

/// How deep parentheses may nest. rpm gives up far earlier in practice; a
/// hostile text must not exhaust the stack.
const DEEPEST: usize = 64;

/// A boolean expression over requirements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RichDependency {
    /// `(a and b and c)`: all hold.
    And(Vec<Requirement>),
    /// `(a or b or c)`: one holds.
    Or(Vec<Requirement>),
    /// `(a if b)`, `(a if b else c)`: `then`, wherever `condition` holds.
    If {
        /// What must hold.
        then: Requirement,
        /// When it must.
        condition: Requirement,
        /// What must hold otherwise.
        otherwise: Option<Requirement>,
    },
    /// `(a unless b)`, `(a unless b else c)`: for conflicts.
    Unless {
        /// What must hold.
        then: Requirement,
        /// When it need not.
        condition: Requirement,
        /// What must hold then.
        otherwise: Option<Requirement>,
    },
    /// `(a with b with c)`: one package satisfies all.
    With(Vec<Requirement>),
    /// `(a without b)`: a package satisfies the first and not the second.
    Without(Requirement, Requirement),
}

impl fmt::Display for RichDependency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, items: &[Requirement], word: &str| {
            for (i, item) in items.iter().enumerate() {
                let separator = if i == 0 { "" } else { word };
                write!(f, "{separator}{item}")?;
            }
            Ok(())
        };
        let conditional =
            |f: &mut fmt::Formatter<'_>, word: &str, parts: [Option<&Requirement>; 3]| {
                if let [Some(then), Some(condition), otherwise] = parts {
                    write!(f, "{then} {word} {condition}")?;
                    if let Some(otherwise) = otherwise {
                        write!(f, " else {otherwise}")?;
                    }
                }
                Ok(())
            };
        f.write_str("(")?;
        match self {
            RichDependency::And(items) => list(f, items, " and ")?,
            RichDependency::Or(items) => list(f, items, " or ")?,
            RichDependency::With(items) => list(f, items, " with ")?,
            RichDependency::Without(a, b) => write!(f, "{a} without {b}")?,
            RichDependency::If { then, condition, otherwise } => {
                conditional(f, "if", [Some(then), Some(condition), otherwise.as_ref()])?;
            }
            RichDependency::Unless { then, condition, otherwise } => {
                conditional(f, "unless", [Some(then), Some(condition), otherwise.as_ref()])?;
            }
        }
        f.write_str(")")
    }
}

pub(super) fn parse(text: &str) -> Result<Requirement, ParseRequirementError> {
    let mut parser = Parser { text, rest: text, depth: 0 };
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
        let first = self.operand()?;
        let requirement = match self.operator()? {
            None => first,
            Some("and") => self.chain(first, "and", RichDependency::And)?,
            Some("or") => self.chain(first, "or", RichDependency::Or)?,
            Some("with") => self.chain(first, "with", RichDependency::With)?,
            Some("without") => {
                let second = self.operand()?;
                Requirement::Rich(Box::new(RichDependency::Without(first, second)))
            }
            Some(word @ ("if" | "unless")) => {
                let condition = self.operand()?;
                let otherwise = match self.operator()? {
                    None => None,
                    Some("else") => Some(self.operand()?),
                    Some(_) => return Err(self.error("mixes operators without parentheses")),
                };
                let then = first;
                Requirement::Rich(Box::new(if word == "if" {
                    RichDependency::If { then, condition, otherwise }
                } else {
                    RichDependency::Unless { then, condition, otherwise }
                }))
            }
            Some(_) => return Err(self.error("has an operator rpm does not know")),
        };
        self.expect(')')?;
        self.depth -= 1;
        Ok(requirement)
    }

    fn chain(
        &mut self,
        first: Requirement,
        word: &'static str,
        build: fn(Vec<Requirement>) -> RichDependency,
    ) -> Result<Requirement, ParseRequirementError> {
        let mut items = vec![first, self.operand()?];
        while let Some(next) = self.operator()? {
            if next != word {
                return Err(self.error("mixes operators without parentheses"));
            }
            items.push(self.operand()?);
        }
        Ok(Requirement::Rich(Box::new(build(items))))
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
    fn operator(&mut self) -> Result<Option<&'a str>, ParseRequirementError> {
        self.rest = self.rest.trim_start();
        if self.rest.starts_with(')') {
            return Ok(None);
        }
        let word = self.word();
        if word.is_empty() { Err(self.error("has unbalanced parentheses")) } else { Ok(Some(word)) }
    }

    /// Everything up to white space or a parenthesis that closes the group.
    /// Parentheses inside a name (`perl(Foo)`) belong to it.
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
                ')' => true,
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
            "(pkgconfig(foo) without bar < 2)",
            "((a or b) and (c if (d and e)))",
            "(perl(Foo::Bar) >= 1 if perl-libs)",
        ] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_group_of_one_is_its_member() {
        assert_eq!(parse("((a))").unwrap().to_string(), "a");
    }

    #[test]
    fn what_rpm_refuses_is_refused() {
        for text in [
            "(",
            "()",
            "(a",
            "(a and)",
            "(a and b",
            "(a and b) c",
            "(a and b or c)",
            "(a if b if c)",
            "(a xor b)",
            "(a without b without c)",
            "(a >= )",
            "(a else b)",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"(".repeat(100_000)).is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\(?[ab()<>= 1-]{0,40}( and | or | if | else | with )?[ab() ]{0,20}") {
            let _ = text.parse::<Requirement>();
        }
    }
}
