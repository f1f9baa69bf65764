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

    pub(in crate::universe) fn details(&mut self, row: &DetailRow) {
        self.numbers([row.source_rpm.0, row.base.0]);
        self.numbers(row.ends);
        self.wide(row.package_size);
        self.wide(row.installed_size);
    }
}
