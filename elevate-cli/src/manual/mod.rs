//! The manual: section 1 from the command line's own help, section 5 from the schemas of
//! the formats and a head for each that is written by hand. Same version, same bytes.

mod commands;
mod formats;
mod prose;

use std::io;

use clap_mangen::roff::Roff;

/// A page of the manual.
pub(crate) struct Page {
    /// Name of its file: `elevate-plan.5`.
    pub(crate) name: String,
    /// Its source, for `man`.
    pub(crate) text: String,
}

/// Every page.
pub(crate) fn pages() -> io::Result<Vec<Page>> {
    let mut pages = commands::pages()?;
    pages.extend(formats::pages());
    Ok(pages)
}

/// What stands at the foot of pages, left and middle.
const SOURCE: &str = concat!("elevate ", env!("CARGO_PKG_VERSION"));
const MANUAL: &str = "Elevate";

/// Words are not cut at ends of lines: they may be names of options.
const UNBROKEN: &str = ".nh\n.ad l\n";

/// Lines as they are, without filling.
fn literal<'a>(roff: &mut Roff, lines: impl IntoIterator<Item = &'a str>) {
    roff.control("nf", []);
    for line in lines {
        roff.text([clap_mangen::roff::roman(line)]);
    }
    roff.control("fi", []);
}
