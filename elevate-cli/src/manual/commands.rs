//! Section 1: a page for every command, made of its help.

use std::io;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::{MANUAL, Page, SOURCE, UNBROKEN, literal};
use crate::Cli;

/// Pages that belong to a page, beside the command above and those below it.
const RELATED: [(&str, &str); 16] = [
    ("elevate", "elevate-snapshot(5), elevate-plan(5), elevate-report(5), elevate-pack(5)"),
    ("elevate-answer", "elevate-plan(1)"),
    ("elevate-capture", "elevate-snapshot(1), elevate-snapshot(5)"),
    ("elevate-check", "elevate-plan(1), elevate-report(1), elevate-waivers(5)"),
    ("elevate-demo", "elevate-plan(1)"),
    ("elevate-diff", "elevate-explain(1), elevate-diff(5), elevate-plan(5)"),
    ("elevate-explain", "elevate-why(1), elevate-explanation(5), elevate-plan(5)"),
    ("elevate-export", "elevate-plan(1), elevate-air-gap(5), elevate-plan(5)"),
    ("elevate-graph", "elevate-why(1), elevate-graph(5)"),
    ("elevate-pack", "elevate-pack(5)"),
    ("elevate-plan", "elevate-report(1), elevate-answer(1), elevate-plan(5), elevate-waivers(5)"),
    ("elevate-report", "elevate-plan(1), elevate-plan(5), elevate-report(5), elevate-waivers(5)"),
    ("elevate-schema", "elevate-snapshot(5), elevate-plan(5), elevate-report(5), elevate-graph(5)"),
    ("elevate-snapshot", "elevate-capture(1), elevate-snapshot(5)"),
    (
        "elevate-verify",
        "elevate-plan(1), elevate-capture(1), elevate-verification(5), elevate-plan(5)",
    ),
    ("elevate-why", "elevate-graph(1), elevate-graph(5)"),
];

/// The pages, the command `elevate` itself last.
pub(super) fn pages() -> io::Result<Vec<Page>> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    add(&command, None, &mut pages)?;
    Ok(pages)
}

fn add(command: &Command, above: Option<&str>, pages: &mut Vec<Page>) -> io::Result<()> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        add(below, Some(name), pages)?;
    }
    pages.push(Page { name: format!("{name}.1"), text: page(command, name, above)? });
    Ok(())
}

/// A page: what `clap_mangen` makes of the command, then the blocks below its help.
fn page(command: &Command, name: &str, above: Option<&str>) -> io::Result<String> {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).to_owned();
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let bare = command.clone().override_usage(usage).after_help("").version(None::<&str>);
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let long = command.get_long_about().map_or_else(|| about.clone(), ToString::to_string);
    let (first, rest) = long.split_at(long.find('\n').unwrap_or(long.len()));
    let long = format!("{}.{rest}", first.trim_end_matches('.'));
    let bare = bare.about(lower(&about)).long_about(long);
    let man = Man::new(bare).source(SOURCE).manual(MANUAL);
    let mut bytes = Vec::new();
    man.render_title(&mut bytes)?;
    let mut text = String::from_utf8(bytes).map_err(io::Error::other)?;
    text += UNBROKEN;
    for render in
        [Man::render_name_section, Man::render_synopsis_section, Man::render_description_section]
    {
        text += &section(|to| render(&man, to))?;
    }
    if command.get_arguments().any(|argument| !argument.is_hide_set()) {
        text += &section(|to| man.render_options_section(to))?;
    }
    if command.get_subcommands().any(|below| !below.is_hide_set()) {
        text += &section(|to| man.render_subcommands_section(to))?;
    }
    let mut rest = Roff::new();
    blocks(&mut rest, &help);
    see_also(&mut rest, name, above);
    Ok(text + &section(|to| rest.to_writer(to))?)
}

/// A summary as it stands behind a name.
fn lower(about: &str) -> String {
    let mut letters = about.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// A part of a page, without the preamble that every part brings along.
fn section(render: impl Fn(&mut dyn io::Write) -> io::Result<()>) -> io::Result<String> {
    let mut preamble = Vec::new();
    Roff::new().to_writer(&mut preamble)?;
    let mut bytes = Vec::new();
    render(&mut bytes)?;
    let text = bytes.strip_prefix(&*preamble).unwrap_or(&bytes).to_vec();
    String::from_utf8(text).map_err(io::Error::other)
}

/// Blocks below a command's help, each with a heading: `Examples:`, then indented lines.
fn blocks(roff: &mut Roff, help: &str) {
    for block in help.split("\n\n").filter(|block| !block.is_empty()) {
        let (heading, lines) = block.split_once('\n').unwrap_or((block, ""));
        let heading = match heading.trim_end_matches(':') {
            "Exit codes" => "EXIT STATUS".to_owned(),
            heading => heading.to_uppercase(),
        };
        roff.control("SH", [heading.as_str()]);
        literal(roff, lines.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)));
    }
}

fn see_also(roff: &mut Roff, name: &str, above: Option<&str>) {
    let related = RELATED.iter().find(|(of, _)| *of == name).map(|(_, pages)| *pages);
    let above = above.map(|above| format!("{above}(1)"));
    let pages: Vec<&str> = above.as_deref().into_iter().chain(related).collect();
    roff.control("SH", ["SEE ALSO"]);
    let mut line = Vec::new();
    for page in pages.join(", ").split(", ") {
        let (name, section) = page.split_once('(').unwrap_or((page, ""));
        let comma = if line.is_empty() { "" } else { ", " };
        line.extend([roman(comma), bold(name), roman(format!("({section}"))]);
    }
    roff.text(line);
}
