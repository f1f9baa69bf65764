//! leapp's answer file, with the questions that matter on a host (formats.md 8).

use std::fmt::{self, Write as _};

use super::{Answers, Dialog};

/// Columns of the line above a question.
const RULE: usize = 77;

/// Questions as leapp's answer file: those without an answer commented out, with what leapp
/// proposes. The same questions give the same bytes.
pub fn answer_file<'a>(dialogs: impl IntoIterator<Item = &'a Dialog>) -> String {
    let mut text = String::new();
    let mut dialogs: Vec<&Dialog> = dialogs.into_iter().collect();
    dialogs.sort_by(|a, b| a.name.cmp(&b.name));
    let mut section = None;
    for dialog in dialogs {
        let (scope, key) = dialog.name.split_once('.').unwrap_or((&dialog.name, "confirm"));
        // Writing to a String cannot fail.
        if section != Some(scope) {
            let _ = heading(&mut text, scope, dialog);
            section = Some(scope);
        }
        let _ = question(&mut text, key, dialog);
    }
    text
}

fn heading(out: &mut String, scope: &str, dialog: &Dialog) -> fmt::Result {
    writeln!(out, "[{scope}]")?;
    remark(out, "Title:", &dialog.label)?;
    remark(out, "Reason:", "Only you can decide this")
}

fn question(out: &mut String, key: &str, dialog: &Dialog) -> fmt::Result {
    writeln!(out, "# {:=^RULE$}", format!(" {} ", dialog.name))?;
    remark(out, "Label:", &dialog.label)?;
    remark(out, "Description:", &dialog.consequences)?;
    remark(out, "Type:", "bool")?;
    remark(out, "Default:", dialog.proposed.map_or("None", Answers::word))?;
    remark(out, "Available choices:", "True/False")?;
    match dialog.answer {
        Some(answer) => writeln!(out, "{key} = {}", Answers::word(answer))?,
        None => {
            let proposed = dialog.proposed.map(Answers::word).unwrap_or_default();
            let how = "# Unanswered question. Uncomment the following line with your answer";
            writeln!(out, "{how}\n{}", format!("# {key} = {proposed}").trim_end())?;
        }
    }
    writeln!(out)
}

/// A remark below its name; no line of it can be taken for an answer.
fn remark(out: &mut String, name: &str, text: &str) -> fmt::Result {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    writeln!(out, "# {name:<20}{}", lines.next().unwrap_or_default())?;
    lines.try_for_each(|line| writeln!(out, "# {:<20}{line}", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(answer: Option<bool>) -> String {
        let dialog = Dialog {
            name: "authselect_check.confirm".to_owned(),
            label: "Go?".to_owned(),
            consequences: "True: it goes.\n\nconfirm = False: it stays.".to_owned(),
            proposed: Some(true),
            answer,
            key: None,
        };
        answer_file([&dialog])
    }

    #[test]
    fn a_question_is_commented_out_until_it_is_answered() {
        insta::assert_snapshot!(file(None), @"
        [authselect_check]
        # Title:              Go?
        # Reason:             Only you can decide this
        # ========================= authselect_check.confirm ==========================
        # Label:              Go?
        # Description:        True: it goes.
        #                     confirm = False: it stays.
        # Type:               bool
        # Default:            True
        # Available choices:  True/False
        # Unanswered question. Uncomment the following line with your answer
        # confirm = True
        ");
        let answered = |text: &str| {
            let mut answers = Answers::default();
            answers.read(text).unwrap();
            answers.get("authselect_check", "confirm").unwrap()
        };
        assert_eq!(answered(&file(None)), None);
        assert_eq!(answered(&file(Some(false))), Some(false));
    }
}
