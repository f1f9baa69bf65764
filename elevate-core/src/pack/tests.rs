mod answers;
mod transaction;
mod versions;

use std::collections::BTreeMap;

use super::*;

const MANIFEST: &str = "[pack]\nname = \"panel\"\nversion = \"1.2\"\nrequires = 1\n\
                        description = \"What the panel has to say.\"\n";

fn read(rules: &str) -> Result<Pack, Vec<PackError>> {
    let files = [("pack.toml", MANIFEST), ("rules.toml", rules)];
    Pack::read(&files.map(|(name, text)| (name.to_owned(), text.to_owned())).into())
}

/// What is wrong with rules, a line each.
fn wrong(rules: &str) -> String {
    let errors = read(rules).expect_err("it is wrong");
    errors.iter().map(|error| format!("{error}\n")).collect()
}

/// The failures of the tests in these rules, a line each; nothing where all hold.
fn failures(rules: &str) -> String {
    let pack = read(rules).unwrap_or_else(|errors| panic!("{errors:?}"));
    assert!(!pack.trials.is_empty());
    let failures = pack.trials.iter().filter_map(|trial| trial.run(&pack).unwrap());
    failures.map(|failure| format!("{}: {}\n", failure.name, failure.why.join("; "))).collect()
}

/// An actor with a condition, which makes the finding `t.x`.
fn actor(condition: &str) -> String {
    format!(
        "[[actor]]\nname = \"x\"\nsummary = \"s\"\nabout = \"a\"\nwhen = '''{condition}'''\n\
         [actor.finding]\nid = \"t.x\"\nseverity = \"low\"\ntitle = \"T\"\nsummary = \"S\"\n"
    )
}

fn trial(host: &str, expect: &str) -> String {
    format!("[[test]]\nname = \"t\"\nhost = '''\n{host}'''\nexpect = {expect}\n")
}

/// Whether a condition holds on a host; `None` where it is not known.
fn holds(condition: &str, host: &str) -> Option<bool> {
    let answers =
        [(Some(true), "['low t.x']"), (Some(false), "[]"), (None, "['low actors.undecided']")];
    for (answer, expect) in answers {
        if failures(&format!("{}{}", actor(condition), trial(host, expect))).is_empty() {
            return answer;
        }
    }
    panic!("{}", failures(&format!("{}{}", actor(condition), trial(host, "[]"))))
}

const HOST: &str = "//- packages
bash-4.2.46-35.el7_9.x86_64
ea-php56-5.6.40-1.el7.x86_64 third-party
ea-php74-7.4.33-1.el7.x86_64 third-party
//- /etc/panel.ini
[php]
default = ea-php56
//- /etc/default/panel
MODE=\"fast\"
//- absent /etc/other
//- command lsmod
Module Size Used by
btrfs 1 0
//- /proc/cmdline
root=/dev/sda1 panel=a panel=b
";

#[test]
fn each_function_answers() {
    for condition in [
        "installed('bash')",
        "signed('bash') && installed('ea-php56') && !signed('ea-php56')",
        "packages('ea-php*').size() == 2",
        "packages('ea-php*').exists(p, compare(p.version, '7.2') < 0)",
        "packages('bash').all(p, p.arch == 'x86_64' && p.signed && p.repository == 'base')",
        "compare('1:1', '2') > 0 && compare('1.0', '1.00') == 0",
        "exists('/etc/panel.ini') && isFile('/etc/panel.ini') && !exists('/etc/other')",
        "ini('/etc/panel.ini', 'php', 'default') == 'ea-php56'",
        "ini('/etc/panel.ini', 'php', 'other') == ''",
        "variable('/etc/default/panel', 'MODE') == 'fast'",
        "text('/etc/panel.ini').contains('ea-php56')",
        "lines('/etc/panel.ini').exists(l, l.number == 2 && l.text.matches('^default *='))",
        "text('/etc/other') == ''",
        "module('btrfs') && !module('xfs')",
        "kernelArgument('panel') == ['a', 'b']",
        "output('lsmod').startsWith('Module')",
        "source.distro == 'centos' && target.major == 8 && arch == 'x86_64'",
    ] {
        assert_eq!(holds(condition, HOST), Some(true), "{condition}");
        assert_eq!(holds(&format!("!({condition})"), HOST), Some(false), "!({condition})");
    }
}

#[test]
fn a_missing_fact_leaves_a_condition_open_only_where_it_matters() {
    let missing = "exists('/nowhere')";
    assert_eq!(holds(missing, HOST), None);
    assert_eq!(holds(&format!("!{missing}"), HOST), None);
    assert_eq!(holds(&format!("{missing} || installed('bash')"), HOST), Some(true));
    assert_eq!(holds(&format!("installed('bash') || {missing}"), HOST), Some(true));
    assert_eq!(holds(&format!("{missing} || installed('none')"), HOST), None);
    assert_eq!(holds(&format!("{missing} && installed('none')"), HOST), Some(false));
    assert_eq!(holds(&format!("{missing} && installed('bash')"), HOST), None);
    assert_eq!(holds("vendor('panel').licence == 'x'", HOST), None);
    let any = "packages('*').exists(p, exists('/d/' + p.name) || p.name == 'bash')";
    assert_eq!(holds(any, HOST), Some(true));
}

#[test]
fn the_pack_says_what_unknown_means() {
    for (on_unknown, expect) in
        [("report", "['low actors.undecided']"), ("silent", "[]"), ("fire", "['low t.x']")]
    {
        let actor = actor("exists('/nowhere')")
            .replace("when", &format!("on_unknown = \"{on_unknown}\"\nwhen"));
        assert_eq!(failures(&format!("{actor}{}", trial(HOST, expect))), "", "{on_unknown}");
    }
}

const PHP: &str = r#"
[tables]
gone = ["5.6", "7.0"]

[[actor]]
name = "panel_php"
version = 2
summary = "versions of PHP that are gone"
about = "Move sites to another version."
applies = { from = [7] }
for_each = "packages('ea-php*')"
when = "tables.gone.exists(v, item.version.startsWith(v))"

[actor.finding]
id = "panel.old-php"
severity = "high"
inhibitor = true
groups = ["python"]
title = "Old PHP"
summary = "They are: {{ items | map(attribute='nevra') | join(', ') }}; {{ source.distro }}."
hint = "Move them, {{ items | length }} in all."
commands = [["yum", "remove", { each = "{{ item.name }}" }]]
resources = [{ package = { each = "{{ item.name }}" } }, { file = "/etc/panel.ini" }]

[[actor.directive]]
keep = "{{ item.name }}"
[[actor.directive]]
after = "panel --rebuild {{ item.name }}"

[[test]]
name = "old versions are named"
host = "//- packages\nea-php56-5.6.40-1.el7.x86_64\nea-php74-7.4-1.el7.x86_64\nea-php70-7.0-1.el7.x86_64"
expect = ["high inhibitor panel.old-php"]
asks = ["keep ea-php56", "keep ea-php70", "panel --rebuild ea-php56", "panel --rebuild ea-php70"]
says = ["ea-php56-5.6.40-1.el7.x86_64, ea-php70-7.0-1.el7.x86_64; centos.", "2 in all",
        '["yum","remove","ea-php56","ea-php70"]', "file /etc/panel.ini, package ea-php56"]

[[test]]
name = "new versions are fine"
host = "//- packages\nea-php74-7.4-1.el7.x86_64"
expect = []
"#;

#[test]
fn items_are_gone_over_and_told_together() {
    assert_eq!(failures(PHP), "");
    let pack = read(PHP).unwrap();
    let card = crate::actor::Actor::card(&*pack.actors[0]);
    assert_eq!((card.id().as_str(), card.can_inhibit), ("panel_php@2", true));
    assert_eq!(card.applies, "from release 7 to any");
}

#[test]
fn a_test_that_does_not_hold_says_what_is_otherwise() {
    let rules = PHP.replace("expect = []", "expect = [\"low a.b\"]\nsays = [\"x\"]");
    assert_eq!(
        failures(&rules),
        "new versions are fine: finds [], and [\"low a.b\"] is expected; \
         no finding says \"x\"; they say []\n"
    );
}

#[test]
fn a_question_is_asked_before_the_actor_speaks() {
    const QUESTION: &str = "[actor.question]\nkey = \"go\"\nlabel = \"Go?\"\n\
                            consequences = \"It goes.\"\n[actor.finding]";
    let missing = "['high inhibitor answers.missing']";
    let actor = actor("installed('bash')").replace("[actor.finding]", QUESTION);
    let rules = format!("{actor}{}", trial(HOST, missing));
    assert_eq!(failures(&rules), "");
    for (answer, expect) in [("yes", "['low t.x']"), ("no", "[]")] {
        let rules = rules.replace(missing, expect);
        let rules = format!("{rules}answers = [\"x.go={answer}\"]\n");
        assert_eq!(failures(&rules), "", "{answer}");
    }
}

#[test]
fn documents_of_a_vendor_are_reached_by_name() {
    let rules = format!(
        "{}{}[test.vendor.panel]\nplugins = [{{ name = \"a\", broken = true }}]\n",
        actor("vendor('panel').plugins.exists(p, p.broken)"),
        trial("", "['low t.x']")
    );
    assert_eq!(failures(&rules), "");
}

#[test]
fn errors_point_at_the_place_and_say_what_to_write() {
    let fine = actor("true");
    let two = format!("{fine}{fine}");
    let asks = format!("{fine}\n[[actor.directive]]\ndelete = \"x\"\n");
    let silent = "[[actor]]\nname = \"a b\"\nsummary = \"s\"\nabout = \"a\"\n";
    let faults = [
        actor("installed('bash'"),
        actor("installed('bash') && present('x')"),
        fine.replace("summary = \"S\"", "summary = \"{{ a\""),
        fine.replace("\"t.x\"", "\"X\""),
        fine.replace("low", "mild"),
        silent.to_owned(),
        asks,
        two,
        trial("//- what", "[]"),
        "[[actor]]\nnam = 1\n".to_owned(),
    ];
    let told: String = faults.iter().map(|rules| wrong(rules)).collect();
    insta::assert_snapshot!(told, @r#"
    rules.toml:5:25: is no condition: Syntax error: missing ')' at '<EOF>'
    rules.toml:5:30: there is no function present; there are installed, signed, packages, compare, repositories, exists, isFile, isDirectory, paths, link, text, lines, ini, variable, output, room, mount, mounts, fstab, module, kernelArgument, kernel, bootEntry, memory, interfaces, container, enabled, sshd, selinux, user, group, listens, runs, vendor, fates, arrives
    rules.toml:10:15: is no text with places to fill in: syntax error: unexpected end of input, expected end of variable block (in text:1)
    rules.toml:7:6: an id is `topic.what`, in lower case
    rules.toml:8:12: unknown variant `mild`, expected one of `high`, `medium`, `low`, `info`
    rules.toml:2:8: a name has lower-case letters, digits and underscores
    rules.toml:2:8: says and asks nothing; give it `[actor.finding]` or `[[actor.directive]]`
    rules.toml:13:10: "delete" can not be asked; there are install, remove, keep, reinstall, enable_module, add_kernel_argument, remove_kernel_argument, enable_service, disable_service, before, after, first_boot
    rules.toml:12:8: there are two actors x of one version
    rules.toml:3:8: the host: line 1: "what" is no section; see the list of them
    rules.toml:2:1: unknown field `nam`, expected one of `name`, `version`, `summary`, `about`, `covers`, `after`, `applies`, `stage`, `when`, `for_each`, `on_unknown`, `question`, `finding`, `directive`
    "#);
}

#[test]
fn a_pack_without_a_manifest_or_of_a_newer_format_is_refused() {
    let error = |text: Option<&str>| {
        let files: BTreeMap<String, String> =
            text.map(|text| ("pack.toml".to_owned(), text.to_owned())).into_iter().collect();
        Pack::read(&files).unwrap_err()[0].to_string()
    };
    assert!(error(None).starts_with("pack.toml:1:1: is not there; begin it with `[pack]`"));
    let newer = MANIFEST.replace("requires = 1", "requires = 2");
    assert!(error(Some(&newer)).contains("is written in format 2; this Elevate reads up to 1"));
    assert!(error(Some("[pack]\nname = 1")).starts_with("pack.toml:2:8: "));
}

#[test]
fn a_test_asks_the_actors_of_its_file_and_alone_in_a_file_all() {
    let other = actor("true").replace("\"x\"", "\"y\"").replace("t.x", "t.y");
    let run = |second: &str, third: &str| {
        let files =
            [("pack.toml", MANIFEST), ("a.toml", &other), ("b.toml", second), ("c.toml", third)];
        let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let pack = Pack::read(&files.into()).unwrap();
        pack.trials.iter().filter_map(|trial| trial.run(&pack).unwrap()).collect::<Vec<_>>()
    };
    let of_file = format!("{}{}", actor("true"), trial("", "['low t.x']"));
    assert_eq!(run(&of_file, &trial("", "['low t.x', 'low t.y']")), []);
    assert_eq!(run(&of_file, &trial("", "['low t.x']")).len(), 1);
}

#[test]
fn a_pack_says_what_a_capture_takes_for_it() {
    let manifest = |collect: &str| {
        let text = format!("{MANIFEST}collect = {collect}\n");
        Pack::read(&BTreeMap::from([("pack.toml".to_owned(), text)]))
    };
    let pack = manifest("[\"/etc/panel/*\", \"entry /usr/local/panel\"]").unwrap();
    assert_eq!(pack.manifest.collect, ["/etc/panel/*", "entry /usr/local/panel"]);
    let told = manifest("[\"/etc/panel\", \"take /x\"]").unwrap_err()[0].to_string();
    assert!(told.starts_with("pack.toml:6:27: `collect`: starts with \"take\"; "), "{told}");
    assert!(told.contains("write a path, or one of content,"), "{told}");
}

/// A rule that fails on a host does not fail the run.
#[test]
fn a_condition_that_fails_is_told_and_so_is_a_text() {
    assert_eq!(holds("installed('bash').x == 1", HOST), None);
    assert_eq!(holds("1 + 1", HOST), None);
    let rules = actor("true").replace("\"S\"", "\"{{ nothing }}\"");
    assert_eq!(failures(&format!("{rules}{}", trial("", "['low actors.undecided']"))), "");
}

#[test]
fn evaluation_is_bounded() {
    let packages: String = (0..500).map(|number| format!("p{number}-1-1.el7.x86_64\n")).collect();
    let host = format!("//- packages\n{packages}");
    let once = "packages('*').all(a, a.name != 'x')";
    assert_eq!(holds(once, &host), Some(true));
    let squared = "packages('*').all(a, packages('*').all(b, a.name != 'x' || b.name == 'x'))";
    assert_eq!(holds(squared, &host), None, "it goes over too many items");
    let long = format!("true{}", " && true".repeat(1000));
    assert!(wrong(&actor(&long)).contains("is longer than 4096 bytes"));
}

/// Deeper than the parser goes.
#[test]
fn a_condition_that_is_too_deep_is_refused() {
    let deep = format!("{}true{}", "(".repeat(1500), ")".repeat(1500));
    let told = wrong(&actor(&deep));
    assert!(told.contains("is no condition"), "{told}");
}

proptest::proptest! {
    /// Damaged rules are refused with a place, or asked; neither panics.
    #[test]
    fn damaged_rules_are_refused_or_asked(
        at in 0..PHP.len(),
        taken in 0_usize..40,
        put in "[\\[\\]{}()\"'|%.,=a-z0-9 \n\\\\-]{0,12}",
    ) {
        let end = (at + taken).min(PHP.len());
        let (before, after) = (PHP.get(..at).unwrap_or(PHP), PHP.get(end..).unwrap_or_default());
        match read(&format!("{before}{put}{after}")) {
            Ok(pack) => pack.trials.iter().for_each(|trial| drop(trial.run(&pack))),
            Err(errors) => {
                assert!(errors.iter().all(|e| e.place.line > 0 && !e.what.is_empty()), "{errors:?}");
            }
        }
    }
}
