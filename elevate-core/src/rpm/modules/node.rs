//! A YAML document as a tree in which every scalar is text.
//!
//! Stream names look like numbers (`1.10`, `0x10`), truth values (`yes`) or
//! nothing (`null`), and contexts like floats (`2e213529`). libmodulemd takes the
//! text of all of them, so no scalar is ever given a type here. Aliases are
//! refused, as libmodulemd refuses them; what is read is never larger than what
//! is written.

use std::borrow::Cow;
use std::collections::BTreeSet;

use granit_parser::{Event, Parser, ScanError, Span};

use crate::rpm::metadata::excerpt;

/// The most levels of lists and mappings in each other; real documents have eight.
const DEEPEST: usize = 64;

/// What is wrong with a document, and in which line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// Line of the file, from 1.
    pub(super) line: usize,
    /// What is wrong.
    pub(super) why: String,
}

impl Fault {
    pub(super) fn new(line: usize, why: impl Into<String>) -> Self {
        Self { line, why: why.into() }
    }
}

/// A document and what is odd about it.
#[derive(Debug)]
pub(super) struct Document<'a> {
    /// Its content.
    pub(super) root: Node<'a>,
    /// Keys that stand twice in their mapping.
    pub(super) doubles: Vec<Fault>,
}

/// A scalar, a list or a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node<'a> {
    /// Line of the file it begins in, from 1.
    pub(super) line: usize,
    value: Value<'a>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value<'a> {
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Map(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl<'a> Document<'a> {
    /// Reads the one document of `text`, which begins in `first_line` of the file;
    /// `None` where there is nothing but comments. Takes one off `budget` for
    /// everything it reads.
    pub(super) fn read(
        text: &'a str,
        first_line: usize,
        budget: &mut usize,
    ) -> Result<Option<Self>, Fault> {
        let parser = Parser::new_from_str(text);
        let mut builder = Builder { parser, first_line, budget, doubles: Vec::new() };
        loop {
            match builder.next()? {
                (Event::StreamStart | Event::DocumentStart(..), _) => {}
                (Event::StreamEnd | Event::DocumentEnd, _) => return Ok(None),
                (event, line) => {
                    let root = builder.node(event, line, 0)?;
                    builder.expect_end()?;
                    let doubles = builder.doubles;
                    return Ok((!root.is_nothing()).then_some(Self { root, doubles }));
                }
            }
        }
    }
}

impl<'a> Node<'a> {
    /// An empty document is an empty scalar.
    fn is_nothing(&self) -> bool {
        matches!(&self.value, Value::Text(text) if text.is_empty())
    }

    /// The text of a scalar; `what` names the place in the fault.
    pub(super) fn text(&self, what: &str) -> Result<&str, Fault> {
        match &self.value {
            Value::Text(text) => Ok(text),
            _ => Err(self.fault(format!("{what} is no text"))),
        }
    }

    /// A number that is not negative.
    pub(super) fn number(&self, what: &str) -> Result<u64, Fault> {
        let text = self.text(what)?;
        text.parse().map_err(|_| self.fault(format!("{what} {:?} is no number", excerpt(text))))
    }

    /// A truth value, in the one spelling of each that libmodulemd takes.
    pub(super) fn truth(&self, what: &str) -> Result<bool, Fault> {
        match self.text(what)? {
            "true" => Ok(true),
            "false" => Ok(false),
            text => Err(self.fault(format!("{what} {:?} is not true or false", excerpt(text)))),
        }
    }

    /// The entries of a list.
    pub(super) fn list(&self, what: &str) -> Result<&[Self], Fault> {
        match &self.value {
            Value::List(entries) => Ok(entries),
            _ => Err(self.fault(format!("{what} is no list"))),
        }
    }

    /// The texts of a list. One text without a list around it stands for a list of
    /// it, as for libmodulemd, but for an empty one.
    pub(super) fn texts(&self, what: &str) -> Result<Vec<String>, Fault> {
        match &self.value {
            Value::Text(text) if !text.is_empty() => Ok(vec![text.clone().into_owned()]),
            _ => self.list(what)?.iter().map(|node| node.text(what).map(str::to_owned)).collect(),
        }
    }

    /// The pairs of a mapping, in the order of the file.
    pub(super) fn map(&self, what: &str) -> Result<&[(Cow<'a, str>, Self)], Fault> {
        match &self.value {
            Value::Map(pairs) => Ok(pairs),
            _ => Err(self.fault(format!("{what} is no mapping"))),
        }
    }

    /// What a mapping has for a key; where it has the key twice, the last.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(pairs) => pairs.iter().rev().find(|(k, _)| k == key).map(|(_, node)| node),
            _ => None,
        }
    }

    /// A fault in the line of this node.
    pub(super) fn fault(&self, why: impl Into<String>) -> Fault {
        Fault::new(self.line, why)
    }
}

struct Builder<'a, 'b> {
    parser: Parser<'a, granit_parser::StrInput<'a>>,
    first_line: usize,
    budget: &'b mut usize,
    doubles: Vec<Fault>,
}

impl<'a> Builder<'a, '_> {
    fn next(&mut self) -> Result<(Event<'a>, usize), Fault> {
        match self.parser.next_event() {
            // The parser writes `~` where nothing stands.
            Some(Ok((Event::Scalar(_, style, anchor, tag), span))) if span.is_empty() => {
                Ok((Event::Scalar(Cow::Borrowed(""), style, anchor, tag), self.line(&span)))
            }
            Some(Ok((event, span))) => Ok((event, self.line(&span))),
            Some(Err(error)) => Err(self.scan_fault(&error)),
            None => Ok((Event::StreamEnd, self.first_line)),
        }
    }

    fn line(&self, span: &Span) -> usize {
        self.first_line + span.start.line().saturating_sub(1)
    }

    fn scan_fault(&self, error: &ScanError) -> Fault {
        let line = self.first_line + error.marker().line().saturating_sub(1);
        Fault::new(line, format!("is not YAML: {}", excerpt(&error.info())))
    }

    fn node(&mut self, event: Event<'a>, line: usize, depth: usize) -> Result<Node<'a>, Fault> {
        if depth > DEEPEST {
            return Err(Fault::new(line, format!("goes more than {DEEPEST} levels deep")));
        }
        *self.budget = self.budget.saturating_sub(1);
        if *self.budget == 0 {
            return Err(Fault::new(line, "is too large"));
        }
        let value = match event {
            Event::Scalar(text, ..) => Value::Text(text),
            Event::SequenceStart(..) => Value::List(self.list(depth)?),
            Event::MappingStart(..) => Value::Map(self.map(depth)?),
            _ => return Err(Fault::new(line, "has an alias; dnf takes none")),
        };
        Ok(Node { line, value })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node<'a>>, Fault> {
        let mut entries = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(entries),
                (event, line) => entries.push(self.node(event, line, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Vec<(Cow<'a, str>, Node<'a>)>, Fault> {
        let mut pairs = Vec::new();
        let mut seen = BTreeSet::new();
        loop {
            let (key, line) = match self.next()? {
                (Event::MappingEnd, _) => return Ok(pairs),
                (Event::Scalar(key, ..), line) => (key, line),
                (_, line) => return Err(Fault::new(line, "has a key that is no text")),
            };
            if !seen.insert(key.clone()) {
                let why = format!("has {:?} twice; the last counts", excerpt(&key));
                self.doubles.push(Fault::new(line, why));
            }
            let (event, line) = self.next()?;
            pairs.push((key, self.node(event, line, depth + 1)?));
        }
    }

    fn expect_end(&mut self) -> Result<(), Fault> {
        match self.next()? {
            (Event::DocumentEnd | Event::StreamEnd, _) => Ok(()),
            (_, line) => Err(Fault::new(line, "goes on after its end")),
        }
    }
}
