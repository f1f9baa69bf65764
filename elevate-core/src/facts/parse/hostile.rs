//! No text, however hostile, harms a parser.

use proptest::prelude::*;

use super::*;

type Parser = fn(&str) -> Vec<OddLine>;

/// Every parser, as far as its odd lines.
const ALL: &[(&str, Parser)] = &[
    ("directives", |text| directives::parse(text, &directives::CUPS).1),
    ("directives", |text| directives::parse(text, &directives::NTP).1),
    ("hosts_access", |text| hosts_access::parse(text).1),
    ("ini", |text| ini::parse(text).1),
    ("key_value", |text| key_value::parse(text, '=').1),
    ("named", |text| named::parse(text).1),
    ("nsswitch", |text| nsswitch::parse(text).1),
    ("pam", |text| pam::parse(text).1),
    ("postfix main", |text| postfix::main_cf(text).1),
    ("postfix master", |text| postfix::master_cf(text).1),
    ("preset", |text| preset::parse(text).1),
    ("shell_vars", |text| shell_vars::parse(text).1),
    ("sshd", |text| sshd::parse(text).1),
    ("tags", |text| tags::parse(text).err().into_iter().collect()),
    ("unit_list", |text| unit_list::files(text).1),
    ("unit_list", |text| unit_list::running(text).1),
    ("verify", |text| verify::parse(text).1),
    ("versionlock", |text| versionlock::parse(text).1),
    ("vsftpd", |text| vsftpd::parse(text).1),
];

proptest! {
    #[test]
    fn no_text_makes_a_parser_panic_and_odd_lines_are_lines_of_it(
        text in "([a-zA-Z\\[\\]{}()<>=:;,.#!\"'\\\\/*@$%+\\- \t\r\n\u{e9}\0]|Match|include|EXCEPT|\\\\\n|\\[main\\]\n|<!--|/\\*|\\*/|auth ){0,80}"
    ) {
        let lines = text.split('\n').count();
        for (name, parse) in ALL {
            for odd in parse(&text) {
                prop_assert!((1..=lines).contains(&odd.line), "{} {:?}", name, odd);
                prop_assert!(odd.text.chars().count() <= 120);
            }
        }
    }
}

#[test]
fn large_hostile_texts_are_read_in_bounded_time_and_remarks() {
    let units = [
        "{",
        "\\\n",
        "x",
        "[",
        "[ ",
        "\"",
        "<",
        "<a ",
        "/*",
        "( ",
        "a=b\n",
        "!\n",
        "[a]\n",
        "a except ",
        "<a>",
        "a {",
        "&",
        "auth ",
    ];
    for unit in units {
        let text = unit.repeat(20_000);
        for (name, parse) in ALL {
            assert!(parse(&text).len() <= MOST_ODD, "{name} {unit:?}");
        }
    }
}
