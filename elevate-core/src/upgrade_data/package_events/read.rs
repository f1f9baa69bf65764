//! Reading an event file (formats.md 1.1 to 1.4).

mod fields;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::de::MapAccess;

use self::fields::{accepted_arch, action, architectures, distinct, shown, version};
use super::{EventFile, EventPackage, EventRelease, PackageEvent};
use crate::model::{Arch, ModuleStream, PackageName, PesId};
use crate::upgrade_data::asset::{Document, Fault, read_document, text_field, text_of};
use crate::upgrade_data::locate::At;
use crate::upgrade_data::raw::{Each, Field, Items, Object, Raw, raw_object};
use crate::upgrade_data::remark::{Remarks, codes, short};
use crate::upgrade_data::{DataError, Level, Streams};

/// The most records a file may have. Real ones have 2400.
const MOST_EVENTS: usize = 200_000;

/// The most entries all sub-events of a file may have together. Module streams
/// multiply with packages, so a small file could hold more than memory does;
/// real ones have 5000.
const MOST_EXPANDED: usize = 2_000_000;

raw_object! {
    RawEvent {
        action: Raw<'a>,
        id: Raw<'a>,
        architectures: Items<'a, Raw<'a>>,
        arches: Items<'a, Raw<'a>>,
        initial_release: Field<'a, Object<RawRelease<'a>>>,
        release: Field<'a, Object<RawRelease<'a>>>,
        in_packageset: Field<'a, Object<RawSet<'a>>>,
        out_packageset: Field<'a, Object<RawSet<'a>>>,
        modulestream_maps: Items<'a, Field<'a, Object<RawMap<'a>>>>,
        is_approved: Raw<'a>,
    } ignored ["description", "version", "checked", "modified", "set_id"]
}
raw_object! {
    RawRelease {
        major_version: Raw<'a>,
        minor_version: Raw<'a>,
        os_name: Raw<'a>,
    } ignored ["tag", "z_stream", "checked", "modified"]
}
raw_object! {
    RawSet {
        package: Items<'a, Field<'a, Object<RawPackage<'a>>>>,
        packages: Items<'a, Field<'a, Object<RawPackage<'a>>>>,
    } ignored ["set_id"]
}
raw_object! {
    RawPackage {
        name: Raw<'a>,
        repository: Raw<'a>,
        modulestreams: Items<'a, Field<'a, Object<RawStream<'a>>>>,
        modulestream: Field<'a, Object<RawStream<'a>>>,
        module_stream: Raw<'a>,
    } ignored []
}
raw_object! {
    RawStream { name: Raw<'a>, stream: Raw<'a>, } ignored ["id"]
}
raw_object! {
    RawMap {
        in_modulestream: Field<'a, Object<RawStream<'a>>>,
        out_modulestream: Field<'a, Object<RawStream<'a>>>,
    } ignored ["id"]
}

/// Reads an event file. Remarks on what is ignored go to `remarks`.
pub(in super::super) fn read(
    path: &str,
    bytes: &[u8],
    remarks: &mut Remarks,
) -> Result<(EventFile, Streams), DataError> {
    let text = text_of(path, bytes)?;
    let mut reader = Reader {
        remarks,
        pesids: BTreeSet::new(),
        events: Vec::new(),
        list: Field::default(),
        expanded: 0,
        fault: None,
    };
    let mut unknown = Remarks::new(path);
    let streams = read_document(path, text, &mut reader, &mut unknown)?;
    let Reader { events, list, fault, .. } = reader;
    remarks.append(unknown);
    let fault = fault.or_else(|| list_fault(&list));
    match fault {
        Some(fault) => Err(fault.in_text(path, text)),
        None => Ok((EventFile { path: Arc::from(path), events }, streams)),
    }
}

fn list_fault(list: &Field<'_, usize>) -> Option<Fault> {
    match list {
        Field::Found(_) => None,
        Field::Other(Raw::Absent) => Some(Fault::invalid("", "has no list `packageinfo`")),
        Field::Other(raw) => {
            let message = format!("`packageinfo` is {}, not a list", raw.kind());
            Some(Fault::invalid("packageinfo", message))
        }
    }
}

type StreamMap = (Option<ModuleStream>, Option<ModuleStream>);

struct Reader<'r, 'a> {
    remarks: &'r mut Remarks,
    /// The few repository ids, shared between the many packages.
    pesids: BTreeSet<PesId>,
    events: Vec<PackageEvent>,
    list: Field<'a, usize>,
    /// Entries of all sub-events so far.
    expanded: usize,
    /// The first thing found wrong; nothing after it is judged.
    fault: Option<Fault>,
}

impl<'de> Document<'de> for Reader<'_, 'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error> {
        if key != "packageinfo" {
            return Ok(false);
        }
        if !self.list.is_absent() {
            self.fault.get_or_insert_with(|| {
                Fault::invalid("packageinfo", "the file has two lists `packageinfo`")
            });
        }
        let each = Each::new(MOST_EVENTS, |index, raw| self.take(index, raw));
        let list = map.next_value_seed(each)?;
        self.list = list;
        Ok(true)
    }
}

impl Reader<'_, '_> {
    fn take(&mut self, index: usize, raw: Field<'_, Object<RawEvent<'_>>>) {
        if self.fault.is_some() {
            return;
        }
        let list = At::top("packageinfo");
        let at = list.index(index);
        let event = match raw {
            Field::Found(Object(raw)) => self.event(index, &at, raw),
            Field::Other(raw) => {
                Err(Fault::fatal(at, format!("the event is {}, not an object", raw.kind())))
            }
        };
        match event {
            Ok(event) => self.events.push(event),
            Err(fault) => self.fault = Some(fault),
        }
    }

    fn event(
        &mut self,
        index: usize,
        at: &At<'_>,
        raw: RawEvent<'_>,
    ) -> Result<PackageEvent, Fault> {
        self.remarks.keys(at, &raw.keys);
        let id = self.id(at, &raw.id);
        let action = action(&at.key("action"), &raw.action)?;
        let inputs = self.set(&at.key("in_packageset"), raw.in_packageset)?;
        let outputs = self.set(&at.key("out_packageset"), raw.out_packageset)?;
        let from = self.release(&at.key("initial_release"), raw.initial_release)?;
        let to = self.release(&at.key("release"), raw.release)?;
        let architectures = architectures(&at.key("architectures"), raw.architectures)?;
        let arches = self.arches(&at.key("arches"), raw.arches);
        let stream_maps = self.maps(&at.key("modulestream_maps"), raw.modulestream_maps)?;
        self.weigh(at, &stream_maps, &inputs, &outputs)?;
        let approved = match &raw.is_approved {
            Raw::Bool(approved) => Some(*approved),
            other => {
                self.odd_value(&at.key("is_approved"), other, "a boolean");
                None
            }
        };
        Ok(PackageEvent {
            id,
            index,
            action,
            architectures,
            arches,
            from,
            to,
            inputs,
            outputs,
            stream_maps,
            approved,
        })
    }

    fn weigh(
        &mut self,
        at: &At<'_>,
        maps: &[StreamMap],
        inputs: &[EventPackage],
        outputs: &[EventPackage],
    ) -> Result<(), Fault> {
        let carried: usize = inputs.iter().map(|package| package.streams.len()).sum();
        let steps = if maps.is_empty() { carried } else { maps.len() };
        let streams: usize = outputs.iter().map(|package| package.streams.len()).sum();
        self.expanded =
            self.expanded.saturating_add(steps.saturating_mul(carried + streams + steps));
        if self.expanded > MOST_EXPANDED {
            let message = "the module streams up to here multiply beyond any real file";
            return Err(Fault::invalid(at, message));
        }
        Ok(())
    }

    fn id(&mut self, at: &At<'_>, raw: &Raw<'_>) -> Arc<str> {
        match raw {
            Raw::Int(id) => id.to_string().into(),
            Raw::Text(id) if !id.is_empty() => {
                self.remarks.tally(codes::STRING_ID, Level::Note, "", || {
                    (at.key("id").to_string(), "the id is a string; most are integers".to_owned())
                });
                short(id).into()
            }
            raw => {
                if !raw.is_falsy() {
                    let message =
                        format!("`id` is {}; the event counts as having none", raw.kind());
                    self.remarks.push(codes::ODD_ID, Level::Warning, at.key("id"), message);
                }
                "0".into()
            }
        }
    }

    fn set(
        &mut self,
        at: &At<'_>,
        raw: Field<'_, Object<RawSet<'_>>>,
    ) -> Result<Vec<EventPackage>, Fault> {
        let set = match raw {
            Field::Found(Object(set)) => set,
            Field::Other(raw) if raw.is_falsy() => return Ok(Vec::new()),
            Field::Other(raw) => {
                let message = format!("the package set is {}, not an object", raw.kind());
                return Err(Fault::fatal(at, message));
            }
        };
        self.remarks.keys(at, &set.keys);
        let (key, list) = if set.package.is_absent() {
            ("packages", set.packages)
        } else {
            ("package", set.package)
        };
        let at = at.key(key);
        let list = match list {
            Items::Found(list) => list,
            Items::Other(Raw::Absent | Raw::Object { empty: true }) => return Ok(Vec::new()),
            Items::Other(raw) => {
                let message = format!("the packages are {}, not a list", raw.kind());
                return Err(Fault::fatal(at, message));
            }
        };
        let packages =
            list.into_iter().enumerate().map(|(index, raw)| self.package(&at.index(index), raw));
        Ok(distinct(packages.collect::<Result<_, _>>()?))
    }

    fn package(
        &mut self,
        at: &At<'_>,
        raw: Field<'_, Object<RawPackage<'_>>>,
    ) -> Result<EventPackage, Fault> {
        let raw = match raw {
            Field::Found(Object(raw)) => raw,
            Field::Other(raw) => {
                return Err(Fault::fatal(
                    at,
                    format!("the package is {}, not an object", raw.kind()),
                ));
            }
        };
        self.remarks.keys(at, &raw.keys);
        if !matches!(raw.module_stream, Raw::Absent | Raw::Null | Raw::List { empty: true }) {
            self.remarks.tally(codes::OLD_SPELLING, Level::Warning, "", || {
                let message = "`module_stream` is not read; leapp knows `modulestreams`";
                (at.key("module_stream").to_string(), message.to_owned())
            });
        }
        let name = text_field(&at.key("name"), &raw.name)?;
        let name = PackageName::new(name)
            .map_err(|error| Fault::invalid(at.key("name"), error.to_string()))?;
        let repository = self.repository(&at.key("repository"), &raw.repository)?;
        let streams = self.streams(at, raw.modulestreams, raw.modulestream)?;
        Ok(EventPackage { name, repository, streams })
    }

    fn repository(&mut self, at: &At<'_>, raw: &Raw<'_>) -> Result<PesId, Fault> {
        let id = text_field(at, raw)?;
        if let Some(known) = self.pesids.get(id) {
            return Ok(known.clone());
        }
        if id.contains(['{', '}']) {
            let message = format!("{:?} is a placeholder that was never filled in", short(id));
            return Err(Fault::invalid(at, message));
        }
        let id = PesId::new(id).map_err(|error| Fault::invalid(at, error.to_string()))?;
        self.pesids.insert(id.clone());
        Ok(id)
    }

    fn streams(
        &mut self,
        at: &At<'_>,
        list: Items<'_, Field<'_, Object<RawStream<'_>>>>,
        single: Field<'_, Object<RawStream<'_>>>,
    ) -> Result<Vec<Option<ModuleStream>>, Fault> {
        let at_list = at.key("modulestreams");
        let list = match list {
            Items::Found(list) => list,
            Items::Other(raw) if raw.is_falsy() => Vec::new(),
            Items::Other(raw) => {
                let message = format!("the module streams are {}, not a list", raw.kind());
                return Err(Fault::fatal(at_list, message));
            }
        };
        if list.is_empty() {
            return Ok(vec![match single {
                Field::Found(stream) => {
                    self.stream(&at.key("modulestream"), Field::Found(stream))?
                }
                Field::Other(raw) => {
                    if !raw.is_falsy() {
                        let message = format!("`modulestream` is {}; ignored", raw.kind());
                        let place = at.key("modulestream");
                        self.remarks.push(codes::ODD_STREAM, Level::Warning, place, message);
                    }
                    None
                }
            }]);
        }
        let mut streams = Vec::with_capacity(list.len());
        for (index, raw) in list.into_iter().enumerate() {
            streams.push(self.stream(&at_list.index(index), raw)?);
        }
        let mut seen = BTreeSet::new();
        let fresh: Vec<bool> = streams.iter().map(|stream| seen.insert(stream)).collect();
        drop(seen);
        let mut fresh = fresh.into_iter();
        streams.retain(|_| fresh.next().unwrap_or(true));
        Ok(streams)
    }

    fn stream(
        &mut self,
        at: &At<'_>,
        raw: Field<'_, Object<RawStream<'_>>>,
    ) -> Result<Option<ModuleStream>, Fault> {
        match raw {
            Field::Found(Object(raw)) if raw == RawStream::default() => Ok(None),
            Field::Found(Object(raw)) => {
                self.remarks.keys(at, &raw.keys);
                let name = text_field(&at.key("name"), &raw.name)?.to_owned();
                let stream = text_field(&at.key("stream"), &raw.stream)?.to_owned();
                Ok(Some(ModuleStream { name, stream }))
            }
            Field::Other(raw) if raw.is_falsy() => Ok(None),
            Field::Other(raw) => {
                Err(Fault::fatal(at, format!("the module stream is {}, not an object", raw.kind())))
            }
        }
    }

    fn maps(
        &mut self,
        at: &At<'_>,
        raw: Items<'_, Field<'_, Object<RawMap<'_>>>>,
    ) -> Result<Vec<StreamMap>, Fault> {
        let list = match raw {
            Items::Found(list) => list,
            Items::Other(raw) if raw.is_falsy() => return Ok(Vec::new()),
            Items::Other(raw) => {
                return Err(Fault::fatal(at, format!("the maps are {}, not a list", raw.kind())));
            }
        };
        let mut maps = Vec::with_capacity(list.len());
        for (index, raw) in list.into_iter().enumerate() {
            let at = at.index(index);
            let Field::Found(Object(raw)) = raw else {
                return Err(Fault::fatal(at, "the map of module streams is not an object"));
            };
            self.remarks.keys(&at, &raw.keys);
            let from = self.stream(&at.key("in_modulestream"), raw.in_modulestream)?;
            let to = self.stream(&at.key("out_modulestream"), raw.out_modulestream)?;
            maps.push((from, to));
        }
        Ok(maps)
    }

    fn release(
        &mut self,
        at: &At<'_>,
        raw: Field<'_, Object<RawRelease<'_>>>,
    ) -> Result<EventRelease, Fault> {
        let raw = match raw {
            Field::Found(Object(raw)) if raw == RawRelease::default() => {
                return Ok(EventRelease::default());
            }
            Field::Found(Object(raw)) => raw,
            Field::Other(raw) if raw.is_falsy() => return Ok(EventRelease::default()),
            Field::Other(raw) => {
                return Err(Fault::fatal(
                    at,
                    format!("the release is {}, not an object", raw.kind()),
                ));
            }
        };
        self.remarks.keys(at, &raw.keys);
        let os_name = match raw.os_name {
            Raw::Text(name) => Some(name.into_owned()),
            other => {
                self.odd_value(&at.key("os_name"), &other, "a string");
                None
            }
        };
        let major = version(&at.key("major_version"), &raw.major_version)?;
        let minor = version(&at.key("minor_version"), &raw.minor_version)?;
        Ok(EventRelease { major, minor, os_name })
    }

    fn odd_value(&mut self, at: &At<'_>, raw: &Raw<'_>, wanted: &str) {
        if !matches!(raw, Raw::Absent | Raw::Null) {
            let message =
                format!("the value is {}, not {wanted}; leapp does not read it", raw.kind());
            self.remarks.push(codes::ODD_VALUE, Level::Warning, at, message);
        }
    }

    /// leapp does not look at `arches`, so nothing in it makes a file invalid.
    fn arches(&mut self, at: &At<'_>, raw: Items<'_, Raw<'_>>) -> Vec<Arch> {
        let list = match raw {
            Items::Found(list) => list,
            Items::Other(raw) => {
                if !raw.is_falsy() {
                    let message = format!("`arches` is {}, not a list; ignored", raw.kind());
                    self.remarks.push(codes::BAD_ARCHES, Level::Warning, at, message);
                }
                return Vec::new();
            }
        };
        let mut arches = Vec::new();
        for (index, raw) in list.iter().enumerate() {
            match accepted_arch(raw) {
                Some(arch) => arches.push(arch),
                None => {
                    let message = format!("{} is no architecture of a host; ignored", shown(raw));
                    self.remarks.push(codes::BAD_ARCHES, Level::Warning, at.index(index), message);
                }
            }
        }
        arches
    }
}

#[cfg(test)]
mod tests;
