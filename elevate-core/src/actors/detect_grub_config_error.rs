//! GRUB's files on disk are damaged.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::parse::grubenv::Fault;
use crate::facts::parse::shell_vars::Assignment;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "detect_grub_config_error",
    summary: "/etc/default/grub or grubenv is damaged",
    about: "The upgrade writes boot entries. It cannot where GRUB's environment block, grubenv, is \
            not exactly the 1024 bytes GRUB expects, which happens when it is edited by hand: \
            recreate it with grub2-editenv. What is wrong in /etc/default/grub is put right on the \
            way: text after the value of GRUB_CMDLINE_LINUX, and a last line without its end.",
    covers: &["scan_grub_config"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["boot"],
    kinds: &[CORRUPTED, SYNTAX, NEWLINE],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const CORRUPTED: Kind = Kind::new(
    "boot.grubenv-corrupted",
    "detect_grub_config_error",
    Severity::High,
    "GRUB's environment block is damaged",
)
.inhibiting()
.groups(&["boot"]);

const SYNTAX: Kind = Kind::new(
    "boot.grub-cmdline-syntax",
    "detect_grub_config_error",
    Severity::Low,
    "Something follows the kernel's arguments in /etc/default/grub",
)
.groups(&["boot"])
.key("1a185a73302d519a5a82b1d1d86de3c995382305");

const NEWLINE: Kind = Kind::new(
    "boot.grub-missing-newline",
    "detect_grub_config_error",
    Severity::Low,
    "The last line of /etc/default/grub has no end",
)
.groups(&["boot"])
.key("f9b4b7bf7ee3aca5c894a2cd9812e76a95f71f4b");

const DEFAULT: &str = "/etc/default/grub";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.arch().as_str() != "s390x" {
        environments(host, outcome);
        syntax(host, outcome);
    }
    let ends = outcome.known(host.facts().boot().default_grub_ends_in_newline()).flatten();
    if ends == Some(false) {
        let summary = "What is added to the file would continue its last line.";
        let hint = "The upgrade adds the line end; nothing has to be done.";
        outcome.report(NEWLINE.finding(summary).about("file", [DEFAULT]).hint(hint));
    }
    Ok(())
}

fn environments(host: &Host<'_>, outcome: &mut Outcome) {
    let Some(all) = outcome.known(host.facts().boot().environments()) else { return };
    all.unread.into_iter().for_each(|unknown| outcome.lacks(unknown));
    // A link is as good as the block it leads to, which is among the others.
    let blocks = all.files.iter().filter(|file| file.link.is_none() || all.files.len() == 1);
    let bad: Vec<_> = blocks.filter(|file| !file.env.faults.is_empty()).collect();
    if bad.is_empty() {
        return;
    }
    let told = bad.iter().map(|file| {
        let faults: Vec<String> = file.env.faults.iter().map(Fault::to_string).collect();
        format!("{} {}.", file.path, faults.join(", and "))
    });
    let mut finding = CORRUPTED
        .finding(told.collect::<Vec<_>>().join(" "))
        .about("file", bad.iter().map(|file| &file.path))
        .hint("Keep the settings of the block, delete it and make it anew.");
    for file in &bad {
        finding = finding.command(&["grub2-editenv", &file.path, "create"]);
    }
    if bad.iter().all(|file| file.env.faults == [Fault::Signature]) {
        finding = finding.leapp("looks at the size and the last character only");
    }
    outcome.report(finding);
}

fn syntax(host: &Host<'_>, outcome: &mut Outcome) {
    let Some(Some(grub)) = outcome.known(host.facts().boot().default_grub()) else { return };
    let is_it = |text: &str| text.trim_start().starts_with("GRUB_CMDLINE_LINUX=");
    let finding = if let Some(line) = grub.odd.iter().find(|odd| is_it(&odd.text)) {
        let summary = format!("Line {} of /etc/default/grub {}.", line.line, line.why);
        SYNTAX.finding(summary).seen(DEFAULT, line.line, &line.text)
    } else if let Some(lost) = lost_argument(&grub.value) {
        let summary = format!(
            "Line {} of /etc/default/grub sets {} for a shell; the kernel does not get it.",
            lost.line, lost.name
        );
        host.seen(SYNTAX.finding(summary), [(DEFAULT, lost.line)])
    } else {
        return;
    };
    let hint = "Put all arguments between the quotes.";
    outcome.report(finding.about("file", [DEFAULT]).hint(hint));
}

/// What stands behind the arguments on their last line and is no setting of GRUB's: with a
/// `=` in it, it is a variable to a shell.
fn lost_argument(assignments: &[Assignment]) -> Option<&Assignment> {
    assignments.windows(2).find_map(|pair| {
        let [arguments, next] = pair else { return None };
        let last_line = arguments.line + arguments.value.matches('\n').count();
        let is_behind = arguments.name == "GRUB_CMDLINE_LINUX" && next.line == last_line;
        (is_behind && !next.name.starts_with("GRUB")).then_some(next)
    })
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const NO_BLOCKS: &str = "//- absent /boot/grub2/grubenv\n//- absent /boot/efi/EFI\n";
    const GOOD: &str = "GRUB_CMDLINE_LINUX=\"crashkernel=auto\"\n";

    fn block(size: usize) -> String {
        let head = "# GRUB Environment Block\n";
        format!("{head}{}", "#".repeat(size - head.len()))
    }

    /// A host with this in `/etc/default/grub`.
    fn grub(text: &str) -> String {
        told(ACTOR, &format!("{NO_BLOCKS}//- {}\n{text}", super::DEFAULT))
    }

    /// The text language ends every file with a line end, which no good block has.
    #[test]
    fn a_damaged_block_forbids_the_upgrade() {
        let host = format!(
            "//- /boot/grub2/grubenv\n{}\n//- absent /boot/efi/EFI\n//- /etc/default/grub\n{GOOD}",
            block(1023)
        );
        insta::assert_snapshot!(told(ACTOR, &host), @"
        high inhibitor boot.grubenv-corrupted [boot]
          GRUB's environment block is damaged: /boot/grub2/grubenv ends in a line end, not in padding.
          about: file /boot/grub2/grubenv
          hint: Keep the settings of the block, delete it and make it anew.
          run: grub2-editenv /boot/grub2/grubenv create
        ");
    }

    #[test]
    fn a_link_is_told_of_with_the_block_it_leads_to() {
        let host = format!(
            "//- link /boot/grub2/grubenv -> ../efi/EFI/centos/grubenv\n\
             //- /boot/grub2/grubenv\nx\n//- dir /boot/efi/EFI: centos/\n\
             //- /boot/efi/EFI/centos/grubenv\nx\n//- /etc/default/grub\n{GOOD}"
        );
        let told = told(ACTOR, &host);
        assert!(!told.contains("about: file /boot/grub2/grubenv"), "{told}");
        assert!(told.contains("about: file /boot/efi/EFI/centos/grubenv"), "{told}");
    }

    #[test]
    fn what_follows_the_arguments_is_told() {
        insta::assert_snapshot!(grub("GRUB_CMDLINE_LINUX=\"quiet\" rhgb\nGRUB_TIMEOUT=5\n"), @r#"
        low boot.grub-cmdline-syntax [boot]
          Something follows the kernel's arguments in /etc/default/grub: Line 1 of /etc/default/grub has more than assignments; a shell would run the rest.
          seen: /etc/default/grub:1: GRUB_CMDLINE_LINUX="quiet" rhgb
          about: file /etc/default/grub
          hint: Put all arguments between the quotes.
        "#);
    }

    #[test]
    fn an_argument_behind_the_quotes_is_lost_even_if_a_shell_takes_it_for_a_variable() {
        insta::assert_snapshot!(grub("GRUB_CMDLINE_LINUX=\"quiet\" crashkernel=auto\n"), @r#"
        low boot.grub-cmdline-syntax [boot]
          Something follows the kernel's arguments in /etc/default/grub: Line 1 of /etc/default/grub sets crashkernel for a shell; the kernel does not get it.
          seen: /etc/default/grub:1: GRUB_CMDLINE_LINUX="quiet" crashkernel=auto
          about: file /etc/default/grub
          hint: Put all arguments between the quotes.
        "#);
        for lost in ["\"a\n b\" c=d\n", "'quiet'; rhgb=1\n"] {
            let told = grub(&format!("GRUB_CMDLINE_LINUX={lost}"));
            assert!(told.starts_with("low boot.grub-cmdline-syntax"), "{lost}: {told}");
        }
        assert_eq!(grub("GRUB_CMDLINE_LINUX=\"quiet\" GRUB_TIMEOUT=5\n"), "");
        assert_eq!(grub("GRUB_CMDLINE_LINUX=\"a\n b\"\nother=1\n"), "");
    }

    /// leapp's defect: it wants the next line to begin with `GRUB` or `#`, and reads
    /// comments too.
    #[test]
    fn comments_and_other_variables_are_fine() {
        for text in [
            "GRUB_CMDLINE_LINUX=\"quiet\"   \nGRUB_TIMEOUT=5\n",
            "GRUB_CMDLINE_LINUX=\"quiet\" # why\n",
            "GRUB_CMDLINE_LINUX=\"quiet\"\nexport GRUB_COLOR=\"x\"\n",
            "# GRUB_CMDLINE_LINUX=\"quiet\" rhgb\n",
            "GRUB_CMDLINE_LINUX='quiet'\nother=1\n",
            "GRUB_CMDLINE_LINUX=\"\"\n",
        ] {
            assert_eq!(grub(text), "", "{text}");
        }
    }

    #[test]
    fn on_s390x_there_is_no_grub() {
        let host = "//- host centos:7.9 s390x\n//- /etc/default/grub\nGRUB_CMDLINE_LINUX=\"\" x\n";
        assert_eq!(told(ACTOR, host), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: detect_grub_config_error (/etc/default/grub or grubenv is damaged) was not decided: /boot/efi/EFI: was not captured; /etc/default/grub: was not captured.
          about: evidence /boot/efi/EFI
          about: evidence /etc/default/grub
        ");
    }
}
