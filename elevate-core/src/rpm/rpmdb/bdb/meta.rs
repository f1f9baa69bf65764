//! The first page of a Berkeley DB hash.

use super::super::error::{Place, RpmDbError, read_at};
use super::super::source::ReadAt;
use super::page::Order;

const HASH: u32 = 0x0006_1561;
/// Bytes of the first page that mean something, whatever its size.
pub(super) const LENGTH: usize = 512;
const HASH_META: u8 = 8;
const CHECKSUMS: u8 = 1;

/// What the first page says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meta {
    pub(super) order: Order,
    pub(super) page_size: u32,
    pub(super) last_page: u32,
    /// Keys, key 0 included.
    pub(super) pairs: u32,
    /// Whether each page has a checksum.
    pub(super) checksums: bool,
}

impl Meta {
    pub(super) fn read(source: &dyn ReadAt) -> Result<Meta, RpmDbError> {
        let mut bytes = [0; LENGTH];
        let short = LENGTH.min(usize::try_from(source.len()).unwrap_or(LENGTH));
        read_at(source, Place { page: Some(0), offset: 0 }, &mut bytes[..short])?;
        let order = order(&bytes)?;
        let meta = Meta {
            order,
            page_size: order.u32(&bytes, 20),
            last_page: order.u32(&bytes, 32),
            pairs: order.u32(&bytes, 88),
            checksums: bytes[26] & CHECKSUMS != 0,
        };
        if short < LENGTH {
            return Err(damaged(0, format!("the file ends after {short} bytes")));
        }
        meta.check(&bytes)?;
        Ok(meta)
    }

    pub(super) fn place(&self, page: u32) -> Place {
        Place { page: Some(page), offset: u64::from(page) * u64::from(self.page_size) }
    }

    fn check(&self, bytes: &[u8; LENGTH]) -> Result<(), RpmDbError> {
        let (version, kind) = (self.order.u32(bytes, 16), bytes[25]);
        let (encryption, flags) = (bytes[24], bytes[26]);
        let refused = |why: String| Err(RpmDbError::Refused(why));
        if encryption != 0 {
            return refused("is an encrypted Berkeley DB, which is not read".to_owned());
        }
        if !(7..=10).contains(&version) {
            let why = format!("is a Berkeley DB hash of version {version}; 7 to 10 are read");
            return refused(why);
        }
        if flags & !CHECKSUMS != 0 {
            let why = format!("is a partitioned Berkeley DB (flags {flags:#x}), which is not read");
            return refused(why);
        }
        if kind != HASH_META {
            return Err(damaged(25, format!("the first page has type {kind}, not that of a hash")));
        }
        if !self.page_size.is_power_of_two() || !(512..=65_536).contains(&self.page_size) {
            let why =
                format!("pages of {} bytes, not a power of two from 512 to 65536", self.page_size);
            return Err(damaged(20, why));
        }
        if self.checksums && !self.order.checksum_fits(bytes, 492) {
            return Err(damaged(492, "the checksum of the first page is wrong".to_owned()));
        }
        Ok(())
    }
}

/// The byte order, by the number all such files have at the same place.
fn order(bytes: &[u8; LENGTH]) -> Result<Order, RpmDbError> {
    let others = [(0x0005_3162, "B-tree"), (0x0004_2253, "queue"), (0x0007_4582, "heap")];
    for order in [Order::Little, Order::Big] {
        let magic = order.u32(bytes, 12);
        if magic == HASH {
            return Ok(order);
        }
        if let Some((_, name)) = others.iter().find(|(number, _)| *number == magic) {
            let why = format!(
                "is a Berkeley DB {name}; rpm's packages are in a hash (an index file, or a file of another program)"
            );
            return Err(RpmDbError::Refused(why));
        }
    }
    let start = bytes[..16].iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(" ");
    Err(RpmDbError::NotRecognised(format!("it begins with {start}")))
}

fn damaged(offset: u64, why: String) -> RpmDbError {
    RpmDbError::damaged(Place { page: Some(0), offset }, why)
}
