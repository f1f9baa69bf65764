//! `named.conf`: its statements, whatever they are called.

use super::super::OddLine;
use super::Odd;

/// A statement: `words { statements };`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statement {
    /// Line it begins at, from 1.
    pub line: usize,
    /// Its words in order, those after a block too.
    pub words: Vec<Word>,
    /// What is in its blocks; `None` where it has none.
    pub block: Option<Vec<Statement>>,
}

/// A word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word without quotes.
    pub text: String,
    /// Whether it was in quotes.
    pub quoted: bool,
}

impl Statement {
    /// Its first word.
    pub fn name(&self) -> &str {
        self.words.first().map_or("", |word| word.text.as_str())
    }

    /// The word after the name.
    pub fn value(&self) -> Option<&Word> {
        self.words.get(1)
    }

    /// Itself and every statement inside, in file order.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Statement)) {
        visit(self);
        for inner in self.block.iter().flatten() {
            inner.walk(visit);
        }
    }
}

/// Deeper blocks than any configuration has; what is in them is passed by.
const DEEPEST: usize = 40;

/// Reads statements. Comments are `#` and `//` to the end of the line, and
/// `/* ... */`.
pub fn parse(text: &str) -> (Vec<Statement>, Vec<OddLine>) {
    let mut reader = Reader::default();
    let mut tokens = Tokens { text, at: 0, start: 0, line: 1 };
    loop {
        let line = tokens.line;
        match tokens.next(&mut reader.odd) {
            None => break,
            Some((line, token)) => reader.take(line.max(1), token),
        }
        debug_assert!(tokens.line >= line);
    }
    reader.finish(tokens.line.min(text.split('\n').count()))
}

/// A text with every statement of a name in comment signs, at any depth; what is a comment
/// inside of it becomes a blank. A statement that does not end stays as it is.
pub fn without(text: &str, name: &str) -> String {
    let mut tokens = Tokens { text, at: 0, start: 0, line: 1 };
    let mut odd = Odd::default();
    // The new text, and how far of the old one it is.
    let (mut after, mut written) = (String::new(), 0);
    // The statement that goes: where it begins, its text, its open blocks.
    let mut going: Option<(usize, String, usize)> = None;
    let (mut begins, mut last) = (true, 0);
    while let Some((_, token)) = tokens.next(&mut odd) {
        let (start, end) = (tokens.start, tokens.at);
        let is_it = |word: &Word| !word.quoted && word.text == name;
        if begins && going.is_none() && matches!(&token, Token::Word(word) if is_it(word)) {
            (going, last) = (Some((start, String::new(), 0)), start);
        }
        begins = matches!(token, Token::Open | Token::End);
        if let Some((from, statement, open)) = &mut going {
            let gap = text.get(last..start).unwrap_or_default();
            *statement += if gap.trim().is_empty() { gap } else { " " };
            *statement += text.get(start..end).unwrap_or_default();
            match token {
                Token::Open => *open += 1,
                Token::Close => *open = open.saturating_sub(1),
                Token::End if *open == 0 => {
                    after += text.get(written..*from).unwrap_or_default();
                    after += &format!("/* {} */", statement.replace("*/", "* /"));
                    (going, written) = (None, end);
                }
                _ => {}
            }
        }
        last = end;
    }
    after + text.get(written..).unwrap_or_default()
}

enum Token {
    Word(Word),
    Open,
    Close,
    End,
}

#[derive(Default)]
struct Reader {
    /// Statements of the open blocks, the outermost first, each with the
    /// statement that is being read in it.
    open: Vec<(Vec<Statement>, Statement)>,
    done: Vec<Statement>,
    current: Statement,
    /// Blocks below the deepest.
    below: usize,
    odd: Odd,
}

impl Reader {
    fn take(&mut self, line: usize, token: Token) {
        match token {
            Token::Open if self.below > 0 || self.open.len() == DEEPEST => {
                if self.below == 0 {
                    self.odd.note(line, "{", format!("is the {DEEPEST}th block inside another"));
                }
                self.below += 1;
            }
            Token::Close if self.below > 0 => self.below -= 1,
            _ if self.below > 0 => {}
            Token::Word(word) => {
                self.begin(line);
                self.current.words.push(word);
            }
            Token::Open => {
                self.begin(line);
                let done = std::mem::take(&mut self.done);
                self.open.push((done, std::mem::take(&mut self.current)));
            }
            Token::Close => self.close(line),
            Token::End => self.end(),
        }
    }

    fn begin(&mut self, line: usize) {
        if self.current.words.is_empty() && self.current.block.is_none() {
            self.current.line = line;
        }
    }

    fn end(&mut self) {
        let statement = std::mem::take(&mut self.current);
        if !statement.words.is_empty() || statement.block.is_some() {
            self.done.push(statement);
        }
    }

    fn close(&mut self, line: usize) {
        if !self.current.words.is_empty() || self.current.block.is_some() {
            self.odd.note(line, self.current.name().to_owned().as_str(), "has no `;` before `}`");
            self.end();
        }
        let Some((done, mut statement)) = self.open.pop() else {
            self.odd.note(line, "}", "closes a block that is not open");
            return;
        };
        let inner = std::mem::replace(&mut self.done, done);
        statement.block.get_or_insert_default().extend(inner);
        self.current = statement;
    }

    fn finish(mut self, line: usize) -> (Vec<Statement>, Vec<OddLine>) {
        if let Some(open) = self.open.last().map(|(_, statement)| statement.line) {
            self.odd.note(open, "{", "the block is not closed");
        } else if !self.current.words.is_empty() {
            let name = self.current.name().to_owned();
            self.odd.note(line, &name, "has no `;` at the end of the file");
        }
        while !self.open.is_empty() {
            self.end();
            self.close(line);
        }
        self.end();
        (self.done, self.odd.finish())
    }
}

struct Tokens<'a> {
    text: &'a str,
    /// How far it is read.
    at: usize,
    /// Where the last token begins.
    start: usize,
    line: usize,
}

impl Tokens<'_> {
    fn next(&mut self, odd: &mut Odd) -> Option<(usize, Token)> {
        self.skip(odd);
        self.start = self.at;
        let rest = &self.text[self.at..];
        let (line, first) = (self.line, rest.chars().next()?);
        let (token, length) = match first {
            '{' => (Token::Open, 1),
            '}' => (Token::Close, 1),
            ';' => (Token::End, 1),
            '"' => self.quoted(rest, odd),
            _ => {
                let length = word_length(rest);
                (Token::Word(Word { text: rest[..length].to_owned(), quoted: false }), length)
            }
        };
        self.advance(length);
        Some((line, token))
    }

    fn quoted(&self, rest: &str, odd: &mut Odd) -> (Token, usize) {
        let mut text = String::new();
        let mut chars = rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => return (Token::Word(Word { text, quoted: true }), at + 1),
                '\n' => {
                    odd.note(self.line, &rest[..at], "a quote is not closed");
                    return (Token::Word(Word { text, quoted: true }), at);
                }
                '\\' => text.extend(chars.next().map(|(_, c)| c)),
                c => text.push(c),
            }
        }
        odd.note(self.line, rest, "a quote is not closed");
        (Token::Word(Word { text, quoted: true }), rest.len())
    }

    /// White space and comments.
    fn skip(&mut self, odd: &mut Odd) {
        loop {
            let rest = &self.text[self.at..];
            let blank = rest.len() - rest.trim_start().len();
            self.advance(blank);
            let rest = &self.text[self.at..];
            let length = if rest.starts_with('#') || rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if let Some(inside) = rest.strip_prefix("/*") {
                inside.find("*/").map_or_else(
                    || {
                        odd.note(
                            self.line,
                            rest.lines().next().unwrap_or("/*"),
                            "a comment is not closed",
                        );
                        rest.len()
                    },
                    |end| end + 4,
                )
            } else {
                return;
            };
            self.advance(length);
        }
    }

    fn advance(&mut self, length: usize) {
        self.line += self.text[self.at..self.at + length].matches('\n').count();
        self.at += length;
    }
}

/// Up to white space, a special character or a comment. A slash that begins a
/// word is part of it.
fn word_length(text: &str) -> usize {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if at > 0 && (c.is_whitespace() || "{};\"#".contains(c)) {
            return at;
        }
        if before == '/' && matches!(c, '/' | '*') && at > 1 {
            return at - 1;
        }
        before = c;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(statements: &[Statement]) -> String {
        let one = |s: &Statement| {
            let words: Vec<String> = s
                .words
                .iter()
                .map(|w| if w.quoted { format!("{:?}", w.text) } else { w.text.clone() })
                .collect();
            let block = s.block.as_ref().map(|b| format!(" {{{}}}", show(b))).unwrap_or_default();
            format!("{}:{}{block}", s.line, words.join(" "))
        };
        statements.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    fn read(text: &str) -> (String, Vec<(usize, String)>) {
        let (statements, odd) = parse(text);
        (show(&statements), odd.into_iter().map(|odd| (odd.line, odd.why)).collect())
    }

    #[test]
    fn statements_have_words_and_blocks() {
        let text = "// c\noptions {\n  directory \"/var/named\"; # c\n  listen-on-v6 port 53 { any; };\n};\n\
                    zone \"a.b\" IN { type master; /* c; */ file \"x;y\"; };\ninclude \"/etc/b\";;\n\
                    controls { inet 127.0.0.1 allow { localhost; } keys { k; }; };\n";
        let (statements, odd) = read(text);
        assert_eq!(
            statements,
            "2:options {3:directory \"/var/named\"; 4:listen-on-v6 port 53 {4:any}}; \
             6:zone \"a.b\" IN {6:type master; 6:file \"x;y\"}; 7:include \"/etc/b\"; \
             8:controls {8:inet 127.0.0.1 allow keys {8:localhost; 8:k}}"
        );
        assert_eq!(odd, []);
    }

    #[test]
    fn addresses_with_slashes_are_words() {
        let (statements, _) = read("a 10.0.0.0/8//c\n; b /x/y/*c*/;");
        assert_eq!(statements, "1:a 10.0.0.0/8; 2:b /x/y");
    }

    #[test]
    fn what_does_not_fit_is_named_and_the_rest_is_read() {
        let (statements, odd) = read("}\na { b }\n; c \"x\nd;\ne { f;\ng /*");
        assert_eq!(statements, "2:a {2:b}; 3:c \"x\" d; 5:e {5:f; 6:g}");
        let expected = [
            (1, "closes a block that is not open"),
            (2, "has no `;` before `}`"),
            (3, "a quote is not closed"),
            (6, "a comment is not closed"),
            (5, "the block is not closed"),
        ];
        assert_eq!(odd, expected.map(|(line, why)| (line, why.to_owned())));
        assert_eq!(read("a b").1[0].1, "has no `;` at the end of the file");
    }

    #[test]
    fn blocks_may_not_be_arbitrarily_deep() {
        let (statements, odd) = read(&format!("{}b;{}; c;", "a {".repeat(100), "};".repeat(100)));
        assert!(statements.ends_with("1:c"), "{statements}");
        assert_eq!(odd.len(), 1);
    }

    #[test]
    fn statements_go_into_comments_wherever_they_stand() {
        for (text, expected) in [
            ("a; x auto; b", "a; /* x auto; */ b"),
            ("options {\n  x no; };", "options {\n  /* x no; */ };"),
            ("x a /* c */ { b; // d\n e; } f;", "/* x a { b; e; } f; */"),
            ("x", "x"),
            ("x { a;", "x { a;"),
            ("a x; \"x\" b; # x c;\n", "a x; \"x\" b; # x c;\n"),
            ("x 1;x 2;", "/* x 1; *//* x 2; */"),
            ("view v { x; }; x y", "view v { /* x; */ }; x y"),
        ] {
            assert_eq!(without(text, "x"), expected, "{text}");
        }
    }
}
