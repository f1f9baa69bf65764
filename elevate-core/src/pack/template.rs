//! Texts with places to fill in: Jinja templates, bounded and strict. A value that is not
//! there is an error, not nothing.

use minijinja::{Environment, UndefinedBehavior};
use serde_json::Value as Json;

use super::error::{PackError, Source};

/// How much a template may do, in steps of its machine.
const FUEL: u64 = 200_000;

/// A text with places to fill in.
#[derive(Debug, Clone)]
pub(super) struct Template {
    text: String,
}

fn environment<'t>() -> Environment<'t> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment
}

impl Template {
    /// Reads a text that stands in a file, at an offset.
    pub(super) fn parse(text: &str, source: Source<'_>, offset: usize) -> Result<Self, PackError> {
        let mut environment = environment();
        let text = text.to_owned();
        environment.add_template_owned("text", text.clone()).map_err(|error| {
            let inside = error.range().map_or(0, |range| range.start);
            source.error(offset + 1 + inside, format!("is no text with places to fill in: {error}"))
        })?;
        Ok(Self { text })
    }

    /// The text, filled in.
    pub(super) fn fill(&self, with: &Json) -> Result<String, String> {
        let with = minijinja::Value::from(minijinja::value::Serde(with));
        environment().render_str(&self.text, with).map_err(|error| format!("{error:#}"))
    }
}
