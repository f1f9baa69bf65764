//! vi and vim keep behaving as on release 7.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "vim_migrate",
    summary: "vi and vim keep behaving as on release 7",
    about: "vim of release 8 reads `defaults.vim` and turns bracketed paste on. Two lines in \
            `/etc/virc` and `/etc/vimrc` keep both off, as before; take them out again if the new \
            behaviour is welcome.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["daemons", "verification", "packages"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    for (package, path) in [("vim-minimal", "/etc/virc"), ("vim-enhanced", "/etc/vimrc")] {
        if !host.has(package) {
            continue;
        }
        let Some(Some(file)) = outcome.known(host.facts().daemons().vim(path)) else { continue };
        let why = format!("Keep the behaviour of release 7 in {path}");
        let replaced = format!(
            "Add `let skip_defaults_vim=1` and `set t_BE=` to the {path} that comes with release 8"
        );
        // The file of vim-enhanced is in vim-common.
        let owner = if package == "vim-enhanced" { "vim-common" } else { package };
        outcome.rewrite_shipped(host, owner, &why, &file, Some(&replaced));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const PACKAGES: &str = "//- packages\nvim-minimal\nvim-enhanced\n";

    #[test]
    fn changed_files_get_lines_at_their_end() {
        insta::assert_snapshot!(told(
            ACTOR,
            &format!(
                "{PACKAGES}//- /etc/virc\nset nocp\n//- /etc/vimrc\nset bs=2\nset t_BE=\n\
                 //- command rpm -Va\nS.5....T.  c /etc/virc\nS.5....T.  c /etc/vimrc\n"
            )
        ), @r#"
        after: Keep the behaviour of release 7 in /etc/virc
          /etc/virc:2: (nothing) -> " Added for release 8:
          /etc/virc:2: (nothing) -> let skip_defaults_vim=1
          /etc/virc:2: (nothing) -> set t_BE=
        after: Keep the behaviour of release 7 in /etc/vimrc
          /etc/vimrc:3: (nothing) -> " Added for release 8:
          /etc/vimrc:3: (nothing) -> let skip_defaults_vim=1
        "#);
    }

    #[test]
    fn files_nobody_changed_are_new_ones_by_then() {
        insta::assert_snapshot!(told(
            ACTOR,
            &format!(
                "{PACKAGES}//- /etc/virc\nset nocp\n//- absent /etc/vimrc\n//- command rpm -Va\n\n"
            )
        ), @"
        after: Keep the behaviour of release 7 in /etc/virc
          Add `let skip_defaults_vim=1` and `set t_BE=` to the /etc/virc that comes with release 8
        ");
    }

    #[test]
    fn whether_a_file_was_changed_may_be_unknown() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nvim-minimal\n//- /etc/virc\nset nocp\n"), @r#"
        after: Keep the behaviour of release 7 in /etc/virc
          if: the file was changed on this host; else the new package replaces it
          /etc/virc:2: (nothing) -> " Added for release 8:
          /etc/virc:2: (nothing) -> let skip_defaults_vim=1
          /etc/virc:2: (nothing) -> set t_BE=
        "#);
    }

    /// leapp's defect: it adds the lines on every run.
    #[test]
    fn lines_that_are_there_are_not_added_again() {
        let conf = "let skip_defaults_vim=1\nset t_BE=\n";
        assert_eq!(told(ACTOR, &format!("//- packages\nvim-minimal\n//- /etc/virc\n{conf}")), "");
    }

    #[test]
    fn only_files_of_installed_packages_are_looked_at() {
        assert_eq!(told(ACTOR, "//- packages\nvim-minimal unsigned\n"), "");
        insta::assert_snapshot!(told(ACTOR, "//- packages\nvim-enhanced\n"), @"
        low actors.undecided [sanity]
          A check lacks evidence: vim_migrate (vi and vim keep behaving as on release 7) was not decided: /etc/vimrc: was not captured.
          about: evidence /etc/vimrc
        ");
    }
}
