//! One package in JSON: its full name as a text, or an object of fields.

use std::borrow::Cow;

use super::super::collect::{At, Collector, beginning};
use super::super::roles::{self, Role};
use super::super::{ListingError, Shape, table};
use super::tree::{Json, Object};
use crate::model::ModuleStream;

/// Reads a package; what is none is reported with its place.
pub(super) fn read(
    shape: Shape,
    place: &str,
    value: &Json<'_>,
    collector: &mut Collector,
) -> Result<(), ListingError> {
    match value {
        Json::Object(fields) => read_fields(shape, place, fields, collector),
        Json::Text(text) => {
            let cells = [Cow::Borrowed(text.trim())];
            if let Err(why) = roles::take(At::Place(place), &cells, &[Role::Nevra], collector)? {
                collector.unread(At::Place(place), text, why);
            }
            Ok(())
        }
        other => {
            let why = format!("is {}, not a package", other.what());
            collector.unread(At::Place(place), "", why);
            Ok(())
        }
    }
}

/// What a field means.
enum Field {
    Role(Role),
    Module,
    Stream,
    /// `module:stream:version:context`.
    ModularityLabel,
    /// Understood and not held; the text names it.
    Ignored(String),
}

/// vuls gives the repository of the available update, not of the installed
/// package, so it says nothing about where the package came from; trivy's
/// `Repository` is the class of an image.
fn meaning(shape: Shape, name: &str) -> Field {
    let lower = name.to_lowercase();
    match (shape, lower.as_str()) {
        (Shape::Vuls, "repository") => {
            Field::Ignored("repository (of the available update)".to_owned())
        }
        (Shape::Trivy, "repository" | "id") => Field::Ignored(name.to_owned()),
        (_, "maintainer") => Field::Role(Role::Vendor),
        (_, "module") => Field::Module,
        (_, "stream") => Field::Stream,
        (_, "modularitylabel") => Field::ModularityLabel,
        _ => match table::role_of(0, name) {
            Role::Ignored(_) => Field::Ignored(beginning(name)),
            role => Field::Role(role),
        },
    }
}

/// Reads a package that is an object of fields.
pub(super) fn read_fields(
    shape: Shape,
    place: &str,
    fields: &Object<'_>,
    collector: &mut Collector,
) -> Result<(), ListingError> {
    fields.report_repeated(place, collector);
    let Some(Gathered { values, module, stream }) = gather(shape, place, fields, collector) else {
        return Ok(());
    };
    let found = roles::package(values.iter().map(|(text, role)| (text.trim(), role)));
    let (mut package, faults) = match found {
        Ok(found) => found,
        Err(why) => {
            collector.unread(At::Place(place), &summary(&values), why);
            return Ok(());
        }
    };
    for why in faults {
        collector.unread(At::Place(place), &package.nevra(), why);
    }
    match (module.filter(|m| !m.is_empty()), stream.filter(|s| !s.is_empty())) {
        (Some(name), Some(stream)) => {
            package.module = Some(ModuleStream { name: name.into(), stream: stream.into() });
        }
        (None, None) => {}
        _ => {
            let why = "has a module without stream or a stream without module; neither is taken";
            collector.unread(At::Place(place), &package.nevra(), why);
        }
    }
    collector.add(At::Place(place), package)
}

/// The values of a package by what they mean.
#[derive(Default)]
struct Gathered<'v> {
    values: Vec<(Cow<'v, str>, Role)>,
    module: Option<Cow<'v, str>>,
    stream: Option<Cow<'v, str>>,
}

/// Sorts fields by meaning. `None`, reported, where a part of the full name is
/// neither a text nor a number.
fn gather<'v>(
    shape: Shape,
    place: &str,
    fields: &'v Object<'_>,
    collector: &mut Collector,
) -> Option<Gathered<'v>> {
    let mut gathered = Gathered::default();
    for (name, value) in fields.iter() {
        let meaning = match meaning(shape, name) {
            Field::Ignored(what) => {
                collector.ignored(&what);
                continue;
            }
            meaning => meaning,
        };
        match scalar(value) {
            Ok(Some(text)) => gathered.put(meaning, text),
            Ok(None) => {}
            Err(why) => {
                let field = format!("{place}.{}", beginning(name));
                collector.unread(At::Place(field.trim_start_matches('.')), "", why);
                if matches!(meaning, Field::Role(role) if roles::is_full_name(&role)) {
                    return None;
                }
            }
        }
    }
    // An epoch in the version (vuls) must not be undone by an epoch field.
    gathered.values.sort_by_key(|(_, role)| *role != Role::Epoch);
    Some(gathered)
}

impl<'v> Gathered<'v> {
    fn put(&mut self, meaning: Field, text: Cow<'v, str>) {
        match meaning {
            Field::Role(role) => self.values.push((text, role)),
            Field::Module => self.module = Some(text),
            Field::Stream => self.stream = Some(text),
            Field::ModularityLabel => {
                let mut parts = text.split(':').map(|part| Cow::Owned(part.to_owned()));
                (self.module, self.stream) = (parts.next(), parts.next());
            }
            Field::Ignored(_) => {}
        }
    }
}

/// A text or a number as text; nothing for null.
fn scalar<'v>(value: &'v Json<'_>) -> Result<Option<Cow<'v, str>>, String> {
    match value {
        Json::Null => Ok(None),
        Json::Text(text) => Ok(Some(Cow::Borrowed(text))),
        Json::Number(number) => Ok(Some(Cow::Owned(number.to_string()))),
        Json::OtherNumber => {
            Err("is a number that is negative, a fraction or too large".to_owned())
        }
        other => Err(format!("is {}, not a text or a number", other.what())),
    }
}

fn summary(values: &[(Cow<'_, str>, Role)]) -> String {
    let full_name = values.iter().filter(|(_, role)| roles::is_full_name(role));
    let texts: Vec<&str> = full_name.map(|(text, _)| text.as_ref()).collect();
    texts.join(" ")
}
