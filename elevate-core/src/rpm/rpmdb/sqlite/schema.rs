//! The tables of a database and their columns.

use super::btree::Table;
use super::record::Value;
use crate::rpm::rpmdb::RpmDbError;

/// The most tables and indexes looked at.
const MAX_TABLES: usize = 10_000;

/// A table, as the database describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) root: u32,
    pub(super) sql: String,
}

/// The tables, from the table of tables.
pub(super) fn read(master: &Table<'_>) -> Result<Vec<Definition>, RpmDbError> {
    let mut tables = Vec::new();
    for row in master.rows().take(MAX_TABLES) {
        let row = row?;
        let values = row.values()?;
        if let [Value::Text(b"table"), name, _, Value::Integer(root), sql, ..] = values[..]
            && let (Some(name), Some(sql), Ok(root)) = (name.text(), sql.text(), root.try_into())
        {
            tables.push(Definition { name: name.to_owned(), root, sql: sql.to_owned() });
        }
    }
    Ok(tables)
}

/// The columns `CREATE TABLE` names, and which of them is the key of the row.
pub(super) fn columns(sql: &str) -> (Vec<String>, Option<usize>) {
    // SQLite keeps the words as they were, comments with commas in them too.
    let sql = without_comments(sql);
    let body = sql.split_once('(').map_or("", |(_, body)| body);
    let mut columns = Vec::new();
    let mut key = None;
    for part in split(body) {
        let mut words = part.split_whitespace();
        let Some(name) = words.next() else { continue };
        let constraints = ["CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"];
        if constraints.contains(&name.to_ascii_uppercase().as_str()) {
            continue;
        }
        let kind: Vec<String> = words.take(3).map(str::to_ascii_uppercase).collect();
        if kind == ["INTEGER", "PRIMARY", "KEY"] {
            key = Some(columns.len());
        }
        columns.push(name.trim_matches(['"', '\'', '`', '[', ']']).to_owned());
    }
    (columns, key)
}

fn without_comments(sql: &str) -> String {
    let mut words = String::new();
    let mut rest = sql;
    while let Some(start) = rest.find("/*").into_iter().chain(rest.find("--")).min() {
        let end = if rest[start..].starts_with("--") { "\n" } else { "*/" };
        words.push_str(&rest[..start]);
        words.push(' ');
        rest = rest[start + 2..].split_once(end).map_or("", |(_, after)| after);
    }
    words + rest
}

/// Splits at commas outside parentheses, up to the parenthesis that closes all.
fn split(body: &str) -> Vec<&str> {
    let (mut parts, mut start, mut open) = (Vec::new(), 0, 0usize);
    for (at, c) in body.char_indices() {
        match c {
            '(' => open += 1,
            ')' if open == 0 => {
                parts.push(&body[start..at]);
                break;
            }
            ')' => open -= 1,
            ',' if open == 0 => {
                parts.push(&body[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_in_order_and_constraints_are_none() {
        let (names, key) = columns(
            "CREATE TABLE 'Name' (key 'TEXT' NOT NULL, hnum INTEGER CHECK (hnum IN (1, 2)),\n idx INTEGER, FOREIGN KEY (hnum) REFERENCES 'Packages'(hnum))",
        );
        assert_eq!((names, key), (vec!["key".into(), "hnum".into(), "idx".into()], None));
        let packages = columns(
            "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL)",
        );
        assert_eq!(packages, (vec!["hnum".into(), "blob".into()], Some(0)));
        let commented = columns(
            "CREATE TABLE t (\n a INTEGER, /* (one, two) */\n b TEXT, -- three, four\n c TEXT /* end",
        );
        assert_eq!(commented.0, ["a", "b"]);
        let closed = columns("CREATE TABLE t (a INTEGER, /* , */ b TEXT /* (enum) */)");
        assert_eq!(closed.0, ["a", "b"]);
    }
}
