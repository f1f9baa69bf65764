//! Texts and relations of one pool, found by what they say; or of a pool that
//! goes on where another ends.

use std::fmt;
use std::sync::Arc;

use super::pool::{Known, Pool};
use super::strings::{Full, StringId, Strings, Texts};
use super::term::{Operator, Relation, RelationId, Relations, Term, TermKind};
use crate::model::{Capability, Comparison, Requirement};

/// What terms are made of.
#[derive(Debug, Clone, Default)]
pub(super) struct Interner {
    /// What was there before: its numbers come first, and nothing is added to it.
    base: Option<Arc<Pool>>,
    texts_before: u32,
    relations_before: u32,
    strings: Strings,
    relations: Relations,
}

impl Interner {
    /// With the empty text only, and room for so many.
    pub(super) fn with_capacity(
        texts: usize,
        bytes: usize,
        relations: usize,
    ) -> Result<Self, Full> {
        let mut interner = Self {
            strings: Strings::with_capacity(texts, bytes),
            relations: Relations::with_capacity(relations),
            ..Self::default()
        };
        interner.text("")?;
        Ok(interner)
    }

    /// One that goes on where another ends.
    pub(super) fn over(base: Arc<Pool>) -> Result<Self, Full> {
        let texts_before = super::strings::number(base.texts.len(), "texts")?;
        let relations_before = super::strings::number(base.relations.len(), "relations")?;
        Ok(Self { base: Some(base), texts_before, relations_before, ..Self::default() })
    }

    /// What was there before, where it goes on from something.
    pub(super) fn base(&self) -> Option<&Pool> {
        self.base.as_deref()
    }

    /// How many texts there are.
    pub(super) fn texts(&self) -> usize {
        self.texts_before as usize + self.strings.len()
    }

    /// How many relations there are.
    pub(super) fn relations(&self) -> usize {
        self.relations_before as usize + self.relations.len()
    }

    /// The text of this number; empty for one of another pool.
    pub(super) fn get(&self, id: StringId) -> &str {
        match (&self.base, id.0.checked_sub(self.texts_before)) {
            (_, Some(own)) => self.strings.get(own as usize),
            (Some(base), None) => base.get(id),
            (None, None) => "",
        }
    }

    /// The relation of this number.
    pub(super) fn relation(&self, id: RelationId) -> Option<Relation> {
        match (&self.base, id.0.checked_sub(self.relations_before)) {
            (_, Some(own)) => self.relations.get(own as usize),
            (Some(base), None) => base.relation(id),
            (None, None) => None,
        }
    }

    /// The number of a text, where it has one.
    pub(super) fn find(&self, text: &str) -> Option<StringId> {
        let before = self.base.as_ref().and_then(|base| base.find(text));
        before.or_else(|| self.strings.find(text).map(|own| StringId(own + self.texts_before)))
    }

    /// Gives a text its number.
    pub(super) fn text(&mut self, text: &str) -> Result<StringId, Full> {
        let known = self.base.as_ref().and_then(|base| base.find(text));
        self.known_text(text, known)
    }

    /// The same where it is known whether it was there before.
    pub(super) fn known_text(
        &mut self,
        text: &str,
        known: Option<StringId>,
    ) -> Result<StringId, Full> {
        match known {
            Some(id) => Ok(id),
            None => Ok(StringId(self.strings.intern(text)? + self.texts_before)),
        }
    }

    /// Gives a relation its number.
    pub(super) fn relate(
        &mut self,
        left: Term,
        operator: Operator,
        right: Term,
    ) -> Result<Term, Full> {
        let relation = Relation { left, operator, right };
        match self.base.as_ref().and_then(|base| base.find_relation(relation)) {
            Some(term) => Ok(term),
            None => self.new_relation(relation),
        }
    }

    /// The same for one that was not there before.
    fn new_relation(&mut self, relation: Relation) -> Result<Term, Full> {
        Ok(Term::relation(self.relations.intern(relation)? + self.relations_before))
    }

    /// The term of a dependency: its name, with a version where one is compared.
    pub(super) fn dependency(
        &mut self,
        name: &str,
        version: Option<(Comparison, &str)>,
    ) -> Result<Term, Full> {
        let known = self.base.as_ref().map(|base| base.find_dependency(name, version));
        self.known_dependency(name, version, known.unwrap_or_default())
    }

    /// The same where it is known what was there of it before.
    pub(super) fn known_dependency(
        &mut self,
        name: &str,
        version: Option<(Comparison, &str)>,
        known: Known,
    ) -> Result<Term, Full> {
        if let Some(term) = known.term {
            return Ok(term);
        }
        let left = self.known_text(name, known.name)?.into();
        let Some((comparison, evr)) = version else { return Ok(left) };
        let right = self.known_text(evr, known.evr)?.into();
        self.new_relation(Relation { left, operator: Operator::Compare(comparison), right })
    }

    /// The term of a requirement, rich or plain.
    pub(super) fn requirement(&mut self, requirement: &Requirement) -> Result<Term, Full> {
        match requirement {
            Requirement::Capability(Capability { name, sense: None }) => {
                self.dependency(name, None)
            }
            Requirement::Capability(Capability { name, sense: Some(sense) }) => {
                self.dependency(name, Some((sense.comparison, &sense.evr.to_string())))
            }
            Requirement::Rich(rich) => {
                let left = self.requirement(&rich.left)?;
                let right = self.requirement(&rich.right)?;
                self.relate(left, Operator::Rich(rich.operator), right)
            }
        }
    }

    /// Left-most text of a term: the name of a dependency.
    pub(super) fn base_name(&self, mut term: Term) -> StringId {
        loop {
            match term.kind() {
                TermKind::Text(id) => return id,
                TermKind::Relation(id) => match self.relation(id) {
                    Some(relation) => term = relation.left,
                    None => return StringId::EMPTY,
                },
            }
        }
    }

    /// Tells all names in a term, as often as they are there. Versions are none.
    pub(super) fn names(&self, term: Term, tell: &mut dyn FnMut(StringId)) {
        match term.kind() {
            TermKind::Text(id) => tell(id),
            TermKind::Relation(id) => {
                let Some(relation) = self.relation(id) else { return };
                self.names(relation.left, tell);
                if let Operator::Rich(_) = relation.operator {
                    self.names(relation.right, tell);
                }
            }
        }
    }

    /// A term as rpm writes it.
    pub(super) fn show(&self, term: Term) -> Shown<'_> {
        Shown { interner: self, term }
    }

    /// The texts and relations, without the means to find them.
    pub(super) fn into_parts(self) -> (Texts, Vec<Relation>) {
        (self.strings.into_texts(), self.relations.into_list())
    }

    /// Bytes it takes in memory, without what it goes on from.
    pub(super) fn memory(&self) -> usize {
        self.strings.memory() + self.relations.memory()
    }
}

/// A term, to be printed as rpm writes it: `a >= 1-1`, `(a if b else c)`.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'u> {
    interner: &'u Interner,
    term: Term,
}

impl Shown<'_> {
    fn relation(&self) -> Option<Relation> {
        match self.term.kind() {
            TermKind::Text(_) => None,
            TermKind::Relation(id) => self.interner.relation(id),
        }
    }

    fn part(&self, term: Term) -> Self {
        Self { term, ..*self }
    }

    /// A chain of one operator needs one pair of parentheses only.
    fn chain(&self, f: &mut fmt::Formatter<'_>, relation: Relation) -> fmt::Result {
        let Operator::Rich(operator) = relation.operator else { return Ok(()) };
        write!(f, "{} {} ", self.part(relation.left), operator.as_str())?;
        let right = self.part(relation.right);
        match right.relation() {
            Some(next) => match next.operator {
                Operator::Rich(then) if operator.shares_parentheses(then) => right.chain(f, next),
                _ => write!(f, "{right}"),
            },
            None => write!(f, "{right}"),
        }
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TermKind::Relation(_) = self.term.kind() else {
            return f.write_str(self.interner.get(self.interner.base_name(self.term)));
        };
        let Some(relation) = self.relation() else { return Ok(()) };
        match relation.operator {
            Operator::Compare(comparison) => {
                let (name, evr) = (self.part(relation.left), self.part(relation.right));
                match comparison.as_str() {
                    "" => write!(f, "{name} {evr}"),
                    comparison => write!(f, "{name} {comparison} {evr}"),
                }
            }
            Operator::Rich(_) => {
                f.write_str("(")?;
                self.chain(f, relation)?;
                f.write_str(")")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_goes_on_where_another_ends() {
        let mut first = Interner::with_capacity(0, 0, 0).unwrap();
        let bash = first.dependency("bash", Some((Comparison::EQUAL, "1-1"))).unwrap();
        let mut second = {
            let (texts, relations) = first.into_parts();
            Interner::over(Arc::new(Pool::new(texts, &relations, 0))).unwrap()
        };
        assert_eq!(second.dependency("bash", Some((Comparison::EQUAL, "1-1"))).unwrap(), bash);
        let zsh = second.dependency("zsh", Some((Comparison::LESS, "1-1"))).unwrap();
        assert_eq!(second.show(zsh).to_string(), "zsh < 1-1");
        assert_eq!(second.show(bash).to_string(), "bash = 1-1");
        assert_eq!((second.texts(), second.relations()), (4, 2));
        assert_eq!(second.find("zsh").map(|id| second.get(id)), Some("zsh"));
        assert_eq!(second.find("ksh"), None);
    }

    #[test]
    fn a_rich_dependency_is_shown_as_rpm_writes_it() {
        let mut interner = Interner::with_capacity(0, 0, 0).unwrap();
        for text in [
            "(a and b and c)",
            "((a and b) and c)",
            "(a if b >= 1:2-3 else c)",
            "((a or b) and (c if (d and e)))",
            "(a if (b if c else d))",
        ] {
            let term = interner.requirement(&text.parse().unwrap()).unwrap();
            assert_eq!(interner.show(term).to_string(), text);
        }
    }
}
