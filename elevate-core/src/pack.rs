//! Packs: actors that are data. A pack is a directory with a manifest, `pack.toml`, and
//! files of rules, `*.toml`, each with actors, tables they share, and their tests.
//!
//! ```toml
//! [[actor]]
//! name = "panel_php"
//! summary = "versions of PHP that are gone"
//! about = "The panel has no PHP older than 7.2 on release 8. Move sites to a newer one."
//! for_each = "packages('ea-php*').filter(p, compare(p.version, '7.2') < 0)"
//!
//! [actor.finding]
//! id = "panel.old-php"
//! severity = "high"
//! inhibitor = true
//! title = "Old versions of PHP are installed"
//! summary = "They are: {{ items | map(attribute='nevra') | join(', ') }}."
//! commands = [["yum", "remove", { each = "{{ item.name }}" }]]
//!
//! [[test]]
//! name = "PHP 5.6 forbids the upgrade"
//! host = "//- packages\nea-php56-5.6.40-1.el7.x86_64"
//! expect = ["high inhibitor panel.old-php"]
//! ```
//!
//! Conditions are [CEL](https://cel.dev), texts are Jinja templates. What a condition may
//! ask is a list of [functions]; a pack can read nothing else, and both are bounded. A
//! fact that was not captured makes a condition *unknown*, and `on_unknown` says what
//! that means for the rule.
//!
//! An actor with `stage = "transaction"` is asked when the transaction is known, and may
//! ask it. A test asks the actors of its file. Several versions of an actor may stand in a
//! pack: the newest that applies is used, or the one that is pinned. [`SHIPPED`] are the
//! packs that come with the library.

mod answers;
mod ask;
mod condition;
mod declared;
mod error;
pub mod functions;
mod load;
mod manifest;
mod say;
mod shipped;
mod skeleton;
mod template;
mod trial;

pub use declared::Declared;
pub use error::{PackError, Place};
pub use load::{LARGEST, Pack};
pub use manifest::{FORMAT, Manifest};
pub use shipped::{SHIPPED, Shipped};
pub use skeleton::skeleton;
pub use trial::{Failure, Trial};

#[cfg(test)]
mod tests;
