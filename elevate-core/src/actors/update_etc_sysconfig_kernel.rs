//! Which package new kernels come from.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::When;
use crate::facts::Fact;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "update_etc_sysconfig_kernel",
    summary: "the default kernel in /etc/sysconfig/kernel",
    about: "Kernels of release 8 come in the package kernel-core. DEFAULTKERNEL in \
            /etc/sysconfig/kernel, which says of which package a new kernel becomes the default \
            one, is changed to it; a value of your own is left alone.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["boot"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if let Some(file) = host.facts().boot().sysconfig_kernel_of_8()? {
        outcome.rewrite(When::Before, "kernels of release 8 come in another package", &file);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    #[test]
    fn the_default_kernel_is_that_of_the_new_package() {
        let host = "//- /etc/sysconfig/kernel\nUPDATEDEFAULT=yes\nDEFAULTKERNEL=kernel\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        before: kernels of release 8 come in another package
          /etc/sysconfig/kernel:2: DEFAULTKERNEL=kernel -> DEFAULTKERNEL=kernel-core
        ");
    }

    #[test]
    fn a_value_of_ones_own_is_left_alone() {
        for value in ["kernel-debug", "\"kernel\"", "kernel ", "kernel-core"] {
            let host = format!("//- /etc/sysconfig/kernel\nDEFAULTKERNEL={value}\n");
            assert_eq!(told(ACTOR, &host), "", "{value}");
        }
    }

    /// The edit of leapp fails then, in the middle of the upgrade.
    #[test]
    fn without_the_file_nothing_is_done() {
        assert_eq!(told(ACTOR, "//- absent /etc/sysconfig/kernel"), "");
    }
}
