//! Reading an event file (formats.md 1.1 to 1.4).

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::de::MapAccess;

use super::{Action, EventFile, EventPackage, EventRelease, PackageEvent};
use crate::model::{Arch, ModuleStream, PackageName, PesId};
use crate::upgrade_data::asset::{Document, Fault, read_document, text_of};
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
        let approved = match raw.is_approved {
            Raw::Bool(approved) => Some(approved),
            _ => None,
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
        let name = text(&at.key("name"), &raw.name)?;
        let name = PackageName::new(name)
            .map_err(|error| Fault::invalid(at.key("name"), error.to_string()))?;
        let repository = self.repository(&at.key("repository"), &raw.repository)?;
        let streams = self.streams(at, raw.modulestreams, raw.modulestream)?;
        Ok(EventPackage { name, repository, streams })
    }

    fn repository(&mut self, at: &At<'_>, raw: &Raw<'_>) -> Result<PesId, Fault> {
        let id = text(at, raw)?;
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
                let name = text(&at.key("name"), &raw.name)?.to_owned();
                let stream = text(&at.key("stream"), &raw.stream)?.to_owned();
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
            _ => None,
        };
        let major = version(&at.key("major_version"), &raw.major_version)?;
        let minor = version(&at.key("minor_version"), &raw.minor_version)?;
        Ok(EventRelease { major, minor, os_name })
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

/// Each (name, streams) once; the first keeps its repository.
fn distinct(mut packages: Vec<EventPackage>) -> Vec<EventPackage> {
    if packages.len() > 1 {
        let mut seen = BTreeSet::new();
        let fresh: Vec<bool> =
            packages.iter().map(|package| seen.insert((&package.name, &package.streams))).collect();
        drop(seen);
        let mut fresh = fresh.into_iter();
        packages.retain(|_| fresh.next().unwrap_or(true));
    }
    packages
}

fn action(at: &At<'_>, raw: &Raw<'_>) -> Result<Action, Fault> {
    match raw {
        Raw::Int(number) => Action::from_number(*number).ok_or_else(|| {
            Fault::invalid(at, format!("there is no action {number}; 0 to 8 exist"))
        }),
        Raw::Absent => Err(Fault::invalid(at, "the event has no `action`")),
        raw => Err(Fault::fatal(
            at,
            format!("the action is {}, not an integer from 0 to 8", raw.kind()),
        )),
    }
}

fn version(at: &At<'_>, raw: &Raw<'_>) -> Result<u32, Fault> {
    match raw {
        Raw::Int(number) => u32::try_from(*number)
            .map_err(|_| Fault::invalid(at, format!("{number} is no part of a release"))),
        Raw::Absent => Err(Fault::invalid(at, "a release needs both major and minor version")),
        raw => Err(Fault::fatal(at, format!("the version is {}, not an integer", raw.kind()))),
    }
}

fn architectures(at: &At<'_>, raw: Items<'_, Raw<'_>>) -> Result<Vec<Arch>, Fault> {
    let list = match raw {
        Items::Found(list) => list,
        Items::Other(raw) if raw.is_falsy() => return Ok(Vec::new()),
        Items::Other(Raw::Text(text)) => {
            return Err(Fault::invalid(
                at,
                format!("the architectures are the string {:?}, not a list", short(&text)),
            ));
        }
        Items::Other(raw) => {
            return Err(Fault::fatal(
                at,
                format!("the architectures are {}, not a list", raw.kind()),
            ));
        }
    };
    let arch = |(index, raw): (usize, &Raw<'_>)| {
        accepted_arch(raw).ok_or_else(|| {
            let message = format!("{} is none of x86_64, aarch64, ppc64le and s390x", shown(raw));
            match raw {
                Raw::Text(_) => Fault::invalid(at.index(index), message),
                _ => Fault::fatal(at.index(index), message),
            }
        })
    };
    list.iter().enumerate().map(arch).collect()
}

fn accepted_arch(raw: &Raw<'_>) -> Option<Arch> {
    let Raw::Text(text) = raw else { return None };
    Arch::SUPPORTED.into_iter().find(|arch| arch.as_str() == text)
}

fn shown(raw: &Raw<'_>) -> String {
    match raw {
        Raw::Text(text) => format!("{:?}", short(text)),
        Raw::Int(number) => number.to_string(),
        raw => raw.kind().to_owned(),
    }
}

fn text<'r>(at: &At<'_>, raw: &'r Raw<'_>) -> Result<&'r str, Fault> {
    match raw {
        Raw::Text(text) => Ok(text),
        Raw::Absent => Err(Fault::invalid(at, "the field is missing")),
        raw => Err(Fault::invalid(at, format!("is {}, not a string", raw.kind()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upgrade_data::{Place, Problem, Remark};

    fn events(text: &str) -> (Result<EventFile, DataError>, Vec<Remark>) {
        let mut remarks = Remarks::new("pes-events.json");
        let file = read("pes-events.json", text.as_bytes(), &mut remarks).map(|(file, _)| file);
        (file, remarks.finish())
    }

    fn one(event: &str) -> Result<PackageEvent, DataError> {
        events(&format!("{{\"packageinfo\": [{event}]}}")).0.map(|mut file| file.events.remove(0))
    }

    #[test]
    fn an_event_needs_no_more_than_an_action() {
        let event = one(r#"{"action": 4, "architectures": ["x86_64", "s390x"]}"#).unwrap();
        assert_eq!((&*event.id, event.action), ("0", Action::Split));
        assert_eq!((event.from, event.to), Default::default());
        assert_eq!(event.architectures, [Arch::X86_64, Arch::S390x]);
    }

    #[test]
    fn empty_sets_are_spelled_in_many_ways() {
        for set in ["null", "{}", r#"{"set_id": 0}"#, r#"{"package": []}"#] {
            let event = one(&format!(r#"{{"action": 1, "in_packageset": {set}}}"#)).unwrap();
            assert_eq!(event.inputs, [], "{set}");
        }
    }

    #[test]
    fn packages_is_read_where_package_is_absent() {
        let event = r#"{"action": 1, "in_packageset": {"packages": [
            {"name": "a", "repository": "base"}, {"name": "a", "repository": "other"}]}}"#;
        let event = one(event).unwrap();
        assert_eq!(event.inputs.len(), 1);
        assert_eq!(event.inputs[0].repository.as_str(), "base");
        assert_eq!(event.inputs[0].streams, [None]);
    }

    #[test]
    fn streams_come_from_a_list_or_one_object_and_never_from_the_old_spelling() {
        let package = |streams: &str| {
            let event = format!(
                r#"{{"action": 1, "in_packageset": {{"package": [{{"name": "a", "repository": "b", {streams}}}]}}}}"#
            );
            one(&event).unwrap().inputs.remove(0).streams
        };
        let stream = Some(ModuleStream { name: "m".into(), stream: "1".into() });
        assert_eq!(
            package(r#""modulestreams": [null, {}, {"name": "m", "stream": "1"}]"#),
            [None, stream.clone()]
        );
        assert_eq!(
            package(r#""modulestreams": [], "modulestream": {"name": "m", "stream": "1"}"#),
            [stream]
        );
        assert_eq!(package(r#""module_stream": {"name": "m", "stream": "1"}"#), [None]);
    }

    #[test]
    fn what_kills_leapp_differs_from_what_it_refuses() {
        let release = |text: &str| one(&format!(r#"{{"action": 1, "release": {text}}}"#));
        let fatal = [
            one("7"),
            one(r#"{"action": "1"}"#),
            release(r#"{"major_version": 8, "minor_version": null}"#),
        ];
        for event in fatal {
            assert!(matches!(event.unwrap_err().problem, Problem::Fatal(_)));
        }
        let invalid = [
            one(r#"{"action": 9}"#),
            one(r#"{"action": -1}"#),
            one("{}"),
            one(r#"{"action": 1, "architectures": ["noarch"]}"#),
            release(r#"{"major_version": 8}"#),
        ];
        for event in invalid {
            assert!(matches!(event.unwrap_err().problem, Problem::Invalid(_)));
        }
    }

    #[test]
    fn an_error_names_record_field_line_and_column() {
        let text = "{\"packageinfo\": [\n {\"action\": 1},\n {\"action\": 1, \"in_packageset\":\n {\"package\": [{\"repository\": \"b\",\n \"name\": 3}]}}]}";
        let error = events(text).0.unwrap_err();
        let field = "packageinfo[1].in_packageset.package[0].name".to_owned();
        assert!(
            matches!(&error.place, Place::Field(place, Some((5, _))) if *place == field),
            "{error}"
        );
    }

    #[test]
    fn a_placeholder_is_refused() {
        let event = r#"{"action": 1, "out_packageset": {"package": [{"name": "a", "repository": "{baseos}"}]}}"#;
        let error = one(event).unwrap_err();
        assert!(error.to_string().contains("placeholder"), "{error}");
    }

    #[test]
    fn arches_is_kept_apart_and_never_makes_a_file_invalid() {
        let (file, remarks) =
            events(r#"{"packageinfo": [{"action": 1, "arches": ["aarch64", "vax"]}]}"#);
        let event = &file.unwrap().events[0];
        assert_eq!((event.architectures.len(), &event.arches[..]), (0, &[Arch::Aarch64][..]));
        assert_eq!(remarks[0].code, codes::BAD_ARCHES);
    }

    #[test]
    fn unknown_keys_are_counted_not_repeated() {
        let (file, remarks) = events(
            r#"{"packageinfo": [{"action": 1, "colour": 1}, {"action": 1, "colour": 2}], "extra": 1}"#,
        );
        assert_eq!(file.unwrap().events.len(), 2);
        let places: Vec<_> = remarks.iter().map(|remark| (&*remark.place, remark.code)).collect();
        assert_eq!(places, [("extra", "unknown-key"), ("packageinfo[0].colour", "unknown-key")]);
        assert!(remarks[1].message.contains("2 times"), "{}", remarks[1].message);
    }

    #[test]
    fn streams_that_multiply_beyond_reason_are_refused() {
        let streams: Vec<String> =
            (0..3000).map(|n| format!(r#"{{"name": "m", "stream": "{n}"}}"#)).collect();
        let event = format!(
            r#"{{"action": 1, "in_packageset": {{"package": [{{"name": "a", "repository": "b", "modulestreams": [{}]}}]}}}}"#,
            streams.join(",")
        );
        assert!(one(&event).unwrap_err().to_string().contains("multiply"));
    }
}
