//! Answers put into an answer file that is there, line by line: remarks stay, which leapp
//! itself loses (formats.md 12.17).

/// What became of an answer that was to be put into a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// It stands there.
    Answered,
    /// The file has no such section, and none was to be added.
    NoSection,
}

/// Puts an answer into the text of an answer file: in place of one that stands there, else
/// behind the remark that waits for one, else at the end of its section. A section that is
/// not there is added where `add` says so.
pub fn edit(text: &mut String, scope: &str, key: &str, value: &str, add: bool) -> Edited {
    let answer = format!("{key} = {value}");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let heading = |line: &str| {
        let named = line.trim().strip_prefix('[')?.strip_suffix(']')?;
        Some(named.trim().to_owned())
    };
    let Some(start) = lines.iter().position(|line| heading(line).as_deref() == Some(scope)) else {
        if !add {
            return Edited::NoSection;
        }
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        *text += &format!("[{scope}]\n{answer}\n");
        return Edited::Answered;
    };
    let rest = lines.iter().skip(start + 1).position(|line| heading(line).is_some());
    let end = rest.map_or(lines.len(), |rest| start + 1 + rest);
    let section = start + 1..end;
    let is_of = |line: &str| {
        let named = line.split_once(['=', ':']).map(|(named, _)| named.trim());
        named.is_some_and(|named| named.eq_ignore_ascii_case(key))
    };
    let answers: Vec<usize> = section.clone().filter(|at| is_of(&lines[*at])).collect();
    if let Some((last, earlier)) = answers.split_last() {
        lines[*last] = answer;
        earlier.iter().rev().for_each(|at| drop(lines.remove(*at)));
    } else {
        let waits = |line: &str| line.trim().strip_prefix('#').is_some_and(&is_of);
        let filled = || section.clone().rev().find(|at| !lines[*at].trim().is_empty());
        let at = section.clone().rev().find(|at| waits(&lines[*at])).or_else(filled);
        lines.insert(at.unwrap_or(start) + 1, answer);
    }
    *text = lines.join("\n") + "\n";
    Edited::Answered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, add: bool) -> (String, Edited) {
        let mut text = text.to_owned();
        let edited = edit(&mut text, "a", "confirm", "True", add);
        (text, edited)
    }

    #[test]
    fn an_answer_takes_its_place_and_remarks_stay() {
        for (before, after) in [
            (
                "[a]\n# Type: bool\n# confirm =\n\n[b]\n",
                "[a]\n# Type: bool\n# confirm =\nconfirm = True\n\n[b]\n",
            ),
            ("[a]\nConfirm: no\n", "[a]\nconfirm = True\n"),
            ("[a]\nconfirm = 1\n# x\nconfirm = 2\n", "[a]\n# x\nconfirm = True\n"),
            ("[b]\nconfirm = x\n[ a ]\n\n", "[b]\nconfirm = x\n[ a ]\nconfirm = True\n\n"),
            ("[a]", "[a]\nconfirm = True\n"),
        ] {
            assert_eq!(edited(before, false), (after.to_owned(), Edited::Answered));
        }
    }

    #[test]
    fn a_section_is_added_only_where_that_is_asked() {
        assert_eq!(edited("[b]", false), ("[b]".to_owned(), Edited::NoSection));
        assert_eq!(edited("[b]", true).0, "[b]\n[a]\nconfirm = True\n");
        assert_eq!(edited("", true).0, "[a]\nconfirm = True\n");
    }
}
