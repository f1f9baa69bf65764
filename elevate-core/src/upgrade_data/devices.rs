//! `device_driver_deprecation_data.json`: devices, drivers and processors that
//! releases dropped (formats.md section 5).

use serde::de::MapAccess;

use super::asset::{Document, Fault, read_document, text_field, text_of};
use super::locate::At;
use super::raw::{Each, Field, Items, Object, Raw, raw_object};
use super::remark::{Remarks, codes, short};
use super::{DataError, Level, Streams};

/// The file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeviceData {
    /// Entries of a known kind, in file order.
    pub entries: Vec<DeviceEntry>,
}

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceKind {
    /// A PCI device or a driver of PCI devices.
    Pci,
    /// A processor.
    Cpu,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceEntry {
    /// What it is about.
    pub kind: DeviceKind,
    /// `0x1000:0x0060`, `x86_64:intel:6:42`; empty for an entry about a driver.
    pub device_id: String,
    /// What people call it.
    pub device_name: String,
    /// Driver name.
    pub driver_name: String,
    /// Major releases it is available in.
    pub available_in: Vec<u32>,
    /// Major releases it is maintained in.
    pub maintained_in: Vec<u32>,
    /// When its end was announced; free text.
    pub deprecation_announced: String,
}

impl DeviceEntry {
    /// Whether the entry is about a driver, not a device.
    pub fn is_driver(&self) -> bool {
        self.device_id.is_empty()
    }
}

/// The most entries a file may have. Real ones have 410.
const MOST_ENTRIES: usize = 200_000;

raw_object! {
    RawEntry {
        device_type: Raw<'a>,
        device_id: Raw<'a>,
        device_name: Raw<'a>,
        driver_name: Raw<'a>,
        available_in_rhel: Items<'a, Raw<'a>>,
        maintained_in_rhel: Items<'a, Raw<'a>>,
        deprecation_announced: Raw<'a>,
    } ignored []
}

/// Reads the file. Entries of a type nobody detects become a remark; an entry
/// with a missing or mistyped field makes the file invalid, as in leapp.
pub(super) fn read(
    path: &str,
    bytes: &[u8],
    remarks: &mut Remarks,
) -> Result<(DeviceData, Streams), DataError> {
    let text = text_of(path, bytes)?;
    let mut reader =
        Reader { remarks, data: DeviceData::default(), list: Field::default(), fault: None };
    let mut unknown = Remarks::new(path);
    let streams = read_document(path, text, &mut reader, &mut unknown)?;
    reader.remarks.append(unknown);
    let fault = reader.fault.or(match reader.list {
        Field::Found(_) => None,
        Field::Other(Raw::Absent) => Some(Fault::invalid("", "has no list `data`")),
        Field::Other(raw) => {
            Some(Fault::invalid("data", format!("`data` is {}, not a list", raw.kind())))
        }
    });
    match fault {
        Some(fault) => Err(fault.in_text(path, text)),
        None => Ok((reader.data, streams)),
    }
}

struct Reader<'r, 'a> {
    remarks: &'r mut Remarks,
    data: DeviceData,
    list: Field<'a, usize>,
    fault: Option<Fault>,
}

impl<'de> Document<'de> for Reader<'_, 'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error> {
        if key != "data" {
            return Ok(false);
        }
        if !self.list.is_absent() {
            self.fault = Some(Fault::invalid("data", "the file has two lists `data`"));
        }
        let each = Each::new(MOST_ENTRIES, |index, raw| self.take(index, raw));
        self.list = map.next_value_seed(each)?;
        Ok(true)
    }
}

impl Reader<'_, '_> {
    fn take(&mut self, index: usize, raw: Field<'_, Object<RawEntry<'_>>>) {
        if self.fault.is_some() {
            return;
        }
        let list = At::top("data");
        let at = list.index(index);
        let entry = match raw {
            Field::Found(Object(raw)) => self.entry(&at, &raw),
            Field::Other(raw) => {
                Err(Fault::invalid(at, format!("the entry is {}, not an object", raw.kind())))
            }
        };
        match entry {
            Ok(entry) => self.data.entries.extend(entry),
            Err(fault) => self.fault = Some(fault),
        }
    }

    fn entry(&mut self, at: &At<'_>, raw: &RawEntry<'_>) -> Result<Option<DeviceEntry>, Fault> {
        self.remarks.keys(at, &raw.keys);
        let kind = match text_field(&at.key("device_type"), &raw.device_type)? {
            "pci" => DeviceKind::Pci,
            "cpu" => DeviceKind::Cpu,
            other => {
                self.remarks.tally(codes::OTHER_DEVICE_TYPE, Level::Note, other, || {
                    let message = format!("devices of type {:?} are not detected", short(other));
                    (at.key("device_type").to_string(), message)
                });
                return Ok(None);
            }
        };
        let string = |key: &str, raw| text_field(&at.key(key), raw).map(str::to_owned);
        Ok(Some(DeviceEntry {
            kind,
            device_id: string("device_id", &raw.device_id)?,
            device_name: string("device_name", &raw.device_name)?,
            driver_name: string("driver_name", &raw.driver_name)?,
            available_in: majors(&at.key("available_in_rhel"), &raw.available_in_rhel)?,
            maintained_in: majors(&at.key("maintained_in_rhel"), &raw.maintained_in_rhel)?,
            deprecation_announced: string("deprecation_announced", &raw.deprecation_announced)?,
        }))
    }
}

fn majors(at: &At<'_>, raw: &Items<'_, Raw<'_>>) -> Result<Vec<u32>, Fault> {
    let list = match raw {
        Items::Found(list) => list,
        Items::Other(Raw::Absent) => return Err(Fault::invalid(at, "the field is missing")),
        Items::Other(raw) => {
            return Err(Fault::invalid(at, format!("the value is {}, not a list", raw.kind())));
        }
    };
    let major = |(index, raw): (usize, &Raw<'_>)| match raw {
        Raw::Int(number) if u32::try_from(*number).is_ok() => Ok(*number as u32),
        Raw::Int(number) => {
            Err(Fault::invalid(at.index(index), format!("{number} is no major release")))
        }
        raw => Err(Fault::invalid(
            at.index(index),
            format!("the value is {}, not an integer", raw.kind()),
        )),
    };
    list.iter().enumerate().map(major).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upgrade_data::Remark;

    fn entry(kind: &str) -> String {
        format!(
            r#"{{"device_type": "{kind}", "device_id": "0x1000:0x0060", "device_name": "n",
                "driver_name": "d", "available_in_rhel": [7, 8], "maintained_in_rhel": [7],
                "deprecation_announced": ""}}"#
        )
    }

    fn devices(text: &str) -> (Result<DeviceData, DataError>, Vec<Remark>) {
        let mut remarks = Remarks::new("devices.json");
        let data = read("devices.json", text.as_bytes(), &mut remarks).map(|(data, _)| data);
        (data, remarks.finish())
    }

    #[test]
    fn entries_of_other_types_are_dropped_with_a_remark() {
        let kinds: Vec<_> = ["pci", "cpu", "usb", "pci"].map(entry).into();
        let (data, remarks) = devices(&format!("{{\"data\": [{}]}}", kinds.join(",")));
        let data = data.unwrap();
        assert_eq!(data.entries.len(), 3);
        assert_eq!(data.entries[0].available_in, [7, 8]);
        assert_eq!(remarks.len(), 1);
        assert_eq!(remarks[0].code, codes::OTHER_DEVICE_TYPE);
    }

    #[test]
    fn a_file_without_a_list_of_whole_entries_is_invalid() {
        let texts = ["{}", r#"{"data": 1}"#, r#"{"data": "string"}"#, r#"{"data": {}}"#];
        let broken = entry("pci").replace("driver_name", "driver");
        let wrong = entry("pci").replace("[7]", "[\"7\"]");
        let more = [format!("{{\"data\": [{broken}]}}"), format!("{{\"data\": [{wrong}]}}")];
        for text in texts.map(String::from).iter().chain(&more) {
            assert!(devices(text).0.is_err(), "{text}");
        }
    }
}
