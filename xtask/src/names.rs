//! What a file names: items of its own crate, by their module path from the
//! crate's root, and other crates.

use crate::source::Token;

/// Something a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    /// Whose item it is.
    pub(crate) owner: Owner,
    /// Path from the root of its crate; the last part is `*` for a glob. Empty
    /// where the root itself is named.
    pub(crate) path: Vec<String>,
    /// Line in the file, from 1.
    pub(crate) line: usize,
}

/// Whose item is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The file's own crate.
    Own,
    /// What the first part of the path says: another crate, or something in
    /// scope (an enum, a child module).
    Scope(String),
}

/// Everything `tokens` name through `use`, `extern crate` and paths that
/// start with `crate`, `self`, `super` or another lone identifier. `module` is
/// the path of the file's module.
pub(crate) fn names(tokens: &[Token<'_>], module: &[String]) -> Vec<Name> {
    let mut walk =
        Walk { tokens, at: 0, module: module.to_vec(), open: Vec::new(), found: Vec::new() };
    while walk.at < tokens.len() {
        walk.step();
    }
    walk.found
}

struct Walk<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    module: Vec<String>,
    /// For every open brace, whether it opened a module.
    open: Vec<bool>,
    found: Vec<Name>,
}

impl<'a> Walk<'a> {
    fn text(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |t| t.text)
    }

    fn is_identifier(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(Token::is_identifier)
    }

    fn step(&mut self) {
        match self.text(self.at) {
            "{" => self.enter(false, 1),
            "}" => self.leave(),
            "mod" if self.text(self.at + 2) == "{" => {
                self.module.push(self.text(self.at + 1).to_owned());
                self.enter(true, 3);
            }
            "use" if self.text(self.at + 1) != "<" => {
                self.at += 1;
                self.use_tree(&[]);
            }
            "extern" if self.text(self.at + 1) == "crate" => {
                self.at += 2;
                self.use_tree(&[]);
            }
            _ if self.starts_path() => self.path(),
            _ => self.at += 1,
        }
    }

    fn enter(&mut self, module: bool, tokens: usize) {
        self.open.push(module);
        self.at += tokens;
    }

    fn leave(&mut self) {
        if self.open.pop() == Some(true) {
            self.module.pop();
        }
        self.at += 1;
    }

    /// Whether an identifier stands here that is followed by `::` and follows
    /// neither a path nor a dot.
    fn starts_path(&self) -> bool {
        if !self.is_identifier(self.at) || self.text(self.at + 1) != "::" {
            return false;
        }
        let Some(before) = self.at.checked_sub(1) else { return true };
        match self.text(before) {
            "." => self.text(before.wrapping_sub(1)) == ".", // a range, not a field
            "::" => {
                before.checked_sub(1).is_none_or(|b| !self.is_identifier(b) && self.text(b) != ">")
            }
            _ => true,
        }
    }

    fn path(&mut self) {
        let line = self.tokens[self.at].line;
        let mut path = vec![self.text(self.at).to_owned()];
        self.at += 1;
        while self.text(self.at) == "::" && self.is_identifier(self.at + 1) {
            path.push(self.text(self.at + 1).to_owned());
            self.at += 2;
        }
        self.take(&path, line);
    }

    /// One branch of a `use`, up to its comma, closing brace or semicolon.
    fn use_tree(&mut self, prefix: &[String]) {
        let mut path = prefix.to_vec();
        let line = self.tokens.get(self.at).map_or(0, |t| t.line);
        loop {
            match self.text(self.at) {
                "::" => self.at += 1,
                "{" => return self.use_branches(&path),
                "as" => self.at += 2,
                "*" => {
                    path.push("*".to_owned());
                    self.at += 1;
                }
                _ if self.is_identifier(self.at) => {
                    path.push(self.text(self.at).to_owned());
                    self.at += 1;
                }
                _ => break,
            }
        }
        self.take(&path, line);
    }

    fn use_branches(&mut self, prefix: &[String]) {
        self.at += 1;
        while !matches!(self.text(self.at), "}" | "") {
            self.use_tree(prefix);
            if self.text(self.at) == "," {
                self.at += 1;
            } else if self.text(self.at) != "}" {
                break;
            }
        }
        self.at += 1;
    }

    fn take(&mut self, path: &[String], line: usize) {
        let Some((first, mut rest)) = path.split_first() else { return };
        if let Some(("self", before)) = rest.split_last().map(|(last, r)| (last.as_str(), r)) {
            rest = before;
        }
        let (owner, path) = match first.as_str() {
            "crate" => (Owner::Own, rest.to_vec()),
            "self" | "super" => (Owner::Own, self.relative(first, rest)),
            _ => (Owner::Scope(first.clone()), rest.to_vec()),
        };
        self.found.push(Name { owner, path, line });
    }

    fn relative(&self, first: &str, mut rest: &[String]) -> Vec<String> {
        let mut base = self.module.clone();
        if first == "super" {
            base.pop();
        }
        while let Some(("super", after)) = rest.split_first().map(|(f, r)| (f.as_str(), r)) {
            base.pop();
            rest = after;
        }
        base.extend_from_slice(rest);
        base
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tokens;

    /// `line path` of every item of the own crate, `line other path` of the rest.
    fn named(source: &str, module: &[&str]) -> Vec<String> {
        let module: Vec<String> = module.iter().map(|m| (*m).to_owned()).collect();
        names(&tokens(source), &module)
            .into_iter()
            .map(|n| match n.owner {
                Owner::Own => format!("{} crate {}", n.line, n.path.join("::")),
                Owner::Scope(first) => format!("{} {first} {}", n.line, n.path.join("::")),
            })
            .collect()
    }

    #[test]
    fn nested_use_trees_are_spread_out() {
        let source = "use crate::{a::{self, B as C, d::*}, e};\nuse {serde::Serialize, super::f};";
        assert_eq!(
            named(source, &["m", "n"]),
            [
                "1 crate a",
                "1 crate a::B",
                "1 crate a::d::*",
                "1 crate e",
                "2 serde Serialize",
                "2 crate m::f"
            ]
        );
    }

    #[test]
    fn super_is_counted_from_the_inline_module_it_stands_in() {
        let source = "mod tests { use super::super::model; fn f() { super::g(); } }\nuse super::x;";
        assert_eq!(named(source, &["facts"]), ["1 crate model", "1 crate facts::g", "2 crate x"]);
    }

    #[test]
    fn paths_in_expressions_types_and_attributes_count() {
        let source = "#[derive(serde::Serialize)]\nfn f(x: &crate::a::B) -> Vec<::c::D> {\n self::g::<T>() }";
        assert_eq!(
            named(source, &["m"]),
            ["1 serde Serialize", "2 crate a::B", "2 c D", "3 crate m::g"]
        );
    }

    #[test]
    fn visibility_and_precise_capturing_name_nothing() {
        let source = "pub(crate) fn f() -> impl Sized + use<> {} pub(super) struct S;";
        assert_eq!(named(source, &["m"]), [""; 0]);
    }

    #[test]
    fn the_root_itself_and_globs_of_it_are_seen() {
        assert_eq!(
            named("use crate as c; use super::*; extern crate x;", &["m"]),
            ["1 crate ", "1 crate *", "1 x "]
        );
    }

    #[test]
    fn the_rest_of_a_path_is_not_taken_for_a_crate() {
        assert_eq!(
            named("let x = <T as A>::serde::y; a::serde::z; v.0..serde::w;", &["m"]),
            ["1 a serde::z", "1 serde w"]
        );
    }

    #[test]
    fn unfinished_source_ends_the_walk() {
        for source in ["use a::{b", "use a::{b,", "use", "mod x {", "}}}", "crate::", "use a::{b c"]
        {
            let _ = named(source, &["m"]);
        }
    }
}
