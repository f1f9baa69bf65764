//! How our formats are written, and described.

use schemars::JsonSchema;
use serde::Serialize;

/// A document as JSON, two blanks deep, with a final newline. The same document gives the
/// same bytes.
///
/// # Errors
///
/// Where it has something JSON has no form for.
pub fn to_json(document: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(document)?;
    text.push('\n');
    Ok(text)
}

/// The JSON Schema of a format, which says what it is: `id` names it among ours, `what` in
/// words.
pub fn schema<T: JsonSchema>(id: &str, what: &str, version: u32) -> serde_json::Value {
    let mut schema = schemars::schema_for!(T);
    schema.insert("$id".to_owned(), format!("urn:elevate:{id}:{version}").into());
    schema.insert("title".to_owned(), format!("Elevate {what}, version {version}").into());
    schema.into()
}
