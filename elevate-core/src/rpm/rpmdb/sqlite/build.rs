//! Databases made for tests: each table one leaf, long rows on overflow pages.

/// A value.
#[derive(Debug, Clone)]
pub(in crate::rpm) enum Cell {
    Null,
    Integer(i64),
    Text(String),
    Blob(Vec<u8>),
}

const PAGE: usize = 4096;

/// A database of tables, each with the words that create it and its rows, which
/// have keys from 1 on.
pub(in crate::rpm) fn database(tables: &[(&str, Vec<Vec<Cell>>)]) -> Vec<u8> {
    let mut pages = vec![Vec::new(); tables.len() + 1];
    let mut schema = Vec::new();
    for (index, (sql, rows)) in tables.iter().enumerate() {
        let name = sql.split_whitespace().nth(2).unwrap().trim_matches('\'').to_owned();
        let root = Cell::Integer(i64::try_from(index).unwrap() + 2);
        let [kind, sql] = ["table", sql].map(|text| Cell::Text(text.to_owned()));
        schema.push(vec![kind, Cell::Text(name.clone()), Cell::Text(name), root, sql]);
        let mut overflow = Vec::new();
        pages[index + 1] = leaf(rows, 0, &mut overflow, pages.len());
        pages.extend(overflow);
    }
    let mut overflow = Vec::new();
    pages[0] = leaf(&schema, 100, &mut overflow, pages.len());
    pages.extend(overflow);
    let mut file = pages.concat();
    file[..16].copy_from_slice(b"SQLite format 3\0");
    file[16..18].copy_from_slice(&u16::try_from(PAGE).unwrap().to_be_bytes());
    let count = u32::try_from(pages.len()).unwrap();
    file[28..32].copy_from_slice(&count.to_be_bytes());
    file[59] = 1;
    file
}

/// A leaf with rows; pages it needs besides go to `overflow`, of which the first
/// will be number `before + 1`.
fn leaf(rows: &[Vec<Cell>], start: usize, overflow: &mut Vec<Vec<u8>>, before: usize) -> Vec<u8> {
    let mut page = vec![0; PAGE];
    page[start] = 13;
    page[start + 3..start + 5].copy_from_slice(&u16::try_from(rows.len()).unwrap().to_be_bytes());
    let mut end = PAGE;
    for (index, row) in rows.iter().enumerate() {
        let payload = record(row);
        let mut cell = varint(payload.len());
        cell.extend(varint(index + 1));
        let (most, least) = (PAGE - 35, (PAGE - 12) * 32 / 255 - 23);
        let wanted = least + (payload.len().saturating_sub(least)) % (PAGE - 4);
        let local = if payload.len() <= most {
            payload.len()
        } else if wanted <= most {
            wanted
        } else {
            least
        };
        cell.extend(&payload[..local]);
        if local < payload.len() {
            cell.extend(u32::try_from(before + overflow.len() + 1).unwrap().to_be_bytes());
            let parts: Vec<&[u8]> = payload[local..].chunks(PAGE - 4).collect();
            for (number, part) in parts.iter().enumerate() {
                let last = number + 1 == parts.len();
                let next = if last { 0 } else { before + overflow.len() + 2 };
                let mut page = u32::try_from(next).unwrap().to_be_bytes().to_vec();
                page.extend(*part);
                page.resize(PAGE, 0);
                overflow.push(page);
            }
        }
        end -= cell.len();
        page[end..end + cell.len()].copy_from_slice(&cell);
        let at = start + 8 + index * 2;
        page[at..at + 2].copy_from_slice(&u16::try_from(end).unwrap().to_be_bytes());
    }
    page
}

fn record(row: &[Cell]) -> Vec<u8> {
    let (mut types, mut body) = (Vec::new(), Vec::new());
    for cell in row {
        match cell {
            Cell::Null => types.extend(varint(0)),
            Cell::Integer(number) => {
                types.extend(varint(6));
                body.extend(number.to_be_bytes());
            }
            Cell::Text(text) => {
                types.extend(varint(13 + text.len() * 2));
                body.extend(text.bytes());
            }
            Cell::Blob(bytes) => {
                types.extend(varint(12 + bytes.len() * 2));
                body.extend(bytes);
            }
        }
    }
    assert!(types.len() < 127, "a short row");
    [varint(types.len() + 1), types, body].concat()
}

fn varint(mut number: usize) -> Vec<u8> {
    let low = |n: usize| u8::try_from(n & 0x7f).unwrap();
    let mut bytes = vec![low(number)];
    while number > 0x7f {
        number >>= 7;
        bytes.insert(0, low(number) | 0x80);
    }
    bytes
}
