//! The same things in another order, by seeds.

use serde_json::Value;

/// A generator of numbers that a seed determines (splitmix64).
pub struct Order(u64);

impl Order {
    /// The order with this number.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below the limit; 0 where there is none.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit.max(1) as u64) as usize
    }

    /// Puts items into this order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }

    /// The lines of a text in this order.
    pub fn lines(&mut self, text: &str) -> String {
        let mut lines: Vec<&str> = text.lines().collect();
        self.shuffle(&mut lines);
        lines.join("\n") + "\n"
    }

    /// A JSON document with the fields of every object in this order, and with
    /// the items of the arrays of these names too.
    pub fn json(&mut self, value: &Value, arrays: &[&str]) -> String {
        let mut text = String::new();
        self.write(&mut text, value, arrays, false);
        text
    }

    fn write(&mut self, out: &mut String, value: &Value, arrays: &[&str], listed: bool) {
        match value {
            Value::Object(fields) => {
                let mut fields: Vec<_> = fields.iter().collect();
                self.shuffle(&mut fields);
                out.push('{');
                for (n, (name, value)) in fields.into_iter().enumerate() {
                    out.push_str(if n == 0 { "" } else { "," });
                    out.push_str(&Value::from(name.as_str()).to_string());
                    out.push(':');
                    self.write(out, value, arrays, arrays.contains(&name.as_str()));
                }
                out.push('}');
            }
            Value::Array(items) => {
                let mut items: Vec<_> = items.iter().collect();
                if listed {
                    self.shuffle(&mut items);
                }
                out.push('[');
                for (n, item) in items.into_iter().enumerate() {
                    out.push_str(if n == 0 { "" } else { "," });
                    self.write(out, item, arrays, false);
                }
                out.push(']');
            }
            plain => out.push_str(&plain.to_string()),
        }
    }
}
