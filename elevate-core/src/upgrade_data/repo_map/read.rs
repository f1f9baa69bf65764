//! Reading a repository map (formats.md 2.1, 2.2).

mod target;

use std::collections::{BTreeMap, BTreeSet};

use serde::de::MapAccess;

use self::target::RawTarget;
use super::{Channel, MapEntry, RepoKind, RepoMap, Rhui};
use crate::model::{PesId, RepoId};
use crate::upgrade_data::asset::{Document, Fault, read_document, text_field, text_of};
use crate::upgrade_data::locate::At;
use crate::upgrade_data::raw::{Each, Field, Items, Object, Raw, raw_object};
use crate::upgrade_data::remark::{Remarks, codes, short};
use crate::upgrade_data::{DataError, Level, Streams};

/// The most families or mapping blocks a file may have. Real ones have 74.
const MOST: usize = 2_000;

/// The most targets all mappings may have together. Real ones have 200.
const MOST_TARGETS: usize = 200_000;

raw_object! {
    RawFamily {
        pesid: Raw<'a>,
        entries: Items<'a, Field<'a, Object<RawEntry<'a>>>>,
    } ignored []
}
raw_object! {
    RawEntry {
        repoid: Raw<'a>,
        major_version: Raw<'a>,
        arch: Raw<'a>,
        repo_type: Raw<'a>,
        channel: Raw<'a>,
        rhui: Raw<'a>,
        distro: Raw<'a>,
    } ignored []
}
raw_object! {
    RawBlock {
        source_major_version: Raw<'a>,
        target_major_version: Raw<'a>,
        entries: Items<'a, Field<'a, Object<RawMapping<'a>>>>,
    } ignored []
}
raw_object! {
    RawMapping { source: Raw<'a>, target: RawTarget<'a>, } ignored []
}

/// What the versions of the format differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Version {
    /// 1.0.0, 1.1.0, 1.2.0
    UpTo120,
    /// 1.2.1, the only one leapp 0.21 accepts
    V121,
    /// 1.3.0: a distribution for each repository
    V130,
    /// 2.0.0: targets for each distribution
    V200,
}

/// Reads a repository map. The families of a mapping must exist. Of the targets
/// by distribution of version 2.0.0 the `default` list is kept; the others
/// become a remark.
pub(in super::super) fn read(
    path: &str,
    bytes: &[u8],
    remarks: &mut Remarks,
) -> Result<(RepoMap, Streams), DataError> {
    let text = text_of(path, bytes)?;
    let mut format = FormatField::default();
    read_document(path, text, &mut format, &mut Remarks::new(path))?;
    let (version, version_format) = format.judge().map_err(|fault| fault.in_text(path, text))?;
    let map = RepoMap { path: path.to_owned(), version_format, ..RepoMap::default() };
    let mut reader = Reader {
        version,
        map,
        remarks,
        families: BTreeSet::new(),
        mapped: Vec::new(),
        repositories: Part::default(),
        mapping: Part::default(),
    };
    let mut unknown = Remarks::new(path);
    let streams = read_document(path, text, &mut reader, &mut unknown)?;
    reader.remarks.append(unknown);
    reader.finish().map(|map| (map, streams)).map_err(|fault| fault.in_text(path, text))
}

#[derive(Default)]
struct FormatField<'a> {
    version: Raw<'a>,
}

impl<'de> Document<'de> for FormatField<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error> {
        if key == "version_format" {
            self.version = map.next_value()?;
        }
        Ok(key == "version_format")
    }
}

impl FormatField<'_> {
    fn judge(self) -> Result<(Version, String), Fault> {
        let at = "version_format";
        let Raw::Text(text) = &self.version else {
            return Err(match self.version {
                Raw::Absent => Fault::invalid("", "has no `version_format`"),
                raw => Fault::invalid(at, format!("the version is {}, not a string", raw.kind())),
            });
        };
        let version = match &**text {
            "1.0.0" | "1.1.0" | "1.2.0" => Version::UpTo120,
            "1.2.1" => Version::V121,
            "1.3.0" => Version::V130,
            "2.0.0" => Version::V200,
            _ => {
                let text = short(text);
                let message = format!(
                    "version {text:?} of the format is unknown; 1.0.0 to 1.2.1, 1.3.0 and 2.0.0 can be read"
                );
                return Err(Fault::invalid(at, message));
            }
        };
        Ok((version, text.clone().into_owned()))
    }
}

/// One of the two lists: whether it was there, and the first fault in it.
#[derive(Default)]
struct Part<'a> {
    list: Field<'a, usize>,
    fault: Option<Fault>,
}

impl Part<'_> {
    fn fault(&self, name: &str) -> Option<Fault> {
        if let Some(fault) = &self.fault {
            return Some(fault.clone());
        }
        match &self.list {
            Field::Found(_) => None,
            Field::Other(Raw::Absent) => Some(Fault::invalid("", format!("has no list `{name}`"))),
            Field::Other(raw) => {
                Some(Fault::fatal(name, format!("`{name}` is {}, not a list", raw.kind())))
            }
        }
    }
}

struct Reader<'r, 'a> {
    version: Version,
    map: RepoMap,
    remarks: &'r mut Remarks,
    families: BTreeSet<PesId>,
    /// Every family a mapping names, with its place.
    mapped: Vec<(PesId, String)>,
    repositories: Part<'a>,
    mapping: Part<'a>,
}

impl<'de> Document<'de> for Reader<'_, 'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error> {
        match key {
            "version_format" => {
                map.next_value::<Raw<'de>>()?;
            }
            "repositories" => {
                if !self.repositories.list.is_absent() {
                    self.repositories.fault = Some(twice(key));
                }
                let each = Each::new(MOST, |index, raw| self.family_at(index, raw));
                self.repositories.list = map.next_value_seed(each)?;
            }
            "mapping" => {
                if !self.mapping.list.is_absent() {
                    self.mapping.fault = Some(twice(key));
                }
                let each = Each::new(MOST, |index, raw| self.block_at(index, raw));
                self.mapping.list = map.next_value_seed(each)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn twice(key: &str) -> Fault {
    Fault::invalid(key, format!("the file has two lists `{key}`"))
}

impl Reader<'_, '_> {
    /// leapp judges the repositories before the mapping.
    fn finish(mut self) -> Result<RepoMap, Fault> {
        if let Some(fault) = self.repositories.fault("repositories") {
            return Err(fault);
        }
        if let Some(fault) = self.mapping.fault("mapping") {
            return Err(fault);
        }
        for (pesid, place) in std::mem::take(&mut self.mapped) {
            if !self.families.contains(&pesid) {
                let message = format!("no repository belongs to the family {pesid}");
                return Err(Fault::invalid(place, message));
            }
        }
        Ok(self.map)
    }

    fn family_at(&mut self, index: usize, raw: Field<'_, Object<RawFamily<'_>>>) {
        if self.repositories.fault.is_none() {
            let list = At::top("repositories");
            self.repositories.fault = self.family(&list.index(index), raw).err();
        }
    }

    fn block_at(&mut self, index: usize, raw: Field<'_, Object<RawBlock<'_>>>) {
        if self.mapping.fault.is_none() {
            let list = At::top("mapping");
            self.mapping.fault = self.block(&list.index(index), raw).err();
        }
    }

    fn family(&mut self, at: &At<'_>, raw: Field<'_, Object<RawFamily<'_>>>) -> Result<(), Fault> {
        let raw = object(at, raw, "family")?;
        self.remarks.keys(at, &raw.keys);
        let pesid = pesid(&at.key("pesid"), &raw.pesid)?;
        let list = at.key("entries");
        let entries = items(&list, raw.entries)?;
        if entries.is_empty() {
            let message = format!("the family {pesid} has no repository");
            self.remarks.push(codes::EMPTY_FAMILY, Level::Warning, at, message);
        }
        for (index, raw) in entries.into_iter().enumerate() {
            let entry = self.entry(&list.index(index), &pesid, raw)?;
            self.map.repositories.push(entry);
        }
        self.families.insert(pesid);
        Ok(())
    }

    fn entry(
        &mut self,
        at: &At<'_>,
        pesid: &PesId,
        raw: Field<'_, Object<RawEntry<'_>>>,
    ) -> Result<MapEntry, Fault> {
        let raw = object(at, raw, "repository")?;
        self.remarks.keys(at, &raw.keys);
        let repoid = text_field(&at.key("repoid"), &raw.repoid)?;
        no_placeholder(&at.key("repoid"), repoid)?;
        let repoid = RepoId::new(repoid)
            .map_err(|error| Fault::invalid(at.key("repoid"), error.to_string()))?;
        let arch = one_of(&at.key("arch"), &raw.arch, &ARCHES)?;
        let kind = one_of(&at.key("repo_type"), &raw.repo_type, &KINDS)?;
        let channel = self.channel(&at.key("channel"), &raw.channel)?;
        Ok(MapEntry {
            pesid: pesid.clone(),
            repoid,
            major: text_field(&at.key("major_version"), &raw.major_version)?.to_owned(),
            arch: arch.to_owned(),
            kind,
            channel,
            rhui: self.rhui(&at.key("rhui"), &raw.rhui)?,
            distro: self.distro(&at.key("distro"), &raw.distro)?,
        })
    }

    fn channel(&self, at: &At<'_>, raw: &Raw<'_>) -> Result<Channel, Fault> {
        let channel = one_of(at, raw, &Channel::SPELLINGS)?;
        if channel == Channel::Tuv && self.version >= Version::V121 {
            return Err(Fault::invalid(at, "the channel \"tuv\" does not exist from 1.2.1 on"));
        }
        Ok(channel)
    }

    fn rhui(&self, at: &At<'_>, raw: &Raw<'_>) -> Result<Rhui, Fault> {
        if raw.is_absent() {
            return Ok(Rhui::default());
        }
        let provider = if self.version >= Version::V130 {
            text_field(at, raw)?
        } else {
            one_of(at, raw, &PROVIDERS)?
        };
        Ok(Rhui(provider.to_owned()))
    }

    fn distro(&mut self, at: &At<'_>, raw: &Raw<'_>) -> Result<Option<String>, Fault> {
        if self.version >= Version::V130 {
            return Ok(Some(text_field(at, raw)?.to_owned()));
        }
        if !raw.is_absent() {
            self.remarks.unknown_key("distro", || at.to_string());
        }
        Ok(None)
    }

    fn block(&mut self, at: &At<'_>, raw: Field<'_, Object<RawBlock<'_>>>) -> Result<(), Fault> {
        let raw = object(at, raw, "block")?;
        self.remarks.keys(at, &raw.keys);
        let source = major(&at.key("source_major_version"), &raw.source_major_version)?;
        let target = major(&at.key("target_major_version"), &raw.target_major_version)?;
        let list = at.key("entries");
        let entries = items(&list, raw.entries)?;
        let mut block: BTreeMap<PesId, BTreeSet<PesId>> = BTreeMap::new();
        for (index, raw) in entries.into_iter().enumerate() {
            let (source, targets) = self.mapping(&list.index(index), raw)?;
            block.entry(source).or_default().extend(targets);
        }
        let merged = self.map.mappings.entry((source, target)).or_default();
        for (source, targets) in block {
            merged.entry(source).or_default().extend(targets);
        }
        Ok(())
    }

    fn mapping(
        &mut self,
        at: &At<'_>,
        raw: Field<'_, Object<RawMapping<'_>>>,
    ) -> Result<(PesId, Vec<PesId>), Fault> {
        let raw = object(at, raw, "mapping")?;
        self.remarks.keys(at, &raw.keys);
        let source = pesid(&at.key("source"), &raw.source)?;
        self.mapped.push((source.clone(), at.key("source").to_string()));
        let at = at.key("target");
        let list = self.targets(&at, raw.target)?;
        if self.mapped.len() + list.len() > MOST_TARGETS {
            let message = format!("the mappings have more than {MOST_TARGETS} targets");
            return Err(Fault::invalid(at, message));
        }
        let mut targets = Vec::with_capacity(list.len());
        for (index, raw) in list.iter().enumerate() {
            let target = pesid(&at.index(index), raw)?;
            self.mapped.push((target.clone(), at.index(index).to_string()));
            targets.push(target);
        }
        Ok((source, targets))
    }

    fn targets<'a>(&mut self, at: &At<'_>, raw: RawTarget<'a>) -> Result<Vec<Raw<'a>>, Fault> {
        match raw {
            RawTarget::List(list) if self.version < Version::V200 => Ok(list),
            RawTarget::Distros { default: Items::Found(default), others }
                if self.version >= Version::V200 =>
            {
                for distro in others {
                    self.remarks.tally(codes::DISTRO_TARGETS, Level::Warning, &distro, || {
                        let distro = short(&distro);
                        let message = format!(
                            "the targets for {distro} are not read, those under `default` are"
                        );
                        (at.to_string(), message)
                    });
                }
                Ok(default)
            }
            RawTarget::Other(Raw::Absent) => Err(Fault::invalid(at, "the field is missing")),
            _ if self.version >= Version::V200 => {
                Err(Fault::invalid(at, "the target is not an object with a list `default`"))
            }
            _ => Err(Fault::invalid(at, "the target is not a list of families")),
        }
    }
}

const ARCHES: [(&str, &str); 4] =
    [("x86_64", "x86_64"), ("aarch64", "aarch64"), ("ppc64le", "ppc64le"), ("s390x", "s390x")];
const KINDS: [(&str, RepoKind); 3] =
    [("rpm", RepoKind::Rpm), ("debug", RepoKind::Debug), ("srpm", RepoKind::Srpm)];
const PROVIDERS: [(&str, &str); 5] =
    [("", ""), ("aws", "aws"), ("azure", "azure"), ("google", "google"), ("alibaba", "alibaba")];

fn one_of<T: Copy>(at: &At<'_>, raw: &Raw<'_>, known: &[(&str, T)]) -> Result<T, Fault> {
    let wanted = text_field(at, raw)?;
    known.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<String> = known.iter().map(|(name, _)| format!("{name:?}")).collect();
        let wanted = short(wanted);
        Fault::invalid(at, format!("{wanted:?} is none of {}", names.join(", ")))
    })
}

fn object<T>(at: &At<'_>, raw: Field<'_, Object<T>>, what: &str) -> Result<T, Fault> {
    match raw {
        Field::Found(Object(value)) => Ok(value),
        Field::Other(raw) => {
            Err(Fault::fatal(at, format!("the {what} is {}, not an object", raw.kind())))
        }
    }
}

fn items<T>(at: &At<'_>, raw: Items<'_, T>) -> Result<Vec<T>, Fault> {
    match raw {
        Items::Found(list) => Ok(list),
        Items::Other(Raw::Absent) => Err(Fault::invalid(at, "the field is missing")),
        Items::Other(raw) => {
            Err(Fault::fatal(at, format!("the value is {}, not a list", raw.kind())))
        }
    }
}

/// Numbers happen to work in leapp here, and only here.
fn major(at: &At<'_>, raw: &Raw<'_>) -> Result<String, Fault> {
    match raw {
        Raw::Int(number) => Ok(number.to_string()),
        raw => text_field(at, raw).map(str::to_owned),
    }
}

fn pesid(at: &At<'_>, raw: &Raw<'_>) -> Result<PesId, Fault> {
    let id = text_field(at, raw)?;
    no_placeholder(at, id)?;
    PesId::new(id).map_err(|error| Fault::invalid(at, error.to_string()))
}

fn no_placeholder(at: &At<'_>, text: &str) -> Result<(), Fault> {
    if text.contains(['{', '}']) {
        let text = short(text);
        let message = format!("{text:?} is a placeholder that was never filled in");
        return Err(Fault::invalid(at, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
