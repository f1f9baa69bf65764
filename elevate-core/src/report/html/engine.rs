//! Templates to HTML. Everything that comes out of a plan passes one door, which shows
//! what cannot be seen and escapes what a browser would take for more than text.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Output, UndefinedBehavior};
use serde::Serialize;

/// HTML that was made here. Templates put it into others as it is.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Html(Value);

/// The templates of the page, ready to be filled in.
pub(super) struct Engine(Environment<'static>);

/// Every template, by name.
pub(super) const TEMPLATES: [(&str, &str); 12] = [
    ("page", include_str!("page.html")),
    ("overview", include_str!("overview.html")),
    ("finding", include_str!("finding.html")),
    ("findings", include_str!("findings.html")),
    ("questions", include_str!("questions.html")),
    ("conflict", include_str!("conflict.html")),
    ("changes", include_str!("changes.html")),
    ("disk", include_str!("disk.html")),
    ("packages", include_str!("packages.html")),
    ("figure", include_str!("figure.html")),
    ("steps", include_str!("steps.html")),
    ("sources", include_str!("sources.html")),
];

impl Html {
    /// Text of ours that is HTML already.
    pub(super) fn made(text: impl Into<String>) -> Self {
        Self(Value::from_safe_string(text.into()))
    }

    /// The HTML.
    pub(super) fn into_string(self) -> String {
        self.0.as_str().unwrap_or_default().to_owned()
    }
}

impl Engine {
    /// Reads the templates.
    pub(super) fn new() -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            environment.set_syntax(syntax);
        }
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_formatter(|out, _, value| write_value(out, value));
        for (name, source) in TEMPLATES {
            // A template that cannot be read is missing, and `fill` says so; a test reads all.
            environment.add_template(name, source).ok();
        }
        Self(environment)
    }

    /// A template, filled in. What cannot be made says so in its place.
    pub(super) fn fill(&self, template: &str, view: &impl Serialize) -> Html {
        let view = Value::from(Serde(view));
        let made = self.0.get_template(template).and_then(|template| template.render(view));
        Html::made(made.unwrap_or_else(|error| {
            let error = escaped(&format!("{error:#}"));
            format!("<p class=\"failed\">This part of the report could not be made: {error}</p>")
        }))
    }
}

fn write_value(out: &mut Output<'_>, value: &Value) -> Result<(), minijinja::Error> {
    match (value.as_str(), value.kind()) {
        (Some(text), _) if value.is_safe() => out.write_str(text)?,
        (Some(text), _) => out.write_str(&escaped(text))?,
        (None, ValueKind::None) => {}
        (None, _) => out.write_str(&escaped(&value.to_string()))?,
    }
    Ok(())
}

/// Text for any place of a document: between tags, and in attributes within quotes.
/// What cannot be seen or turns the order of letters is told by its number, so that
/// nobody copies another command than they read.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if is_unseen(c) => out.push_str(&format!("\u{2039}U+{:04X}\u{203a}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{feff}' | '\u{115f}' | '\u{3164}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_can_be_read() {
        let mut environment = Environment::new();
        for (name, source) in TEMPLATES {
            environment.add_template(name, source).unwrap();
        }
    }

    /// `safe` would open a second door, and a value outside quotes could end an attribute.
    #[test]
    fn templates_leave_escaping_to_the_door_and_quote_every_value_in_a_tag() {
        for (name, source) in TEMPLATES {
            assert!(!source.contains("safe") && !source.contains("autoescape"), "{name}");
            // The level of a heading is a number of ours.
            let source = source.replace("h{{ level }}", "h3");
            for (at, _) in source.match_indices("{{") {
                let before = &source[..at];
                let tag = before.rfind('<').filter(|open| before.rfind('>') < Some(*open));
                let quotes = tag.map_or(1, |open| before[open..].matches('"').count());
                assert_eq!(quotes % 2, 1, "{name}: {}", &source[at..(at + 40).min(source.len())]);
            }
        }
    }

    #[test]
    fn what_a_browser_would_take_for_more_than_text_is_escaped() {
        assert_eq!(
            escaped("</script><img onerror='a' b=\"&amp;\">"),
            "&lt;/script&gt;&lt;img onerror=&#39;a&#39; b=&quot;&amp;amp;&quot;&gt;"
        );
    }

    #[test]
    fn what_cannot_be_seen_is_told_by_its_number() {
        assert_eq!(escaped("a\u{202e}b\0c\u{1b}[d\te\n"), "a‹U+202E›b‹U+0000›c‹U+001B›[d\te\n");
        assert_eq!(escaped("tag\u{e0041}, soft\u{ad}"), "tag‹U+E0041›, soft‹U+00AD›");
        assert_eq!(escaped("für 日本"), "für 日本");
    }

    #[test]
    fn what_cannot_be_made_says_so_in_its_place() {
        let made = Engine::new().fill("no-such-<template>", &()).into_string();
        assert!(made.contains("could not be made") && made.contains("&lt;template&gt;"), "{made}");
    }
}
