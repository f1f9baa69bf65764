//! JUnit: every actor a test, for pages of continuous integration.
//!
//! An actor fails where one of its findings forbids the upgrade, is skipped where it
//! lacked evidence, and tells its other findings as its output.

use std::collections::BTreeMap;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::words;
use crate::finding::Finding;
use crate::plan::Plan;

/// The id of findings about evidence an actor lacked.
const UNDECIDED: &str = "actors.undecided";

/// The findings of a plan as JUnit. The same plan gives the same bytes.
///
/// # Errors
///
/// Where XML cannot be written.
pub fn render(plan: &Plan) -> io::Result<String> {
    let cases = cases(plan);
    let count = |is: fn(&&Finding) -> bool| {
        cases.values().filter(|findings| findings.iter().any(is)).count().to_string()
    };
    let (tests, failures) = (cases.len().to_string(), count(|f| f.inhibitor));
    let skipped = cases.values().filter(|findings| is_skipped(findings)).count().to_string();
    let counts = [
        ("tests", tests.as_str()),
        ("failures", failures.as_str()),
        ("errors", "0"),
        ("skipped", skipped.as_str()),
    ];
    let host = plan.hostname.as_deref().unwrap_or("host");
    let name = format!("{host}: {}", plan.path);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let whole = writer.create_element("testsuites").with_attribute(("name", "elevate"));
    whole.with_attributes(counts).write_inner_content(|writer| {
        let suite = writer.create_element("testsuite").with_attribute(("name", &*clean(&name)));
        suite.with_attributes(counts).write_inner_content(|writer| {
            cases.iter().try_for_each(|(actor, findings)| case(writer, actor, findings))
        })?;
        Ok(())
    })?;
    let mut xml = writer.into_inner();
    xml.push(b'\n');
    String::from_utf8(xml).map_err(io::Error::other)
}

/// Every actor that was asked or said something, with its findings.
fn cases(plan: &Plan) -> BTreeMap<&str, Vec<&Finding>> {
    let asked = plan.provenance.actors.iter().map(|id| id.split('@').next().unwrap_or(id));
    let mut cases: BTreeMap<&str, Vec<&Finding>> = asked.map(|name| (name, Vec::new())).collect();
    for finding in &plan.findings {
        cases.entry(&finding.actor).or_default().push(finding);
    }
    cases
}

fn is_skipped(findings: &[&Finding]) -> bool {
    findings.iter().any(|f| f.id == UNDECIDED) && !findings.iter().any(|f| f.inhibitor)
}

fn case(writer: &mut Writer<Vec<u8>>, actor: &str, findings: &[&Finding]) -> io::Result<()> {
    let case = writer.create_element("testcase");
    let case = case.with_attributes([("classname", "elevate"), ("name", &*clean(actor))]);
    if findings.is_empty() {
        return case.write_empty().map(|_| ());
    }
    case.write_inner_content(|writer| {
        for finding in findings.iter().filter(|finding| finding.inhibitor) {
            let failure = writer.create_element("failure");
            let named = [("type", &*clean(&finding.id)), ("message", &*clean(&finding.title))];
            failure.with_attributes(named).write_text_content(text(&words(finding)))?;
        }
        if is_skipped(findings) {
            let lacks: Vec<&str> =
                findings.iter().filter(|f| f.id == UNDECIDED).map(|f| &*f.summary).collect();
            let skipped = writer.create_element("skipped");
            skipped.with_attribute(("message", &*clean(&lacks.join(" ")))).write_empty()?;
        }
        let told = findings.iter().filter(|f| !f.inhibitor && f.id != UNDECIDED);
        let told: Vec<String> = told
            .map(|f| format!("{} [{}] {}: {}", f.severity.as_str(), f.id, f.title, words(f)))
            .collect();
        if !told.is_empty() {
            let output = writer.create_element("system-out");
            output.write_text_content(text(&told.join("\n")))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn text(text: &str) -> BytesText<'static> {
    BytesText::new(&clean(text)).into_owned()
}

/// XML has no room for most control characters, not even escaped.
fn clean(text: &str) -> String {
    let is_kept = |c: char| {
        matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
    };
    text.chars().map(|c| if is_kept(c) { c } else { '\u{fffd}' }).collect()
}
