//! What is needed to ask dnf.

use elevate_tests::tools::{self, answers};
pub(crate) use elevate_tests::tools::{must, run, write};

/// Whether dnf can be asked here; a reason is printed where not.
pub(crate) fn are_here() -> bool {
    tools::are_here(&["rpm", "rpmbuild", "createrepo_c", "modifyrepo_c", "dnf"])
}

/// Whether there is a C compiler; a reason is printed where not.
#[expect(clippy::print_stderr, reason = "tests say where they cannot")]
pub(crate) fn compiler_is_here() -> bool {
    let is_here = answers("cc");
    if !is_here {
        eprintln!("skipped without colours: there is no C compiler");
    }
    is_here
}
