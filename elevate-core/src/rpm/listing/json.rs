//! Lists that are JSON.

mod osbuild;
mod package;
mod tree;

use super::collect::{At, Collector};
use super::{ListingError, ListingFacts, Shape};
use crate::model::ModuleStream;
use tree::{Json, Object};

/// Whether content that starts with a brace or bracket is JSON, as opposed to
/// a shell prompt (`[root@host ~]# rpm -qa`).
pub(super) fn is_json(content: &[u8]) -> bool {
    let mut bytes = content.iter().copied().filter(|b| !b.is_ascii_whitespace());
    match (bytes.next(), bytes.next()) {
        (Some(b'{'), next) => matches!(next, None | Some(b'"' | b'}')),
        (Some(b'['), next) => !next.is_some_and(|b| b.is_ascii_alphabetic()),
        _ => false,
    }
}

/// Reads a list that is JSON, whatever its shape.
pub(super) fn read(
    content: &[u8],
    collector: &mut Collector,
) -> Result<(Shape, ListingFacts), ListingError> {
    let text = std::str::from_utf8(content).map_err(|error| {
        let line = content[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        ListingError::NotJson(format!("line {line} is not UTF-8 text"))
    })?;
    match tree::parse(text)? {
        Json::Array(items) => {
            let shape = shape_of_array(&items)?;
            each(shape, "", &items, collector)?;
            Ok((shape, ListingFacts::default()))
        }
        Json::Object(fields) => object(&fields, collector),
        other => Err(ListingError::UnknownJson(format!("{} alone", other.what()))),
    }
}

fn shape_of_array(items: &[Json<'_>]) -> Result<Shape, ListingError> {
    let object = items.iter().find_map(Json::object);
    match (object, items.first()) {
        (Some(fields), _) if fields.get("Name").is_some() => Ok(Shape::Trivy),
        (Some(_), _) => Ok(Shape::JsonPackages),
        (None, Some(Json::Text(_))) => Ok(Shape::JsonNames),
        (None, None) => Err(ListingError::NoPackages(None)),
        (None, Some(first)) => Err(ListingError::UnknownJson(format!(
            "an array whose first element is {}",
            first.what()
        ))),
    }
}

fn object(
    fields: &Object<'_>,
    collector: &mut Collector,
) -> Result<(Shape, ListingFacts), ListingError> {
    if matches!(fields.get("format"), Some(Json::Text(text)) if text == "elevate-snapshot") {
        return Err(ListingError::Snapshot);
    }
    let array = |name| match fields.get(name) {
        Some(Json::Array(items)) => Some((name, items.as_slice())),
        _ => None,
    };
    if let Some((name, items)) = array("package_list") {
        each(Shape::Vmaas, name, items, collector)?;
        return Ok((Shape::Vmaas, vmaas_facts(fields, collector)));
    }
    if osbuild::is_manifest(fields) {
        return Ok((Shape::Osbuild, osbuild::read(fields, collector)?));
    }
    if let Some(Json::Object(packages)) = fields.get("packages") {
        packages.report_repeated("packages", collector);
        for (key, value) in packages.iter() {
            package::read(
                Shape::Vuls,
                &format!("packages.{}", super::collect::beginning(key)),
                value,
                collector,
            )?;
        }
        return Ok((Shape::Vuls, vuls_facts(fields, collector)));
    }
    let held = array("installed").or_else(|| array("items")).or_else(|| array("packages"));
    if let Some((name, items)) = held {
        each(Shape::JsonHost, name, items, collector)?;
        return Ok((Shape::JsonHost, host_facts(fields, name, collector)));
    }
    if let Some((_, results)) = array("Results") {
        trivy_results(results, collector)?;
        return Ok((Shape::Trivy, ListingFacts::default()));
    }
    if fields.get("name").is_some() || fields.get("Name").is_some() {
        let shape = if fields.get("Name").is_some() { Shape::Trivy } else { Shape::JsonPackages };
        package::read_fields(shape, "", fields, collector)?;
        return Ok((shape, ListingFacts::default()));
    }
    Err(ListingError::UnknownJson(names_of(fields)))
}

fn names_of(fields: &Object<'_>) -> String {
    if fields.is_empty() {
        return "an object without fields".to_owned();
    }
    let names: Vec<String> =
        fields.iter().take(6).map(|(name, _)| super::collect::beginning(name)).collect();
    let more = if fields.len() > 6 { " ..." } else { "" };
    format!("an object with the fields {}{more}", names.join(", "))
}

fn each(
    shape: Shape,
    name: &str,
    items: &[Json<'_>],
    collector: &mut Collector,
) -> Result<(), ListingError> {
    items.iter().enumerate().try_for_each(|(index, item)| {
        package::read(shape, &format!("{name}[{index}]"), item, collector)
    })
}

/// A whole trivy report: the packages of its results of class `os-pkgs`.
fn trivy_results(results: &[Json<'_>], collector: &mut Collector) -> Result<(), ListingError> {
    for (index, result) in results.iter().enumerate() {
        let Some(fields) = result.object() else { continue };
        let of_system =
            matches!(fields.get("Class"), Some(Json::Text(class)) if class == "os-pkgs");
        match fields.get("Packages") {
            Some(Json::Array(items)) if of_system => {
                each(Shape::Trivy, &format!("Results[{index}].Packages"), items, collector)?;
            }
            _ => collector.ignored("results that are no system packages"),
        }
    }
    Ok(())
}

/// Reads facts from named fields, and notes those that are not used.
struct Facts<'a, 'j> {
    fields: &'a Object<'j>,
    used: Vec<&'static str>,
    collector: &'a mut Collector,
}

impl<'a, 'j> Facts<'a, 'j> {
    fn text(&mut self, name: &'static str) -> Option<&'a str> {
        self.used.push(name);
        match self.fields.get(name)? {
            Json::Null => None,
            Json::Text(text) if text.is_empty() => None,
            Json::Text(text) => Some(text.as_ref()),
            other => {
                let why = format!("is {}, not a text", other.what());
                self.collector.unread(At::Place(name), "", why);
                None
            }
        }
    }

    fn parsed<T: std::str::FromStr<Err: ToString>>(&mut self, name: &'static str) -> Option<T> {
        let text = self.text(name)?;
        let parsed = text.parse();
        if let Err(error) = &parsed {
            self.collector.unread(At::Place(name), "", T::Err::to_string(error));
        }
        parsed.ok()
    }

    fn list(&mut self, name: &'static str) -> Option<&'a [Json<'j>]> {
        self.used.push(name);
        match self.fields.get(name)? {
            Json::Null => None,
            Json::Array(items) => Some(items),
            other => {
                let why = format!("is {}, not an array", other.what());
                self.collector.unread(At::Place(name), "", why);
                None
            }
        }
    }

    fn texts(&mut self, name: &'static str) -> Option<Vec<String>> {
        let items = self.list(name)?;
        let mut texts = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match item {
                Json::Text(text) => texts.push(text.clone().into_owned()),
                other => {
                    let place = format!("{name}[{index}]");
                    let why = format!("is {}, not a text", other.what());
                    self.collector.unread(At::Place(&place), "", why);
                }
            }
        }
        Some(texts)
    }

    fn modules(&mut self, list: &'static str, keys: [&str; 2]) -> Option<Vec<ModuleStream>> {
        let items = self.list(list)?;
        let mut modules = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let part = |key| match item.object().and_then(|fields| fields.get(key)) {
                Some(Json::Text(text)) => Some(text.clone().into_owned()),
                _ => None,
            };
            match (part(keys[0]), part(keys[1])) {
                (Some(name), Some(stream)) => modules.push(ModuleStream { name, stream }),
                _ => {
                    let place = format!("{list}[{index}]");
                    self.collector.unread(At::Place(&place), "", "is no module with a stream");
                }
            }
        }
        Some(modules)
    }

    /// Counts the fields nobody asked for.
    fn done(self) {
        self.fields.report_repeated("", self.collector);
        for (name, _) in self.fields.iter().filter(|(name, _)| !self.used.contains(&name.as_ref()))
        {
            self.collector.ignored(&super::collect::beginning(name));
        }
    }
}

fn host_facts(
    fields: &Object<'_>,
    packages: &'static str,
    collector: &mut Collector,
) -> ListingFacts {
    let mut from = Facts { fields, used: vec![packages], collector };
    let facts = ListingFacts {
        distro: from.parsed("distro"),
        release: from.parsed("source_version"),
        arch: from.parsed("arch"),
        kernel: from.text("kernel").map(str::to_owned),
        repositories: from.texts("enabled_repos"),
        disabled_repositories: from.texts("disabled_repos").unwrap_or_default(),
        enabled_modules: from.modules("enabled_modules", ["name", "stream"]),
    };
    from.done();
    facts
}

/// `releasever` is often only `7Server`, which names no release.
fn vmaas_facts(fields: &Object<'_>, collector: &mut Collector) -> ListingFacts {
    let mut from = Facts { fields, used: vec!["package_list"], collector };
    let release = from.text("releasever").map(str::parse);
    if let Some(Err(_)) = release {
        from.collector.ignored("releasever");
    }
    let facts = ListingFacts {
        release: release.and_then(Result::ok),
        arch: from.parsed("basearch"),
        repositories: from.texts("repository_list"),
        enabled_modules: from.modules("modules_list", ["module_name", "module_stream"]),
        ..ListingFacts::default()
    };
    from.done();
    facts
}

fn vuls_facts(fields: &Object<'_>, collector: &mut Collector) -> ListingFacts {
    let mut from = Facts { fields, used: vec!["packages", "runningKernel"], collector };
    let kernel = match fields.get("runningKernel").and_then(Json::object) {
        Some(kernel) => match kernel.get("release") {
            Some(Json::Text(text)) if !text.is_empty() => Some(text.clone().into_owned()),
            _ => None,
        },
        None => None,
    };
    let facts = ListingFacts {
        distro: from.parsed("family"),
        release: from.parsed("release"),
        kernel,
        ..ListingFacts::default()
    };
    from.done();
    facts
}
