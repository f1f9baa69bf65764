//! The page as text: its structure, and that nothing of a plan gets out of its place.

use std::collections::BTreeSet;

use super::*;
use crate::finding::{Finding, Waived};
use crate::plan::{FileSystem, Need};

/// A plan that has everything a plan can have.
fn everything() -> Plan {
    let text = include_str!("../../../../fixtures/plans/everything.json");
    Plan::read(text.as_bytes()).unwrap()
}

/// Names of tags, `/` before those that close, in order; texts of comments and scripts
/// are none.
fn tags(html: &str) -> Vec<String> {
    let mut rest = html.replace(SCRIPT, "").replace(STYLE, "");
    rest = rest.replacen("<!doctype html>", "", 1);
    let starts = rest.match_indices('<').map(|(at, _)| &rest[at + 1..]);
    let name = |tag: &str| {
        let end = tag.find(|c: char| !c.is_ascii_alphanumeric() && c != '/').unwrap_or(tag.len());
        let own = tag[..end].trim_end_matches('/').to_owned();
        let close = tag.find('>').unwrap();
        if tag[..close].ends_with('/') { format!("{own}/") } else { own }
    };
    starts.map(name).collect()
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Vec<&'t str> {
    let parts = text.split(start).skip(1);
    parts.map(|part| part.split(end).next().unwrap()).collect()
}

#[test]
fn every_tag_that_opens_is_closed_in_its_order() {
    let void = ["meta", "input", "br"];
    let mut open: Vec<String> = Vec::new();
    for tag in tags(&render(&everything(), Some(&everything()))) {
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop().as_deref(), Some(name)),
            None if void.contains(&tag.as_str()) || tag.ends_with('/') => {}
            None => open.push(tag),
        }
    }
    assert_eq!(open, [""; 0]);
}

#[test]
fn ids_are_there_once_and_what_is_referred_to_is_there() {
    let html = render(&everything(), Some(&everything())).replace(SCRIPT, "");
    let ids = between(&html, " id=\"", "\"");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len());
    let links = between(&html, "href=\"#", "\"");
    let names = ["aria-controls=\"", "aria-labelledby=\"", "<label for=\""];
    let names = names.into_iter().flat_map(|start| between(&html, start, "\""));
    let words: Vec<&str> = names.flat_map(str::split_whitespace).chain(links).collect();
    assert!(words.len() > 30);
    for word in words {
        assert!(unique.contains(word), "{word}");
    }
}

#[test]
fn headings_never_skip_a_level() {
    let html = render(&everything(), Some(&everything()));
    let mut last = 0;
    for tag in tags(&html) {
        let Some(level) = tag.strip_prefix('h').and_then(|level| level.parse::<u32>().ok()) else {
            continue;
        };
        assert!(level <= last + 1, "h{level} after h{last}");
        last = level;
    }
    assert_eq!(html.matches("<h1").count(), 1);
}

#[test]
fn every_part_can_be_made() {
    let html = render(&everything(), Some(&everything()));
    assert!(!html.contains("could not be made"));
}

#[test]
fn the_page_allows_only_its_own_script_and_style() {
    let html = render(&everything(), None);
    let policy = between(&html, "Content-Security-Policy\" content=\"", "\"")[0];
    assert!(policy.starts_with("default-src &#39;none&#39;; "), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"));
    for (tag, source) in [("script", SCRIPT), ("style", STYLE)] {
        let inside = between(&html, &format!("<{tag}>"), &format!("</{tag}>"));
        assert_eq!(inside, [source]);
        let digest = STANDARD.encode(Sha256::digest(source));
        assert!(policy.contains(&format!("{tag}-src &#39;sha256-{digest}&#39;")));
    }
    for word in [" style=\"", " onclick", " onload", "src=", "@import", "url(http", "<link"] {
        assert!(!html.contains(word), "{word}");
    }
}

#[test]
fn every_package_has_a_row_with_its_fate() {
    let plan = everything();
    let html = render(&plan, None);
    for (at, operation) in plan.packages.iter().enumerate() {
        let row = between(&html, &format!("<tbody id=\"p{at}\""), "</tr>")[0];
        assert!(row.contains(&format!("<th scope=\"row\">{}<", operation.name)), "{row}");
        assert!(row.contains(&format!("<td>{}</td>", operation.fate.word())), "{row}");
    }
    assert_eq!(html.matches("<tbody id=\"a").count(), plan.arrivals.len());
    let chips: usize = between(&html, "class=\"chip\"", "/button")
        .iter()
        .map(|chip| between(chip, "<b>", "</b>")[0].parse::<usize>().unwrap())
        .sum();
    assert_eq!(chips, plan.packages.len() + plan.arrivals.len());
}

#[test]
fn every_finding_stands_in_one_section_and_waived_ones_say_who_and_why() {
    let mut plan = everything();
    let set_aside = plan.findings.iter_mut().find(|f| f.inhibitor).unwrap();
    let waived = Waived {
        severity: set_aside.severity,
        inhibitor: true,
        reason: "only on this host".to_owned(),
        who: "ops".to_owned(),
        expires: "2031-01-02".to_owned(),
    };
    (set_aside.inhibitor, set_aside.waived) = (false, Some(waived));
    let html = render(&plan, None);
    let cards = between(&html, "<article class=\"finding ", ">");
    let cards = cards.iter().filter(|card| card.contains(" id=\"f")).count();
    assert_eq!(cards, plan.findings.len());
    assert!(!html.contains("<section id=\"inhibitors\""));
    let section = between(&html, "<section id=\"waived\"", "</section>")[0];
    for word in ["only on this host", "by ops", "until 2031-01-02", "forbade the upgrade"] {
        assert!(section.contains(word), "{word}");
    }
}

#[test]
fn commands_are_told_as_a_shell_takes_them() {
    let mut plan = everything();
    let finding = plan.findings.first_mut().unwrap();
    *finding = finding.clone().command(&["rm", "a file", "it's"]);
    let html = render(&plan, None);
    assert!(html.contains(
        "<code>rm &#39;a file&#39; &#39;it&#39;&quot;&#39;&quot;&#39;s&#39;</code><button"
    ));
}

#[test]
fn only_pages_are_led_to() {
    let mut plan = everything();
    let finding = plan.findings.first_mut().unwrap();
    finding.links = vec!["javascript:alert(1)".into(), "https://example.org/a".into()];
    let html = render(&plan, None);
    assert!(html.contains("<li>javascript:alert(1)</li>"));
    assert!(html.contains("<a href=\"https://example.org/a\""));
}

#[test]
fn a_file_system_without_enough_room_says_how_much_is_missing() {
    let mut plan = everything();
    let need = Need { what: "images".to_owned(), bytes: 3 << 30 };
    let (total, available) = (Some(10 << 30), Some(2 << 30));
    plan.disk = vec![FileSystem { mount: "/boot".to_owned(), total, available, needs: vec![need] }];
    let section = render(&plan, None);
    let section = between(&section, "<section id=\"disk\"", "</section>")[0];
    assert!(section.contains("3.0 GiB needed, 2.0 GiB of 10.0 GiB free: 1.0 GiB too little"));
    assert!(section.contains("class=\"disk short\"") && section.contains("class=\"end\""));
}

#[test]
fn what_changed_names_findings_that_came_and_went_and_fates() {
    let (before, mut plan) = (everything(), everything());
    let gone = plan.findings.remove(0);
    let new = Finding { id: "own.new".into(), title: "Something new".into(), ..gone.clone() };
    plan.findings.push(new);
    plan.findings[0].summary.push_str(" And more.");
    plan.packages[1].fate = crate::plan::Fate::Kept;
    let html = render(&plan, Some(&before));
    let section = between(&html, "<section id=\"changes\"", "</section>")[0];
    for (heading, count) in [
        ("New findings", 1),
        ("Findings that are gone", 1),
        ("Findings that say something else", 1),
        ("Packages with another fate", 1),
    ] {
        assert!(
            section.contains(&format!("<h3>{heading}&nbsp;<span class=\"n\">{count}</span>")),
            "{heading}"
        );
    }
    assert!(section.contains("Something new") && section.contains(&*gone.title));
    assert!(section.contains(&format!(
        "href=\"#p1\">{}</a></th><td>{}</td><td>kept</td>",
        plan.packages[1].nevra(),
        before.packages[1].fate.word()
    )));
}

#[test]
fn a_plan_that_is_the_same_has_not_changed() {
    let html = render(&everything(), Some(&everything()));
    let section = between(&html, "<section id=\"changes\"", "</section>")[0];
    assert!(
        section.contains("The findings are the same.")
            && section.contains("Every package has the same fate.")
    );
    assert!(!section.contains("<h3>"));
}

#[test]
fn questions_are_told_with_what_each_answer_means() {
    let html = render(&everything(), None);
    let section = between(&html, "<section id=\"questions\"", "</section>")[0];
    for word in [
        "What was changed by hand is lost.",
        "--answer authselect_check.confirm=True",
        "--answer authselect_check.confirm=False",
        "leapp proposes this",
        "the answer given",
        "not answered",
    ] {
        assert!(section.contains(word), "{word}");
    }
}

#[test]
fn packages_that_go_and_conflicts_are_drawn_with_who_leads_to_it() {
    let plan = everything();
    let html = render(&plan, None);
    let at = plan.packages.iter().position(|o| o.name.as_str() == "p11-kit-trust").unwrap();
    let row = between(&html, &format!("<tbody id=\"p{at}\""), "</tbody>")[0];
    let told = between(row, "<desc", "</desc>")[0];
    // Its cause, and what goes because of it in turn.
    for word in ["glibc-2.17", "is gone: libc.so.6", "is gone: p11-kit-trust", "ca-certificates-"] {
        assert!(told.contains(word), "{word}: {told}");
    }
    let conflict = between(&html, "<section id=\"conflict\"", "</section>")[0];
    let told = between(conflict, "<desc", "</desc>")[0];
    for word in ["install rookery-wiki", "requires webserver", "nginx-1:1.20.1-10.el7.x86_64"] {
        assert!(told.contains(word), "{word}: {told}");
    }
    let bash = plan.packages.iter().position(|o| o.name.as_str() == "bash").unwrap();
    let row = between(&html, &format!("<tbody id=\"p{bash}\""), "</tbody>")[0];
    assert!(!row.contains("<svg"));
}

#[test]
fn a_drawing_is_bounded_and_says_what_is_left_out() {
    let mut plan = everything();
    let core = &plan.conflict.as_ref().unwrap().problems[0].core;
    let fact = core.iter().find(|fact| fact.to_string().contains("requires")).unwrap().clone();
    let more = (0..100).map(|n| {
        let text = serde_json::to_string(&fact).unwrap().replace("rookery-wiki", &format!("w{n}"));
        serde_json::from_str(&text).unwrap()
    });
    plan.conflict.as_mut().unwrap().problems[0].core.extend(more);
    let html = render(&plan, None);
    let conflict = between(&html, "<section id=\"conflict\"", "</section>")[0];
    assert_eq!(conflict.matches("<g class=\"node").count(), 24);
    assert!(
        between(conflict, "<figcaption>", "</figcaption>")[0].contains("left out of the drawing")
    );
}

#[test]
fn a_chain_that_goes_on_as_another_one_leads_there() {
    let mut plan = everything();
    let chain = |plan: &Plan, name: &str| {
        let found = plan.packages.iter().find(|o| o.name.as_str() == name);
        found.and_then(|operation| operation.because.clone()).unwrap()
    };
    let (mut long, end) = (chain(&plan, "ca-certificates"), chain(&plan, "p11-kit-trust"));
    let first = long.links[0].clone();
    long.links = vec![first; 4];
    long.links.extend(end.links.iter().cloned());
    let count = end.links.len();
    let of = |name: &str| plan.packages.iter().position(|o| o.name.as_str() == name).unwrap();
    let (at, other) = (of("ca-certificates"), of("p11-kit-trust"));
    plan.packages[at].because = Some(long);
    let html = render(&plan, None);
    let row = between(&html, &format!("<tbody id=\"p{at}\""), "</ol>")[0];
    assert!(row.contains(&format!("and {count} more, told with <a href=\"#p{other}\">")), "{row}");
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    assert_eq!(render(&everything(), None), render(&everything(), None));
}
