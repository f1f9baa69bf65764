//! Which signing keys make a package the distribution's own (formats.md
//! section 7). The table is leapp's product data, not a file of the data
//! directory; the key ids are facts.

use crate::model::Distro;
