//! Fields of leapp's messages.

use serde_json::Value;

use crate::oracle::{list, names};

/// A text; absent and null are none.
pub(super) fn text<'v>(message: &'v Value, key: &str) -> Option<&'v str> {
    message[key].as_str()
}

/// Yes, no, or nothing.
pub(super) fn flag(message: &Value, key: &str) -> Option<bool> {
    message[key].as_bool()
}

/// A number that is not negative.
pub(super) fn number(message: &Value, key: &str) -> Option<u64> {
    message[key].as_u64()
}

/// A list of objects.
pub(super) fn objects<'v>(message: &'v Value, key: &str) -> &'v [Value] {
    list(message, key)
}

/// A list of texts.
pub(super) fn words(message: &Value, key: &str) -> Vec<String> {
    names(message, key)
}

/// Those of some flags that are set, as lines of a file.
pub(super) fn lines(message: &Value, flags: &[(&str, &str)]) -> String {
    let set = flags.iter().filter(|(key, _)| flag(message, key) == Some(true));
    set.map(|(_, line)| format!("{line}\n")).collect()
}
