//! The page of a plan in a browser: it works from a file, alone, and nothing of a plan
//! gets out of its place. Without Chromium these tests say so and are skipped.

#![expect(clippy::expect_used, clippy::print_stderr, reason = "helpers of tests")]
#![expect(clippy::disallowed_methods, reason = "tests start pdftotext")]

use std::path::PathBuf;
use std::process::{Command, Stdio};

use elevate_core::plan::Plan;
use elevate_core::report::html;
use elevate_tests::binary::elevate;
use elevate_tests::browser::Browser;
use elevate_tests::data::TempDir;
use elevate_tests::plans::{PAYLOAD, everything, hostile, large, recorded};
use elevate_tests::recorded::oracle_dir;
use serde_json::json;

/// A browser with the page of a plan, and where that stands.
struct Opened {
    browser: Browser,
    directory: TempDir,
}

impl Opened {
    /// Opens a page; `None` where there is no browser.
    fn page(html: &str) -> Option<Self> {
        let mut browser = Browser::start()?;
        let directory = TempDir::new("page").expect("a directory");
        let file: PathBuf = directory.write("plan.html", html.as_bytes()).expect("a file");
        browser.size(1280, 900);
        browser.open(&file);
        Some(Self { browser, directory })
    }

    fn plan(plan: &Plan) -> Option<Self> {
        Self::page(&html::render(plan, None))
    }

    fn ask(&mut self, script: &str) -> serde_json::Value {
        self.browser.ask(script)
    }

    /// Ends with nothing said, and nothing asked for.
    fn done(mut self) {
        assert_eq!(self.browser.complaints(), [""; 0]);
        drop(self.directory);
    }
}

/// How many rows of packages can be seen.
const SEEN: &str = "document.querySelectorAll('#table > tbody:not(.off)').length";

fn type_filter(text: &str) -> String {
    let text = json!(text);
    format!(
        "(() => {{ const f = document.getElementById('filter'); f.value = {text}; \
         f.dispatchEvent(new Event('input', {{ bubbles: true }})); return {SEEN}; }})()"
    )
}

#[test]
fn the_demo_page_works_from_a_file_and_asks_for_nothing() {
    let Some(mut page) = Opened::page(&elevate(&["demo", "--format", "html"]).stdout) else {
        return;
    };
    assert_eq!(
        page.ask("document.querySelector('.sentence').textContent"),
        "The upgrade must not go ahead."
    );
    let first = "document.querySelector('main section + section').id";
    assert_eq!(page.ask(first), "inhibitors");
    page.done();
}

#[test]
fn rows_are_filtered_by_text_and_by_fate_and_sorted() {
    let plan = everything();
    let Some(mut page) = Opened::plan(&plan) else { return };
    let count = |word: &str| plan.packages.iter().filter(|o| o.fate.word() == word).count();
    let all = plan.packages.len() + plan.arrivals.len();
    assert_eq!(page.ask(SEEN), all);
    assert_eq!(page.ask(&type_filter("P11-kit 0.23")), 1);
    assert_eq!(page.ask(&type_filter("no such package")), 0);
    assert_eq!(
        page.ask("document.getElementById('shown').textContent"),
        format!("0 of {all} packages")
    );
    assert_eq!(page.ask(&type_filter("")), all);
    let press = |word: &str| {
        format!(
            "(() => {{ [...document.querySelectorAll('.chip')].find(c => c.textContent.endsWith(' {word}')).click(); return {SEEN}; }})()"
        )
    };
    assert_eq!(page.ask(&press("removed")), count("removed"));
    assert_eq!(page.ask(&press("upgraded")), count("removed") + count("upgraded"));
    assert_eq!(page.ask(&press("removed")), count("upgraded"));
    assert_eq!(page.ask(&press("upgraded")), all);
    let names = "[...document.querySelectorAll('#table tbody tr:first-child th')].map(h => h.firstChild.textContent)";
    let sort = |column: u32| {
        format!(
            "(() => {{ document.querySelector('.sort[data-c=\"{column}\"]').click(); return {names}; }})()"
        )
    };
    let sorted = page.ask(names);
    let reversed = page.ask(&sort(0));
    let mut expected = sorted.as_array().expect("a list").clone();
    expected.reverse();
    assert_eq!(reversed.as_array(), Some(&expected));
    assert_eq!(page.ask(&sort(0)), sorted);
    let first =
        page.ask(&format!("({}, document.querySelector('#table tbody').dataset.f)", sort(3)));
    assert_eq!(first, "0", "what is removed comes first");
    page.done();
}

#[test]
fn reasons_unfold_by_a_key_and_by_a_link() {
    let Some(mut page) = Opened::plan(&everything()) else { return };
    page.ask("document.querySelector('#p1 .why').focus()");
    let state = "[document.querySelector('#p1 .why').getAttribute('aria-expanded'), document.getElementById('p1-w').checkVisibility()]";
    assert_eq!(page.ask(state), json!(["false", false]));
    page.browser.press("Enter", "\r");
    assert_eq!(page.ask(state), json!(["true", true]));
    // A link to a row shows it, even where it was filtered out.
    page.ask(&type_filter("bash"));
    let follow = "new Promise(done => { addEventListener('hashchange', () => setTimeout(done)); location.hash = '#p5'; })";
    page.ask(follow);
    let shown = "[document.getElementById('p5').checkVisibility(), document.getElementById('p5-w').checkVisibility()]";
    assert_eq!(page.ask(shown), json!([true, true]));
    page.done();
}

#[test]
fn commands_are_copied_with_and_without_the_clipboard_of_the_browser() {
    let Some(mut page) = Opened::plan(&everything()) else { return };
    let permissions = json!(["clipboardReadWrite", "clipboardSanitizedWrite"]);
    page.browser.call("Browser.grantPermissions", json!({"permissions": permissions}));
    let copy = |at: usize| {
        format!(
            "(async () => {{ const b = document.querySelectorAll('.copy')[{at}]; b.click(); \
             while (b.textContent === 'Copy') await new Promise(r => setTimeout(r, 10)); \
             return [b.textContent, document.getElementById('said').textContent, \
             await navigator.clipboard.readText(), b.previousElementSibling.textContent]; }})()"
        )
    };
    let first = page.ask(&copy(0));
    assert_eq!(first[0], "Copied");
    assert_eq!((&first[1], &first[2]), (&json!("Copied"), &first[3]));
    assert_eq!(first[2], "sed -i '/^htop$/d' /etc/leapp/transaction/to_remove");
    page.ask("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))");
    let second = page.ask(&copy(1));
    assert_eq!(second[0], "Copied");
    assert_eq!(second[2], second[3]);
    assert_ne!(first[2], second[2]);
    page.done();
}

/// The contrast of every text that can be seen with what is behind it, where it is below
/// 4.5, the least of WCAG's level AA.
const FAINT: &str = "(() => {
  const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const parts = (color) => { paint.clearRect(0, 0, 1, 1); paint.fillStyle = color; paint.fillRect(0, 0, 1, 1); return [...paint.getImageData(0, 0, 1, 1).data]; };
  const light = (rgb) => rgb.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; } return [255, 255, 255, 255]; };
  const faint = [];
  for (const e of document.querySelectorAll('body *:not(svg *)')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const [a, b] = [light(parts(getComputedStyle(e).color)), light(behind(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push(`${e.tagName}.${e.className} ${ratio.toFixed(2)}`);
  }
  return faint;
})()";

#[test]
fn texts_stand_out_in_the_light_and_in_the_dark() {
    let Some(mut page) = Opened::plan(&everything()) else { return };
    let back = "getComputedStyle(document.body).backgroundColor";
    page.browser.dark(false);
    let light = page.ask(back);
    assert_eq!(page.ask(FAINT), json!([]));
    page.browser.dark(true);
    assert_ne!(page.ask(back), light);
    assert_eq!(page.ask(FAINT), json!([]));
    page.done();
}

#[test]
fn a_phone_shows_all_without_scrolling_sideways() {
    let Some(mut page) = Opened::plan(&everything()) else { return };
    for width in [320, 390, 700, 1000, 1600] {
        page.browser.size(width, 800);
        let wide = "[...document.querySelectorAll('body *:not(.scroll *)')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80)).slice(0, 5)";
        assert_eq!(page.ask(wide), json!([]), "{width}");
        let all = page.ask("document.documentElement.scrollWidth").as_u64().expect("a number");
        assert!(all <= u64::from(width), "{all} of {width}");
    }
    page.done();
}

#[test]
fn what_is_printed_has_everything_but_the_controls() {
    let plan = everything();
    let Some(mut page) = Opened::plan(&plan) else { return };
    let pdf = page.browser.print();
    assert!(pdf.starts_with(b"%PDF"));
    let Some(text) = text_of(&page.directory, &pdf) else { return };
    assert!(text.contains('\u{c}'), "more than one page");
    // pdftotext joins words that a line ends within, without their hyphen.
    let squeezed = |text: &str| text.split_whitespace().collect::<String>().replace('-', "");
    let printed = squeezed(&text);
    let links =
        plan.packages.iter().filter_map(|o| o.because.as_ref()).flat_map(|chain| &chain.links);
    let mut wanted: Vec<String> = links.map(|link| link.to_string()).collect();
    wanted.extend(plan.packages.iter().map(|operation| operation.name.to_string()));
    wanted.extend(plan.findings.iter().map(|finding| finding.summary.clone()));
    wanted.extend(plan.findings.iter().flat_map(|f| &f.evidence).filter_map(|e| e.text.clone()));
    wanted.extend(plan.provenance.actors.iter().cloned());
    for text in wanted {
        assert!(printed.contains(&squeezed(&text)), "{text}");
    }
    for control in ["Showallreasons", "Showeach", "Filter"] {
        assert!(!printed.contains(control), "{control}");
    }
    page.done();
}

/// The text of a PDF; `None` where there is no tool to read it.
fn text_of(directory: &TempDir, pdf: &[u8]) -> Option<String> {
    let file = directory.write("plan.pdf", pdf).expect("a file");
    let read = Command::new("pdftotext").arg(file).arg("-").stderr(Stdio::null()).output();
    match read {
        Ok(read) => Some(String::from_utf8(read.stdout).expect("UTF-8")),
        Err(error) => {
            eprintln!("skipped: pdftotext: {error}");
            None
        }
    }
}

#[test]
fn nothing_of_a_hostile_plan_gets_out_of_its_place() {
    let (plan, places) = hostile();
    for place in ["/findings/title", "/disk/mount", "/hostname", "/findings/remediation/context"] {
        assert!(places.contains(place), "{place}: {places:?}");
    }
    assert!(places.len() > 60, "{places:?}");
    let page = html::render(&plan, Some(&everything()));
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains("<img") && !page.contains(" onfocus=\"") && !page.contains(PAYLOAD));
    let Some(mut page) = Opened::page(&page) else { return };
    assert_eq!(page.ask("typeof got"), "undefined");
    assert_eq!(page.ask("document.querySelectorAll('img, script:not(head > script), iframe, object, embed, base, form').length"), 0);
    let handlers = "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes]).filter(a => a.name.startsWith('on') || a.name === 'style' || a.value.startsWith('javascript:')).length";
    assert_eq!(page.ask(handlers), 0);
    // It is told, as it is.
    let told = page.ask("document.querySelector('.finding h3').textContent");
    assert_eq!(told, PAYLOAD);
    assert_eq!(page.ask("document.querySelectorAll('style, title:not(svg title)').length"), 2);
    // Nothing happens when everything is used.
    page.ask("document.querySelectorAll('button').forEach(b => b.click())");
    page.ask("document.querySelectorAll('*').forEach(e => e.focus && e.focus())");
    assert_eq!(page.ask("typeof got"), "undefined");
    page.done();
}

#[test]
fn a_plan_of_2600_packages_stays_usable() {
    let plan = large(2600);
    let page = html::render(&plan, None);
    assert!(page.len() < 4 << 20, "{} bytes", page.len());
    let Some(mut page) = Opened::page(&page) else { return };
    assert_eq!(page.ask(SEEN), plan.packages.len() + plan.arrivals.len());
    let of = |name: &str| plan.packages.iter().filter(|o| o.name.as_str().contains(name)).count();
    let of_nginx = page.ask(&type_filter("nginx-")).as_u64().expect("a number");
    assert!(of_nginx as usize >= of("nginx-"));
    page.ask(&type_filter(""));
    page.ask("document.getElementById('unfold').click()");
    assert_eq!(page.ask("document.querySelectorAll('#table .fold:not(.open)').length"), 0);
    page.done();
}

#[test]
fn a_desktop_with_all_its_reasons_fits_into_a_page() {
    let Some(directory) = oracle_dir("solver/debian") else { return };
    let plan = recorded(&directory, "gnome");
    let page = html::render(&plan, None);
    let rows = plan.packages.len() + plan.arrivals.len();
    assert!(rows > 1986 && page.len() < 4 << 20, "{rows} rows, {} bytes", page.len());
    let Some(mut page) = Opened::page(&page) else { return };
    assert_eq!(page.ask(SEEN), rows);
    let drawings = "document.querySelectorAll('#table svg').length";
    let drawn = page.ask(drawings).as_u64().expect("a number");
    assert!((1..=60).contains(&drawn), "{drawn}");
    page.done();
}
