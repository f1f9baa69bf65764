//! The values of a row.

use std::ops::Range;

use super::varint;

/// The most columns looked at.
const MAX_COLUMNS: usize = 100;

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::rpm) enum Value<'a> {
    /// NULL, and a key that is the row's own.
    Null,
    Integer(i64),
    Real(f64),
    Text(&'a [u8]),
    Blob(&'a [u8]),
}

impl<'a> Value<'a> {
    pub(in crate::rpm) fn integer(self) -> Option<i64> {
        if let Value::Integer(number) = self { Some(number) } else { None }
    }

    pub(in crate::rpm) fn text(self) -> Option<&'a str> {
        if let Value::Text(text) = self { std::str::from_utf8(text).ok() } else { None }
    }
}

/// The values of a row; `None` where it is damaged.
pub(super) fn values(payload: &[u8]) -> Option<Vec<Value<'_>>> {
    let places = places(payload)?;
    places.into_iter().map(|(kind, place)| value(kind, payload.get(place)?)).collect()
}

/// Where in a row a value is that is bytes.
pub(super) fn blob(payload: &[u8], column: usize) -> Option<Range<usize>> {
    let (kind, place) = places(payload)?.into_iter().nth(column)?;
    (kind >= 12 && kind.is_multiple_of(2)).then_some(place)
}

/// Types and places of the values of a row.
fn places(payload: &[u8]) -> Option<Vec<(u64, Range<usize>)>> {
    let (length, _) = varint(payload)?;
    let (header, body) = payload.split_at_checked(usize::try_from(length).ok()?)?;
    let (_, mut types) = varint(header)?;
    let (mut places, mut start) = (Vec::new(), header.len());
    while !types.is_empty() && places.len() < MAX_COLUMNS {
        let (kind, rest) = varint(types)?;
        types = rest;
        let end = start.checked_add(length_of(kind)?)?;
        if end > header.len() + body.len() {
            return None;
        }
        places.push((kind, start..end));
        start = end;
    }
    Some(places)
}

fn length_of(kind: u64) -> Option<usize> {
    Some(match kind {
        0 | 8 | 9 => 0,
        1..=4 => usize::try_from(kind).ok()?,
        5 => 6,
        6 | 7 => 8,
        10 | 11 => return None,
        _ => usize::try_from((kind - 12) / 2).ok()?,
    })
}

fn value(kind: u64, bytes: &[u8]) -> Option<Value<'_>> {
    Some(match kind {
        0 => Value::Null,
        1..=6 => {
            let sign = if bytes.first()? & 0x80 == 0 { 0 } else { -1 };
            Value::Integer(bytes.iter().fold(sign, |sum, &b| (sum << 8) | i64::from(b)))
        }
        7 => Value::Real(f64::from_be_bytes(*bytes.first_chunk()?)),
        8 => Value::Integer(0),
        9 => Value::Integer(1),
        even if even.is_multiple_of(2) => Value::Blob(bytes),
        _ => Value::Text(bytes),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_is_read() {
        let row = [8, 0, 1, 9, 2, 17, 16, 8, 0xff, 0x7f, 0xff, b'h', b'i', 7, 8];
        let expected = [
            Value::Null,
            Value::Integer(-1),
            Value::Integer(1),
            Value::Integer(0x7fff),
            Value::Text(b"hi"),
            Value::Blob(&[7, 8]),
            Value::Integer(0),
        ];
        assert_eq!(values(&row).unwrap(), expected);
        assert_eq!((blob(&row, 5), blob(&row, 4), blob(&row, 7)), (Some(13..15), None, None));
        assert_eq!(values(&row[..14]), None);
        assert_eq!(values(&[2, 10]), None);
    }
}
