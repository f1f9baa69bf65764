//! Writes what is read as columns: numbers are little-endian.

use super::DetailRow;
use crate::universe::packages::Row;
use crate::universe::term::Relation;

/// Bytes in the making.
#[derive(Default)]
pub(in crate::universe) struct Writer {
    pub(in crate::universe) bytes: Vec<u8>,
}

impl Writer {
    pub(in crate::universe) fn numbers(&mut self, numbers: impl IntoIterator<Item = u32>) {
        for number in numbers {
            self.bytes.extend_from_slice(&number.to_le_bytes());
        }
    }

    pub(in crate::universe) fn wide(&mut self, number: u64) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    pub(in crate::universe) fn relation(&mut self, relation: &Relation) {
        self.bytes.extend_from_slice(&relation.bytes());
    }

    pub(in crate::universe) fn row(&mut self, row: &Row) {
        self.numbers([row.name, row.evr, row.arch, row.vendor].map(|id| id.0));
        self.wide(row.build_time);
    }

    /// Rows with texts that stand one behind the other.
    pub(in crate::universe) fn details(&mut self, rows: &[DetailRow], texts: &str) {
        let mut start = 0;
        for row in rows {
            let own = start..row.end() as usize;
            start = own.end;
            let own = texts.as_bytes().get(own).unwrap_or_default();
            let at = self.bytes.len();
            self.numbers(row.ends);
            self.wide(row.package_size);
            self.wide(row.installed_size);
            self.numbers([DetailRow::checksum(&self.bytes[at..], own)]);
        }
    }
}
