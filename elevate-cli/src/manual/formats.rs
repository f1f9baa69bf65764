//! Section 5: a page for every format. Heads are written by hand, in `pages/`; fields and
//! types come from the schemas.

use clap::ValueEnum as _;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};
use elevate_core::pack::functions;
use serde_json::{Map, Value};

use super::{MANUAL, Page, SOURCE, literal, prose};
use crate::commands::schema::Kind;

/// A text that stands where fields and types are to come: `@fields plan`.
const FIELDS: &str = "@fields ";
/// One that stands where the functions of conditions are to come.
const FUNCTIONS: &str = "@functions";

/// The pages and their texts.
const PAGES: [(&str, &str); 10] = [
    ("snapshot", include_str!("pages/snapshot.txt")),
    ("plan", include_str!("pages/plan.txt")),
    ("report", include_str!("pages/report.txt")),
    ("diff", include_str!("pages/diff.txt")),
    ("explanation", include_str!("pages/explanation.txt")),
    ("air-gap", include_str!("pages/air-gap.txt")),
    ("graph", include_str!("pages/graph.txt")),
    ("pack", include_str!("pages/pack.txt")),
    ("waivers", include_str!("pages/waivers.txt")),
    ("verification", include_str!("pages/verification.txt")),
];

/// The pages.
pub(super) fn pages() -> Vec<Page> {
    PAGES.iter().map(|(name, text)| page(name, text)).collect()
}

fn page(name: &str, text: &str) -> Page {
    let mut roff = Roff::new();
    let title = format!("elevate-{name}");
    roff.control("TH", [title.as_str(), "5", "", SOURCE, MANUAL]);
    roff.control("nh", []).control("ad", ["l"]);
    let mut follows_heading = false;
    for part in text.split("\n\n").map(str::trim_end) {
        if let Some(kind) = part.strip_prefix(FIELDS) {
            schema(&mut roff, kind);
        } else if part == FUNCTIONS {
            for (_, what) in functions::NAMES {
                let (call, gives) = what.split_once(": ").unwrap_or((what, ""));
                roff.control("TP", []).text([bold(call)]).text(prose::words(gives));
            }
            literal(&mut roff, functions::STARS.lines());
        } else {
            prose::write(&mut roff, part, follows_heading);
        }
        follows_heading = part.starts_with("# ");
    }
    Page { name: format!("{title}.5"), text: roff.render() }
}

fn schema(roff: &mut Roff, kind: &str) {
    let Ok(kind) = Kind::from_str(kind, false) else {
        // The test of pages finds it.
        return prose::write(roff, &format!("{FIELDS}{kind}"), true);
    };
    let schema = kind.schema();
    fields(roff, &schema, None);
    for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
        roff.control("SS", [name.as_str()]);
        roff.text(described(definition));
        body(roff, definition);
    }
}

/// What a definition holds: fields, or one of several forms.
fn body(roff: &mut Roff, of: &Value) {
    let forms = of["oneOf"].as_array().or_else(|| of["anyOf"].as_array());
    let Some(forms) = forms else {
        if of["properties"].is_object() {
            return fields(roff, of, None);
        }
        roff.control("PP", []).text([italic(form(of))]);
        return;
    };
    let what =
        if of["properties"].is_object() { "With these fields, and one of:" } else { "One of:" };
    if of["properties"].is_object() {
        fields(roff, of, None);
    }
    roff.control("PP", []).text([roman(what)]);
    forms.iter().for_each(|one| one_form(roff, one));
}

/// One of several forms: a word, or an object that is known by a field.
fn one_form(roff: &mut Roff, of: &Value) {
    let tag = properties(of).find(|(_, property)| !property["const"].is_null());
    let words = of["enum"].as_array().map(|words| words.iter().map(quoted).collect::<Vec<_>>());
    let head = match (&tag, words) {
        (Some((name, property)), _) => {
            vec![bold(*name), roman(" "), bold(quoted(&property["const"]))]
        }
        (None, Some(words)) => vec![bold(words.join(", "))],
        (None, None) if of["const"].is_null() => vec![italic(form(of))],
        (None, None) => vec![bold(quoted(&of["const"]))],
    };
    roff.control("TP", []).text(head);
    let mut text = described(of);
    if let Some(other) = of["$ref"].as_str().filter(|_| tag.is_some()) {
        text.push(roman(format!(" With the fields of {}.", named(other))));
    }
    roff.text(if text.is_empty() { vec![roman("As it says.")] } else { text });
    let tag = tag.map(|(name, _)| name.as_str());
    if properties(of).any(|(name, _)| Some(name.as_str()) != tag) {
        roff.control("RS", []);
        fields(roff, of, tag);
        roff.control("RE", []);
    }
}

/// Fields of an object, but the one it is known by.
fn fields(roff: &mut Roff, of: &Value, but: Option<&str>) {
    let required =
        |name: &str| of["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    for (name, property) in properties(of).filter(|(name, _)| Some(name.as_str()) != but) {
        let mut head = vec![bold(name), roman(" ("), italic(form(property))];
        head.push(roman(if required(name) { ")" } else { ", optional)" }));
        let mut text = described(property);
        if text.is_empty() {
            text.push(roman("As its name says."));
        }
        if let Some(default) = property.get("default").filter(|default| says_something(default)) {
            text.push(roman(format!(" Without it {default}.")));
        }
        roff.control("TP", []).text(head).text(text);
    }
}

fn says_something(default: &Value) -> bool {
    match default {
        Value::Null | Value::Bool(false) => false,
        Value::Array(list) => !list.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    }
}

fn properties(of: &Value) -> impl Iterator<Item = (&String, &Value)> {
    of["properties"].as_object().into_iter().flat_map(Map::iter)
}

fn described(of: &Value) -> Vec<Inline> {
    prose::words(of["description"].as_str().unwrap_or_default())
}

/// What a value looks like, in a few words.
fn form(of: &Value) -> String {
    if let Some(other) = of["$ref"].as_str() {
        return named(other).to_owned();
    }
    if let Some(forms) = of["anyOf"].as_array().or_else(|| of["oneOf"].as_array()) {
        return forms.iter().map(form).collect::<Vec<_>>().join(" or ");
    }
    if !of["const"].is_null() {
        return quoted(&of["const"]);
    }
    match &of["type"] {
        Value::String(name) => typed(name, of),
        Value::Array(names) => {
            let names = names.iter().filter_map(Value::as_str);
            names.map(|name| typed(name, of)).collect::<Vec<_>>().join(" or ")
        }
        _ => "anything".to_owned(),
    }
}

fn typed(name: &str, of: &Value) -> String {
    let more = &of["additionalProperties"];
    match name {
        "array" if of["items"].is_object() => format!("list of {}", form(&of["items"])),
        "array" => "list".to_owned(),
        "object" if more.is_object() => format!("object of {} by name", form(more)),
        "object" => match properties(of).map(|(name, _)| name.as_str()).collect::<Vec<_>>()[..] {
            [] => "object".to_owned(),
            ref names => format!("object with {}", names.join(", ")),
        },
        "integer" => "whole number".to_owned(),
        "boolean" => "true or false".to_owned(),
        "string" => match of["pattern"].as_str().filter(|pattern| *pattern != r"\S") {
            Some(pattern) => format!("string that matches {pattern}"),
            None => "string".to_owned(),
        },
        name => name.to_owned(),
    }
}

fn named(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

fn quoted(value: &Value) -> String {
    value.to_string()
}
