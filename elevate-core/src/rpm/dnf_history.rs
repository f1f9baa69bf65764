//! What dnf notes about installed packages, in `/var/lib/dnf/history.sqlite`.

use std::collections::BTreeMap;

use super::rpmdb::sqlite::{Row, Sqlite, Table, Value};
use super::rpmdb::{ReadAt, RpmDbError};
use crate::model::InstalledPackage;

/// Most rows of a table, so that a hostile file cannot fill the memory.
const MAX_ROWS: usize = 2_000_000;

/// The state of an item of a transaction that was not carried out.
const FAILED: i64 = 2;

/// The notes of dnf on packages of all transactions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DnfHistory {
    /// By full name, `name-[epoch:]version-release.arch`: repository and reason
    /// of the last transaction that brought the package.
    notes: BTreeMap<String, Note>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Note {
    from_repo: Option<String>,
    reason: Option<&'static str>,
}

/// Reads the tables `rpm`, `repo` and `trans_item`.
///
/// # Errors
///
/// What is no such database, and any damage in it.
pub fn read(source: &dyn ReadAt) -> Result<DnfHistory, RpmDbError> {
    let file = Sqlite::open(source)?;
    let repositories = by_id(&file.table("repo")?, "id", |row| row.text("repoid"))?;
    let packages = by_id(&file.table("rpm")?, "item_id", full_name)?;
    // Rows come in the order of their ids, so that the last one stays.
    let mut notes = BTreeMap::new();
    rows(&file.table("trans_item")?, |row| {
        let (item, action) = (row.integer("item_id")?, row.integer("action")?);
        let failed = row.integer("state")? == FAILED;
        // Items that are no packages are groups.
        let Some(package) = packages.get(&item).filter(|_| brings(action) && !failed) else {
            return Some(());
        };
        let repository = row.integer("repo_id").and_then(|id| repositories.get(&id));
        let reason = row.integer("reason").and_then(reason);
        notes.insert(package.clone(), Note { from_repo: repository.cloned(), reason });
        Some(())
    })?;
    Ok(DnfHistory { notes })
}

impl DnfHistory {
    /// Adds repository and reason to the packages dnf knows.
    pub fn apply(&self, packages: &mut [InstalledPackage]) {
        for package in packages {
            if let Some(note) = self.notes.get(&package.nevra()) {
                package.from_repo = Some(note.from_repo.clone().unwrap_or_default());
                package.install_reason = note.reason.map(str::to_owned);
            }
        }
    }

    /// How many packages dnf has notes on.
    pub fn len(&self) -> usize {
        self.notes.len()
    }

    /// Whether dnf has no notes at all.
    pub fn is_empty(&self) -> bool {
        self.notes.is_empty()
    }
}

/// Whether a package is there after an action; the others are about the package
/// that makes room, and about a reason alone.
fn brings(action: i64) -> bool {
    const INSTALL: i64 = 1;
    const DOWNGRADE: i64 = 2;
    const OBSOLETE: i64 = 4;
    const UPGRADE: i64 = 6;
    const REINSTALL: i64 = 9;
    [INSTALL, DOWNGRADE, OBSOLETE, UPGRADE, REINSTALL].contains(&action)
}

/// A reason in yum's words, where it has one.
fn reason(number: i64) -> Option<&'static str> {
    Some(match number {
        1 => "dep",
        2 => "user",
        3 => "clean",
        4 => "weak",
        5 => "group",
        _ => return None,
    })
}

fn full_name(row: &Columns<'_>) -> Option<String> {
    let (name, version, release) = (row.text("name")?, row.text("version")?, row.text("release")?);
    let arch = row.text("arch")?;
    Some(match row.integer("epoch")? {
        0 => format!("{name}-{version}-{release}.{arch}"),
        epoch => format!("{name}-{epoch}:{version}-{release}.{arch}"),
    })
}

/// A row with the names of its columns.
struct Columns<'a> {
    table: &'a Table<'a>,
    row: &'a Row,
    values: Vec<Value<'a>>,
}

impl Columns<'_> {
    fn text(&self, column: &str) -> Option<String> {
        self.table.value(self.row, &self.values, column)?.text().map(str::to_owned)
    }

    fn integer(&self, column: &str) -> Option<i64> {
        self.table.value(self.row, &self.values, column)?.integer()
    }
}

fn by_id<T>(
    table: &Table<'_>,
    id: &str,
    value: impl Fn(&Columns<'_>) -> Option<T>,
) -> Result<BTreeMap<i64, T>, RpmDbError> {
    let mut all = BTreeMap::new();
    rows(table, |row| {
        all.insert(row.integer(id)?, value(row)?);
        Some(())
    })?;
    Ok(all)
}

/// Goes through a table; a row that says nothing usable is an error.
fn rows(
    table: &Table<'_>,
    mut each: impl FnMut(&Columns<'_>) -> Option<()>,
) -> Result<(), RpmDbError> {
    for (number, row) in table.rows().enumerate() {
        let row = row?;
        let values = row.values()?;
        if number >= MAX_ROWS {
            let why = format!("has a table of more than {MAX_ROWS} rows");
            return Err(RpmDbError::Refused(why));
        }
        if each(&Columns { table, row: &row, values }).is_none() {
            let why = format!("row {} lacks a column, or has another kind of value", row.key);
            return Err(RpmDbError::Damaged { place: row.place, why });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::rpmdb::sqlite::build::{Cell, database};
    use super::*;

    fn history(items: &[&[Cell]]) -> Result<DnfHistory, RpmDbError> {
        let text = |text: &str| Cell::Text(text.to_owned());
        let number = Cell::Integer;
        let rpm = |name: &str, epoch| {
            vec![Cell::Null, text(name), number(epoch), text("1"), text("2"), text("noarch")]
        };
        let items = items.iter().map(|item| [&[Cell::Null][..], *item].concat()).collect();
        read(&database(&[
            (
                "CREATE TABLE rpm (item_id INTEGER PRIMARY KEY, name TEXT, epoch INTEGER, version TEXT, release TEXT, arch TEXT)",
                vec![rpm("a", 0), rpm("b", 3)],
            ),
            (
                "CREATE TABLE repo (id INTEGER PRIMARY KEY, repoid TEXT)",
                vec![vec![Cell::Null, text("base")], vec![Cell::Null, text("epel")]],
            ),
            (
                "CREATE TABLE trans_item (id INTEGER PRIMARY KEY, item_id INTEGER, repo_id INTEGER, action INTEGER, reason INTEGER, state INTEGER)",
                items,
            ),
        ]))
    }

    fn item(numbers: [i64; 5]) -> Vec<Cell> {
        numbers.map(Cell::Integer).to_vec()
    }

    #[test]
    fn the_last_transaction_that_brought_a_package_counts() {
        let (install, upgraded, reinstall, done, failed) = (1, 7, 9, 1, 2);
        let items = [
            item([1, 1, install, 1, done]),
            item([2, 2, install, 2, done]),
            item([2, 1, upgraded, 2, done]),
            item([1, 2, reinstall, 2, failed]),
            item([77, 1, install, 2, done]),
        ];
        let history = history(&items.each_ref().map(Vec::as_slice)).unwrap();
        let package = |nevra: &str| {
            let nevra: crate::model::Nevra = nevra.parse().unwrap();
            InstalledPackage::new(nevra.name, nevra.evr, Some(nevra.arch))
        };
        let mut packages =
            [package("a-1-2.noarch"), package("b-3:1-2.noarch"), package("c-1-1.noarch")];
        history.apply(&mut packages);
        let notes = packages.map(|p| (p.from_repo, p.install_reason));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            notes,
            [(some("base"), some("dep")), (some("epel"), some("user")), (None, None)]
        );
        assert_eq!(history.len(), 2);
    }

    #[test]
    fn a_row_without_its_columns_is_damage() {
        let error = history(&[&[Cell::Text("x".to_owned())]]).unwrap_err().to_string();
        assert!(error.ends_with("row 1 lacks a column, or has another kind of value"), "{error}");
    }
}
