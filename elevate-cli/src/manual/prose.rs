//! The few marks of the texts that are written by hand, and of descriptions in schemas:
//! paragraphs, `# HEADING`, `` `word` ``, and lines that are indented by four blanks and stay
//! as they are.

use clap_mangen::roff::{Inline, Roff, bold, roman};

use super::literal;

/// Writes a heading or a paragraph.
pub(super) fn write(roff: &mut Roff, block: &str, follows_heading: bool) {
    if let Some(heading) = block.strip_prefix("# ") {
        roff.control("SH", [heading]);
        return;
    }
    if !follows_heading {
        roff.control("PP", []);
    }
    if block.starts_with("    ") {
        literal(roff, block.lines().map(|line| line.strip_prefix("    ").unwrap_or(line)));
    } else {
        roff.text(words(block));
    }
}

/// Text with what stands in backquotes in bold.
pub(super) fn words(text: &str) -> Vec<Inline> {
    let text = text.trim().replace('\n', " ");
    let part = |(at, part): (usize, &str)| {
        if at % 2 == 1 { bold(part) } else { roman(part) }
    };
    text.split('`').enumerate().filter(|(_, part)| !part.is_empty()).map(part).collect()
}
