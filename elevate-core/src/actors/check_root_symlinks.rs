//! Links in `/` that lead to absolute paths.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::storage::RootLink;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_root_symlinks",
    summary: "links in / lead to absolute paths",
    about: "During the upgrade the host's root is mounted below another one. A link in / that \
            leads to an absolute path, such as bin -> /usr/bin, then leads out of the host and \
            into the system that upgrades it. Make these links relative; they mean the same.",
    covers: &["root_scanner"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["storage"],
    kinds: &[ABSOLUTE],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const ABSOLUTE: Kind = Kind::new(
    "storage.root-absolute-symlinks",
    "check_root_symlinks",
    Severity::High,
    "Links in / lead to absolute paths",
)
.inhibiting()
.key("3d895ad37ceaf4157864d439edb6bd75562061fa");

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let links = host.facts().storage().root_links()?;
    let (odd, absolute): (Vec<&RootLink>, Vec<_>) =
        links.iter().filter(|link| link.is_absolute()).partition(|link| is_odd(link));
    if odd.is_empty() && absolute.is_empty() {
        return Ok(());
    }
    let all: Vec<String> = absolute
        .iter()
        .chain(&odd)
        .map(|link| format!("/{} -> {}", link.name, link.target))
        .collect();
    let mut finding = ABSOLUTE
        .finding(format!("These links lead to absolute paths: {}.", all.join(", ")))
        .link("https://access.redhat.com/solutions/6989732");
    for RootLink { name, target } in absolute {
        let relative = match target.trim_start_matches('/') {
            "" => ".",
            relative => relative,
        };
        finding = finding.command(&["ln", "-snf", relative, &format!("/{name}")]);
    }
    if !odd.is_empty() {
        finding = finding.hint(format!(
            "Make relative, by hand, the {} whose names are not UTF-8.",
            match odd.len() {
                1 => "one".to_owned(),
                count => format!("{count} links"),
            }
        ));
    }
    outcome.report(finding);
    Ok(())
}

/// Whether no command can be written down for it.
fn is_odd(link: &RootLink) -> bool {
    let is_odd = |text: &str| text.contains("\\x") || text.contains(char::REPLACEMENT_CHARACTER);
    is_odd(&link.name) || is_odd(&link.target)
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    #[test]
    fn absolute_links_forbid_the_upgrade() {
        let host = "//- dir /: bin@ lib@ x@ etc/\n//- link /bin -> /usr/bin\n\
                    //- link /lib -> usr/lib\n//- link /x -> /\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        high inhibitor storage.root-absolute-symlinks []
          Links in / lead to absolute paths: These links lead to absolute paths: /bin -> /usr/bin, /x -> /.
          run: ln -snf usr/bin /bin
          run: ln -snf . /x
        ");
    }

    #[test]
    fn for_a_name_that_is_not_utf_8_there_is_no_command() {
        let host = "//- dir /: caf\\xe9@\n//- link /caf\\xe9 -> /srv\n";
        insta::assert_snapshot!(told(ACTOR, host), @r"
        high inhibitor storage.root-absolute-symlinks []
          Links in / lead to absolute paths: These links lead to absolute paths: /caf\xe9 -> /srv.
          hint: Make relative, by hand, the one whose names are not UTF-8.
        ");
    }

    #[test]
    fn relative_links_are_fine() {
        let host = "//- dir /: bin@ etc/\n//- link /bin -> usr/bin\n";
        assert_eq!(told(ACTOR, host), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_root_symlinks (links in / lead to absolute paths) was not decided: /: was not captured.
          about: evidence /
        ");
    }
}
