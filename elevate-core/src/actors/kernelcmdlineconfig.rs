//! The kernel of release 8, its entry in the boot menu and its arguments.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::model::Arch;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "kernelcmdlineconfig",
    summary: "the kernel of release 8 and its arguments",
    about: "After the transaction the kernel of release 8 becomes the default entry of the boot \
            menu. It starts with the arguments of today's default entry, with those the plan adds \
            and without those it takes away, and so do kernels that come later.",
    covers: &[
        "force_default_boot_to_target_kernel_version",
        "scan_installed_target_kernel_version",
        "target_initramfs_generator",
    ],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["kernels"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let running = outcome.known(host.facts().kernels().running());
    let is_realtime = running.is_some_and(|release| release.contains(".rt"));
    let package = if is_realtime { "kernel-rt-core" } else { "kernel-core" };
    let after = |why: &str, what: String| Step::new(When::After, why, Change::other(what));
    // For everybody else the plan has steps of its own for the default and for arguments.
    let what = format!("grubby --set-default with the kernel of {package}");
    let default = after("the host boots release 8", what).on("another entry is the default");
    outcome.step(default.for_leapp());
    let what = format!(
        "grubby --update-kernel with the kernel of {package}, to add and remove the arguments the \
         plan names"
    );
    let arguments = after("the kernel keeps its arguments", what).on("the plan changes arguments");
    outcome.step(arguments.for_leapp());
    let place = match host.arch() {
        Arch::S390x => "write them to /etc/kernel/cmdline",
        _ => "write them to kernelopts of GRUB's environment: grub2-editenv - set kernelopts=...",
    };
    let what = format!("take root and the arguments of the default entry and {place}");
    outcome.step(after("kernels that come later have the same arguments", what));
    let what = format!("depmod and dracut -f for the kernel of {package}");
    let condition = "the plan copies files or modules into the initramfs of the target";
    outcome.step(after("what is needed to reach / is in the initramfs", what).on(condition));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};

    #[test]
    fn the_new_kernel_becomes_the_default_with_the_old_arguments() {
        insta::assert_snapshot!(told(ACTOR, "//- kernel 3.10.0-1160.el7.x86_64\n"), @"
        after: the host boots release 8
          if: another entry is the default
          only leapp needs it
          grubby --set-default with the kernel of kernel-core
        after: the kernel keeps its arguments
          if: the plan changes arguments
          only leapp needs it
          grubby --update-kernel with the kernel of kernel-core, to add and remove the arguments the plan names
        after: kernels that come later have the same arguments
          take root and the arguments of the default entry and write them to kernelopts of GRUB's environment: grub2-editenv - set kernelopts=...
        after: what is needed to reach / is in the initramfs
          if: the plan copies files or modules into the initramfs of the target
          depmod and dracut -f for the kernel of kernel-core
        ");
    }

    #[test]
    fn a_kernel_for_real_time_has_one_for_successor() {
        let told = told(ACTOR, "//- kernel 3.10.0-1160.rt56.1131.el7.x86_64\n");
        assert!(told.contains("the kernel of kernel-rt-core"), "{told}");
        assert!(!told.contains("the kernel of kernel-core"), "{told}");
    }

    #[test]
    fn s390x_has_its_arguments_in_a_file() {
        let host = "//- host centos:7.9 s390x\n//- kernel 3.10.0-1160.el7.s390x\n";
        assert!(told(ACTOR, host).contains("/etc/kernel/cmdline"));
    }

    #[test]
    fn a_running_kernel_nobody_knows_is_an_ordinary_one() {
        let told = told(ACTOR, "");
        assert!(told.contains("actors.undecided"), "{told}");
        assert!(told.contains("the kernel of kernel-core"), "{told}");
    }

    #[test]
    fn other_upgrades_are_none_of_its_business() {
        assert_eq!(Case::new(ACTOR, "").to("almalinux:9.4").told(), "");
    }
}
