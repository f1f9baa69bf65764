//! The tables of ARCHITECTURE.md that rule who may name what.
//!
//! A table stands between `<!-- NAME:begin -->` and `<!-- NAME:end -->`. Its
//! first column holds names in backticks, its second what they may name:
//! `nothing`, `anywhere`, `every module`, or a list of names in backticks, each
//! with an optional `(only ...)`. Any other words are refused, so that nothing
//! can stand in a table that is not checked.

use std::collections::BTreeMap;

/// What one row allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Line in the document, from 1.
    pub(crate) line: usize,
    /// What may be named.
    pub(crate) allowed: Allowed,
}

/// The second column of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Allowed {
    /// `every module` or `anywhere`.
    All,
    /// The names listed, each with what follows `only`; empty for no limit.
    Listed(BTreeMap<String, Vec<String>>),
}

/// The table `name` of `document`, by the names of its first column.
pub(crate) fn read(document: &str, name: &str) -> Result<BTreeMap<String, Row>, String> {
    let (begin, end) = (format!("<!-- {name}:begin -->"), format!("<!-- {name}:end -->"));
    let mut rows = BTreeMap::new();
    let lines = document.lines().enumerate().map(|(at, text)| (at + 1, text.trim()));
    let inside: Vec<_> = lines.skip_while(|(_, text)| *text != begin).collect();
    if !inside.iter().any(|(_, text)| *text == end) {
        return Err(format!("there is no table between {begin} and {end}"));
    }
    let body = inside.into_iter().skip(1).take_while(|(_, text)| *text != end);
    for (line, text) in body.filter(|(_, text)| !text.is_empty()).skip(2) {
        let refused = |why: String| format!("line {line}: {why}");
        let cells: Vec<&str> = text.trim_matches('|').split('|').map(str::trim).collect();
        let [first, second] = cells[..] else {
            return Err(refused("a row of two cells is wanted".to_owned()));
        };
        let allowed = allowed(second).map_err(refused)?;
        for module in listed(first).map_err(refused)?.into_keys() {
            let row = Row { line, allowed: allowed.clone() };
            if rows.insert(module.clone(), row).is_some() {
                return Err(refused(format!("`{module}` has two rows")));
            }
        }
    }
    if rows.is_empty() { Err(format!("the table after {begin} has no rows")) } else { Ok(rows) }
}

fn allowed(cell: &str) -> Result<Allowed, String> {
    match cell {
        "nothing" => Ok(Allowed::Listed(BTreeMap::new())),
        "every module" | "anywhere" => Ok(Allowed::All),
        cell => listed(cell).map(Allowed::Listed),
    }
}

/// Reads `` `a`, `b` (only `c`, `d`) ``.
fn listed(cell: &str) -> Result<BTreeMap<String, Vec<String>>, String> {
    let mut found = BTreeMap::new();
    let mut rest = cell;
    loop {
        let (name, after) =
            quoted(rest).ok_or_else(|| format!("{rest:?} is no name in backticks"))?;
        let (limit, after) = match after.strip_prefix("(only ") {
            Some(after) => only(after)?,
            None => (Vec::new(), after),
        };
        found.insert(name.to_owned(), limit);
        match after.strip_prefix(',') {
            Some(after) => rest = after.trim_start(),
            None if after.is_empty() => return Ok(found),
            None => return Err(format!("{after:?} is not understood here")),
        }
    }
}

fn only(text: &str) -> Result<(Vec<String>, &str), String> {
    let (inner, after) = text.split_once(')').ok_or("a bracket is not closed")?;
    Ok((listed(inner)?.into_keys().collect(), after.trim_start()))
}

/// The name in backticks that `text` begins with, and what follows it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix('`')?.split_once('`')?;
    (!name.is_empty()).then_some((name, after.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &str) -> Result<BTreeMap<String, Row>, String> {
        read(
            &format!("text\n<!-- t:begin -->\n| a | b |\n|---|---|\n{rows}\n<!-- t:end -->\n"),
            "t",
        )
    }

    #[test]
    fn rows_lists_and_limits_are_read() {
        let rows = table(
            "| `a`, `b` | `c` (only `d.rs`, `E`), `f` |\n| `g` | nothing |\n| `h` | every module |",
        )
        .unwrap();
        let listed = Allowed::Listed(BTreeMap::from([
            ("c".to_owned(), vec!["E".to_owned(), "d.rs".to_owned()]),
            ("f".to_owned(), vec![]),
        ]));
        assert_eq!(rows["a"], Row { line: 5, allowed: listed.clone() });
        assert_eq!(rows["b"].allowed, listed);
        assert_eq!(rows["g"].allowed, Allowed::Listed(BTreeMap::new()));
        assert_eq!(rows["h"], Row { line: 7, allowed: Allowed::All });
    }

    #[test]
    fn words_the_check_would_not_obey_are_refused() {
        for row in [
            "| `a` | the usual |",
            "| `a` | `b` and `c` |",
            "| a | `b` |",
            "| `a` |",
            "| `a` | `b` (only `c` |",
            "",
        ] {
            assert!(table(row).is_err(), "{row}");
        }
        assert!(
            table("| `a` | nothing |\n| `a` | `b` |")
                .unwrap_err()
                .contains("line 6: `a` has two rows")
        );
        assert!(read("no table", "t").is_err());
    }
}
