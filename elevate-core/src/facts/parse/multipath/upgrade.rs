//! A file of multipath's as release 8 needs it. What only release 7 knows is commented
//! out or gets its new name; devices that stand for all others (`all_devs`) become the
//! section `overrides`.

use std::collections::{BTreeMap, BTreeSet};

use super::{MultipathBlock, MultipathConf, MultipathOption, SECTIONS, parse, tokens};

const COMMENTED: &str = "# commented out for release 8";
const CHANGED: &str = "# changed for release 8";
const ADDED: &str = "# added for release 8";

/// Options release 8 does not know, wherever they stand.
const GONE: [&str; 4] =
    ["hw_str_match", "ignore_new_boot_devs", "new_bindings_in_boot", "unpriv_sgio"];
/// Options of release 8 that are not set for all devices at once.
const OF_ONE_DEVICE: [&str; 8] = [
    "all_devs",
    "hardware_handler",
    "pg_timeout",
    "product",
    "product_blacklist",
    "revision",
    "unpriv_sgio",
    "vendor",
];
const QUEUE: &str = "queue_if_no_path";

/// What a file has to say on release 8; `None` where it can stay as it is.
pub fn upgraded(text: &str) -> Option<String> {
    if !needs_change(&parse(text).0) {
        return None;
    }
    let lines = split(text);
    let joined: String = lines.iter().map(|(_, line)| format!("{line}\n")).collect();
    let (conf, _) = parse(&joined);
    let all_devs = all_devs(&conf);
    let mut rewritten: Vec<(usize, Vec<String>)> = Vec::with_capacity(lines.len());
    let mut changed = BTreeSet::new();
    let mut options = conf.options.iter().peekable();
    let retried: BTreeSet<usize> =
        conf.options.iter().filter(|o| is_retry(o)).map(|option| option.block).collect();
    let moved = moved(&conf, &all_devs);
    let opening = overrides_begin(&conf, &lines);
    let mut devices = all_devs.iter().filter_map(|index| conf.blocks.get(*index)).peekable();
    for (number, (origin, line)) in (1..).zip(&lines) {
        while devices.next_if(|block| block.end.is_some_and(|end| end < number)).is_some() {}
        let device = devices.peek().filter(|block| block.line <= number);
        let option = options.next_if(|option| option.line <= number);
        let mut new = match (device, option) {
            (Some(block), _) => vec![in_device(line, block.line == number)],
            (None, Some(option)) => of_option(line, option, &conf, &retried),
            (None, None) => vec![line.clone()],
        };
        if Some(number) == opening {
            new.extend(moved.iter().map(|(name, value)| setting(name, value)));
        }
        if new.as_slice() != std::slice::from_ref(line) {
            changed.insert(*origin);
        }
        rewritten.push((*origin, new));
    }
    Some(joined_again(text, &conf, rewritten, &changed, &moved, opening.is_some()))
}

/// The lines that changed, all others as they were, and what comes at the end.
fn joined_again(
    text: &str,
    conf: &MultipathConf,
    rewritten: Vec<(usize, Vec<String>)>,
    changed: &BTreeSet<usize>,
    moved: &[(String, String)],
    has_overrides: bool,
) -> String {
    let originals: Vec<&str> = text.lines().collect();
    let mut result = String::with_capacity(text.len());
    let mut add = |line: &str| {
        result.push_str(line);
        result.push('\n');
    };
    let mut last = usize::MAX;
    for (origin, lines) in rewritten {
        if changed.contains(&origin) {
            lines.iter().for_each(|line| add(line));
        } else if origin != last {
            add(originals.get(origin).copied().unwrap_or_default());
        }
        last = origin;
    }
    // The braces of devices went with them.
    let all_devs = all_devs(conf);
    let open = conf.blocks.iter().enumerate().filter(|(_, block)| block.end.is_none());
    open.filter(|(index, _)| !all_devs.contains(index)).for_each(|_| add(&format!("}} {ADDED}")));
    if !moved.is_empty() && !has_overrides {
        add(&format!("overrides {{ {ADDED}"));
        moved.iter().for_each(|(name, value)| add(&setting(name, value)));
        add(&format!("}} {ADDED}"));
    }
    result
}

/// Whether something in a file is other than release 8 knows or wants it.
fn needs_change(conf: &MultipathConf) -> bool {
    let default = |names: &[&str]| conf.last("defaults", names);
    let is = |names: &[&str], bad: bool| {
        default(names).is_some_and(|option| option.as_bool() == Some(bad))
    };
    default(&["path_checker", "checker"]).is_some_and(|o| o.value.as_deref() != Some("tur"))
        || is(&["detect_path_checker", "detect_checker"], false)
        || is(&["detect_prio"], false)
        || is(&["retain_attached_hw_handler"], false)
        || is(&["reassign_maps"], true)
        || conf.options_of("overrides").any(|o| is_one(o, &["hardware_handler", "pg_timeout"]))
        || conf.options.iter().any(|option| {
            is_one(option, &GONE) || is_one(option, &["detect_path_checker"]) || queues(option)
        })
        || !all_devs(conf).is_empty()
}

fn is_one(option: &MultipathOption, names: &[&str]) -> bool {
    names.contains(&option.name.as_str())
}

fn queues(option: &MultipathOption) -> bool {
    let value = option.value.as_deref().unwrap_or_default();
    option.name == "features" && value.contains(QUEUE)
}

fn is_retry(option: &MultipathOption) -> bool {
    let value = option.value.as_deref().unwrap_or_default();
    let is_number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    option.name == "no_path_retry" && (is_number || matches!(value, "fail" | "queue"))
}

/// The devices that stand for all others, by their number among the blocks.
fn all_devs(conf: &MultipathConf) -> BTreeSet<usize> {
    let is_device = |option: &&MultipathOption| {
        let block = conf.blocks.get(option.block);
        block.is_some_and(|block| block.section == "devices" && block.subsection.is_some())
    };
    let yes = |option: &&MultipathOption| {
        option.name == "all_devs" && option.as_bool() == Some(true) && is_device(option)
    };
    conf.options.iter().filter(yes).map(|option| option.block).collect()
}

/// The lines with their number in the file; one on which several things stand is
/// several.
fn split(text: &str) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let parts = parts(line);
        if parts.len() > 1 {
            lines.extend(comment(line).map(|comment| (number, comment.to_owned())));
            lines.extend(parts.into_iter().map(|part| (number, part)));
        } else {
            lines.push((number, line.to_owned()));
        }
    }
    lines
}

/// The comment at the end of a line.
fn comment(line: &str) -> Option<&str> {
    let mut is_quoted = false;
    let begins = |(_, c): &(usize, char)| {
        is_quoted ^= *c == '"';
        !is_quoted && matches!(c, '#' | '!')
    };
    let (begin, _) = line.char_indices().find(begins)?;
    line.get(begin..)
}

/// The beginnings of blocks, options and ends on a line.
fn parts(line: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut tokens = tokens(line).into_iter().peekable();
    while let Some(token) = tokens.next() {
        let next = (!matches!(token.as_str(), "{" | "}"))
            .then(|| tokens.next_if(|next| next != "}"))
            .flatten();
        parts.push(match next {
            None => token,
            Some(brace) if brace == "{" => format!("{token} {{"),
            // A word before the brace of a section is passed by.
            Some(_) if SECTIONS.contains(&token.as_str()) => match tokens.next_if_eq("{") {
                Some(_) => format!("{token} {{"),
                None => token,
            },
            Some(value) => format!("{token} {}", quoted(&value)),
        });
    }
    parts
}

fn quoted(value: &str) -> String {
    let is_plain = !value.is_empty()
        && !value.contains(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '#' | '!'));
    if is_plain { value.to_owned() } else { format!("\"{value}\"") }
}

fn commented(line: &str) -> String {
    format!("# {line} {COMMENTED}")
}

/// A line of a device that stands for all others.
fn in_device(line: &str, is_first: bool) -> String {
    match line.trim() {
        "" => "#".to_owned(),
        text if text.starts_with('#') => line.to_owned(),
        _ if is_first => format!("# {line} {COMMENTED}: see overrides"),
        _ => commented(line),
    }
}

fn of_option(
    line: &str,
    option: &MultipathOption,
    conf: &MultipathConf,
    retried: &BTreeSet<usize>,
) -> Vec<String> {
    let block = conf.blocks.get(option.block).filter(|block| block.subsection.is_none());
    if is_one(option, &GONE) || block.is_some_and(|block| is_bad(option, block)) {
        return vec![commented(line)];
    }
    if option.name == "detect_path_checker" {
        let renamed = line.replacen("detect_path_checker", "detect_checker", 1);
        return vec![format!("{renamed} {CHANGED}")];
    }
    if !queues(option) {
        return vec![line.to_owned()];
    }
    let value = option.value.as_deref().unwrap_or_default();
    let mut lines = vec![match without_queue(value) {
        Some(rest) => format!("{} {CHANGED}", line.replacen(value, &rest, 1)),
        None => commented(line),
    }];
    if !retried.contains(&option.block) {
        let indent: String = line.chars().take_while(|c| c.is_whitespace()).collect();
        lines.push(format!("{indent}no_path_retry queue {ADDED}"));
    }
    lines
}

/// Whether an option of a section has a value release 8 does not want.
fn is_bad(option: &MultipathOption, block: &MultipathBlock) -> bool {
    match (block.section.as_str(), option.name.as_str()) {
        ("defaults", "path_checker" | "checker") => option.value.as_deref() != Some("tur"),
        (
            "defaults",
            "retain_attached_hw_handler" | "detect_prio" | "detect_path_checker" | "detect_checker",
        ) => option.as_bool() != Some(true),
        ("defaults", "reassign_maps") => option.as_bool() != Some(false),
        ("overrides", "hardware_handler" | "pg_timeout") => true,
        _ => false,
    }
}

/// Features without the one that became an option; `None` where their number is not
/// the one that is written first.
fn without_queue(value: &str) -> Option<String> {
    let mut words = value.split_whitespace();
    let count: usize = words.next()?.parse().ok()?;
    let words: Vec<&str> = words.collect();
    let rest: Vec<&str> = words.iter().copied().filter(|word| *word != QUEUE).collect();
    if count != words.len() || rest.len() == words.len() {
        return None;
    }
    Some(std::iter::once(rest.len().to_string().as_str()).chain(rest).collect::<Vec<_>>().join(" "))
}

/// The options of devices that stand for all others, as `overrides` has them. What
/// that section says already stays.
fn moved(conf: &MultipathConf, all_devs: &BTreeSet<usize>) -> Vec<(String, String)> {
    let mut moved: Vec<(String, String)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let options = conf.options.iter().filter(|option| all_devs.contains(&option.block));
    for option in options.filter(|option| !is_one(option, &OF_ONE_DEVICE)) {
        let name = new_name(&option.name);
        let value = option.value.clone().unwrap_or_default();
        let place = *places.entry(name).or_insert(moved.len());
        match moved.get_mut(place) {
            Some(known) => known.1 = value,
            None => moved.push((name.to_owned(), value)),
        }
    }
    let features =
        moved.iter_mut().find(|(name, value)| name == "features" && value.contains(QUEUE));
    if let Some((_, value)) = features {
        if let Some(rest) = without_queue(value) {
            *value = rest;
        }
        if !moved.iter().any(|(name, _)| name == "no_path_retry") {
            moved.push(("no_path_retry".to_owned(), "queue".to_owned()));
        }
    }
    let mut kept: BTreeSet<&str> = BTreeSet::new();
    for option in conf.options_of("overrides") {
        kept.insert(new_name(&option.name));
        kept.extend(queues(option).then_some("no_path_retry"));
    }
    moved.retain(|(name, _)| !kept.contains(name.as_str()));
    moved
}

/// The name release 8 has for an option, the same for synonyms.
fn new_name(name: &str) -> &str {
    match name {
        "detect_path_checker" => "detect_checker",
        "checker" => "path_checker",
        name => name,
    }
}

fn setting(name: &str, value: &str) -> String {
    format!("\t{name} {} {ADDED}", quoted(value))
}

/// The line after which what `overrides` says begins: that with its brace.
fn overrides_begin(conf: &MultipathConf, lines: &[(usize, String)]) -> Option<usize> {
    let is_it =
        |block: &&MultipathBlock| block.section == "overrides" && block.subsection.is_none();
    let begin = conf.blocks.iter().find(is_it)?.line;
    let opens = |number: usize| {
        let line = lines.get(number - 1).map(|(_, line)| tokens(line)).unwrap_or_default();
        line.iter().any(|token| token == "{")
    };
    let text = |number: usize| lines.get(number - 1).map_or("", |(_, line)| line.trim());
    let next = (begin + 1..=lines.len()).find(|number| !text(*number).is_empty());
    if opens(begin) { Some(begin) } else { next.filter(|next| text(*next) == "{").or(Some(begin)) }
}

#[cfg(test)]
mod tests {
    use super::upgraded;

    fn after(text: &str) -> String {
        let after = upgraded(text).unwrap();
        assert_eq!(upgraded(&after), None, "once is enough:\n{after}");
        after
    }

    #[test]
    fn defaults_that_are_others_now_are_commented_out() {
        let text = "defaults {\n\tpath_checker rdac\n\tdetect_prio no\n\tdetect_path_checker 0\n\
                    \treassign_maps \"yes\"\n\tuser_friendly_names yes\n\thw_str_match yes\n}\n";
        insta::assert_snapshot!(after(text), @r#"
        defaults {
        # 	path_checker rdac # commented out for release 8
        # 	detect_prio no # commented out for release 8
        # 	detect_path_checker 0 # commented out for release 8
        # 	reassign_maps "yes" # commented out for release 8
        	user_friendly_names yes
        # 	hw_str_match yes # commented out for release 8
        }
        "#);
    }

    #[test]
    fn what_is_not_wanted_of_release_8_is_the_reason() {
        let fine = "defaults {\n\tpath_checker tur\n\tdetect_prio yes\n\treassign_maps no\n}\n\
                    devices {\n\tdevice {\n\t\tpath_checker rdac\n\t\tfeatures \"0\"\n\t}\n}\n";
        assert_eq!(upgraded(fine), None);
        assert_eq!(upgraded(""), None);
        assert_eq!(upgraded("defaults {\n\tdetect_prio perhaps\n}\n"), None);
        assert_eq!(upgraded("defaults {\n\tchecker rdac\n\tpath_checker tur\n}\n"), None);
    }

    #[test]
    fn devices_for_all_become_overrides() {
        let text = "# mine\ndevices {\n\tdevice {\n\t\tvendor X\n\t\tproduct Y\n\t}\n\tdevice {\n\t\tall_devs yes\n\
                    \t\tchecker rdac\n\n\t\t# why\n\t\tdetect_path_checker yes\n\t\tfeatures \"3 queue_if_no_path pg_init_retries 50\"\n\
                    \t\thardware_handler \"1 alua\"\n\t}\n\tdevice {\n\t\tall_devs 1\n\t\tfast_io_fail_tmo 5\n\t}\n}\n";
        insta::assert_snapshot!(after(text), @r#"
        # mine
        devices {
        	device {
        		vendor X
        		product Y
        	}
        # 	device { # commented out for release 8: see overrides
        # 		all_devs yes # commented out for release 8
        # 		checker rdac # commented out for release 8
        #
        		# why
        # 		detect_path_checker yes # commented out for release 8
        # 		features "3 queue_if_no_path pg_init_retries 50" # commented out for release 8
        # 		hardware_handler "1 alua" # commented out for release 8
        # 	} # commented out for release 8
        # 	device { # commented out for release 8: see overrides
        # 		all_devs 1 # commented out for release 8
        # 		fast_io_fail_tmo 5 # commented out for release 8
        # 	} # commented out for release 8
        }
        overrides { # added for release 8
        	path_checker rdac # added for release 8
        	detect_checker yes # added for release 8
        	features "2 pg_init_retries 50" # added for release 8
        	fast_io_fail_tmo 5 # added for release 8
        	no_path_retry queue # added for release 8
        } # added for release 8
        "#);
    }

    #[test]
    fn overrides_that_are_there_stay_and_get_the_rest() {
        let text = "overrides\n{\n\tpath_checker tur\n\tpg_timeout 5\n}\ndevices {\n\tdevice {\n\t\tall_devs yes\n\
                    \t\tchecker rdac\n\t\tno_path_retry 5\n\t}\n}\n";
        insta::assert_snapshot!(after(text), @"
        overrides
        {
        	no_path_retry 5 # added for release 8
        	path_checker tur
        # 	pg_timeout 5 # commented out for release 8
        }
        devices {
        # 	device { # commented out for release 8: see overrides
        # 		all_devs yes # commented out for release 8
        # 		checker rdac # commented out for release 8
        # 		no_path_retry 5 # commented out for release 8
        # 	} # commented out for release 8
        }
        ");
    }

    #[test]
    fn a_feature_becomes_an_option() {
        let text = "devices {\n\tdevice {\n\t\tvendor X\n\t\tfeatures \"2 queue_if_no_path a\"\n\t}\n\
                    \tdevice {\n\t\tfeatures \"5 queue_if_no_path\"\n\t}\n\
                    \tdevice {\n\t\tfeatures \"1 queue_if_no_path\"\n\t\tno_path_retry fail\n\t\tdetect_path_checker no\n\t}\n}\n";
        insta::assert_snapshot!(after(text), @r#"
        devices {
        	device {
        		vendor X
        		features "1 a" # changed for release 8
        		no_path_retry queue # added for release 8
        	}
        	device {
        # 		features "5 queue_if_no_path" # commented out for release 8
        		no_path_retry queue # added for release 8
        	}
        	device {
        		features "0" # changed for release 8
        		no_path_retry fail
        		detect_checker no # changed for release 8
        	}
        }
        "#);
    }

    #[test]
    fn missing_braces_are_added() {
        let text = "defaults {\n\treassign_maps yes\n}\ndevices {\n\tdevice {\n\t\tvendor X\n";
        insta::assert_snapshot!(after(text), @"
        defaults {
        # 	reassign_maps yes # commented out for release 8
        }
        devices {
        	device {
        		vendor X
        } # added for release 8
        } # added for release 8
        ");
        let text = "devices {\n\tdevice {\n\t\tall_devs yes\n\t\tchecker rdac\n";
        insta::assert_snapshot!(after(text), @"
        devices {
        # 	device { # commented out for release 8: see overrides
        # 		all_devs yes # commented out for release 8
        # 		checker rdac # commented out for release 8
        } # added for release 8
        overrides { # added for release 8
        	path_checker rdac # added for release 8
        } # added for release 8
        ");
    }

    /// leapp does not read blocks on one line.
    #[test]
    fn a_block_on_one_line_is_taken_apart_where_it_has_to_change() {
        let text = "blacklist { devnode \"^sd\" }\ndefaults { path_checker rdac user_friendly_names yes } # mine\n";
        insta::assert_snapshot!(after(text), @r#"
        blacklist { devnode "^sd" }
        # mine
        defaults {
        # path_checker rdac # commented out for release 8
        user_friendly_names yes
        }
        "#);
    }
}
