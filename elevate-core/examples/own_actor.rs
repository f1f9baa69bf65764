//! An actor and a pack of one's own beside those that ship: `cargo run -p elevate-core
//! --example own_actor`. The demo host is planned with them.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::collections::BTreeMap;
use std::sync::Arc;

use elevate_core::actor::{Applies, Host, NativeActor, Outcome, Run};
use elevate_core::demo;
use elevate_core::facts::Fact;
use elevate_core::finding::{Kind, Severity};
use elevate_core::pack::Pack;
use elevate_core::pipeline::{self, Decided, RuleSet};
use elevate_core::request::Options;

/// Our panel wants no third-party kernel modules.
const ACTOR: NativeActor = NativeActor {
    name: "panel_kernel_modules",
    summary: "kernel modules from elsewhere",
    about: "The panel supports the kernel of the distribution only. Remove modules of others.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["packages"],
    kinds: &[MODULES],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const MODULES: Kind = Kind::new(
    "panel.kernel-modules",
    "panel_kernel_modules",
    Severity::High,
    "Kernel modules of others are installed",
)
.inhibiting()
.groups(&["kernel"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let is_module = |name: &&str| name.starts_with("kmod-") && *name != "kmod-libs";
    let modules: Vec<&str> = host.names().filter(is_module).collect();
    if !modules.is_empty() {
        let words: Vec<&str> =
            ["yum", "remove"].into_iter().chain(modules.iter().copied()).collect();
        let finding = MODULES
            .finding(format!("They are: {}.", modules.join(", ")))
            .about("package", &modules)
            .command(&words);
        outcome.report(finding);
    }
    Ok(())
}

/// The same as data: what a vendor would ship in a directory.
const PACK: [(&str, &str); 2] = [
    (
        "pack.toml",
        r#"
        [pack]
        name = "panel"
        version = "3"
        requires = 1
        description = "What our panel needs."
        "#,
    ),
    (
        "web.toml",
        r#"
        [[actor]]
        name = "panel_web_server"
        summary = "the web server of the panel"
        about = "The panel brings its own configuration for nginx of release 8."
        when = "installed('nginx') || installed('httpd')"

        [actor.finding]
        id = "panel.web-server"
        severity = "low"
        title = "The panel writes the web server's configuration anew"
        summary = "What you changed by hand is kept beside it."
        "#,
    ),
];

fn pack() -> Result<Pack, String> {
    let files = PACK.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    Pack::read(&files.collect::<BTreeMap<_, _>>())
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut rules = RuleSet::shipped().clone();
    rules.actors.add(Arc::new(ACTOR))?;
    rules.add(&pack()?)?;
    let (snapshot, data) = (demo::snapshot()?, demo::data());
    let options = Options::new(pipeline::path_to(&snapshot, "almalinux:8.10".parse()?));
    let plan = Decided::with(&snapshot, &data, &options, &rules)?.plan();
    assert!(plan.provenance.actors.contains(&"panel_kernel_modules@1".to_owned()));
    assert!(plan.provenance.packs.contains(&"panel@3".to_owned()));
    let is_ours = |actor: &str| [ACTOR.name, "panel_web_server"].contains(&actor);
    let ours: Vec<_> = plan.findings.iter().filter(|finding| is_ours(&finding.actor)).collect();
    println!("{} actors were asked; ours said {} things", plan.provenance.actors.len(), ours.len());
    for finding in ours {
        println!("{}: {}", finding.title, finding.summary);
    }
    Ok(())
}
