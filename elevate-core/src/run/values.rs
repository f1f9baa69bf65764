//! Values of a plan that end up as words of commands. One that a program would take for an
//! option, for a path or for several things is refused before anything is done.

use crate::model::ModuleStream;
use crate::plan::{Action, Step};

/// The longest id of a step and the longest name, in bytes.
const LONGEST: usize = 255;

/// What is wrong with a step, as far as its words tell.
pub(super) fn wrong(step: &Step) -> Option<String> {
    if !is_name(&step.id, "-._@") {
        return Some(format!("{:?} is no id of a step", step.id));
    }
    let value = match &step.action {
        Action::Service { unit, .. } => (!is_name(unit, "-._@:\\")).then(|| (unit.clone(), "unit")),
        Action::BootEntry { kernel } => {
            (!is_name(kernel, "-._+~^")).then(|| (kernel.clone(), "kernel"))
        }
        Action::KernelArgument { argument, .. } => {
            (!is_argument(argument)).then(|| (argument.clone(), "kernel argument"))
        }
        Action::Modules { reset, enable } => {
            let mut streams = reset.iter().chain(enable);
            let wrong = streams.find(|ModuleStream { name, stream }| {
                !is_name(name, "-._+") || !is_name(stream, "-._+")
            });
            wrong.map(|stream| (stream.to_string(), "module stream"))
        }
        Action::Command { command } if command.first().is_none_or(String::is_empty) => {
            Some((String::new(), "command"))
        }
        _ => None,
    };
    value.map(|(value, what)| format!("step {}: {value:?} is no {what}", step.id))
}

/// Letters, digits and some signs, none that a program takes for an option or a part of a
/// path.
fn is_name(text: &str, signs: &str) -> bool {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || signs.contains(c);
    let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '@');
    begins && text.len() <= LONGEST && text.chars().all(is_fine)
}

/// One argument, quoted or not.
fn is_argument(text: &str) -> bool {
    let is_fine = |c: char| !c.is_control();
    !text.is_empty() && !text.starts_with('-') && text.len() <= 4096 && text.chars().all(is_fine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing;

    fn said(action: Action) -> String {
        wrong(&testing::step("after.a", action)).unwrap_or_default()
    }

    #[test]
    fn a_unit_is_neither_an_option_nor_a_path() {
        let unit = |unit: &str| said(Action::Service { unit: unit.to_owned(), enabled: true });
        for fine in ["sshd.service", "getty@tty1.service", "dev-disk-by\\x2dlabel.swap"] {
            assert_eq!(unit(fine), "");
        }
        for bad in ["", "-f", "--root=/", "/etc/x.service", "a b", "a\nb", "../a"] {
            assert!(unit(bad).ends_with("is no unit"), "{bad:?}");
        }
    }

    #[test]
    fn kernels_their_arguments_and_streams_are_no_options() {
        let kernel = |text: &str| said(Action::BootEntry { kernel: text.to_owned() });
        assert_eq!(kernel("4.18.0-553.el8_10.x86_64"), "");
        assert_eq!(kernel("../x"), "step after.a: \"../x\" is no kernel");
        let argument =
            |text: &str| said(Action::KernelArgument { argument: text.to_owned(), present: true });
        assert_eq!(argument("console=ttyS0,115200 quiet"), "");
        assert!(argument("--remove-kernel=ALL").ends_with("is no kernel argument"));
        assert!(argument("a\nb").ends_with("is no kernel argument"));
        let stream = |name: &str, stream: &str| {
            let stream = ModuleStream { name: name.to_owned(), stream: stream.to_owned() };
            said(Action::Modules { reset: Vec::new(), enable: vec![stream] })
        };
        assert_eq!(stream("perl-DBD-SQLite", "1.58"), "");
        assert!(stream("--installroot=/", "1").ends_with("is no module stream"));
        assert!(stream("*", "1").ends_with("is no module stream"));
    }

    #[test]
    fn an_id_fits_a_line_and_a_command_has_a_program() {
        assert_eq!(wrong(&testing::step("after.a-2", Action::Reboot)), None);
        for bad in ["", "a\nb", "a b", "../a", "-a"] {
            assert!(wrong(&testing::step(bad, Action::Reboot)).is_some(), "{bad:?}");
        }
        assert!(said(Action::Command { command: Vec::new() }).ends_with("is no command"));
        assert_eq!(said(Action::Command { command: vec!["true".to_owned()] }), "");
    }
}
