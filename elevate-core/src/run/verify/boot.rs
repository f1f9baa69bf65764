//! Whether it is the host of the plan, in the release of the plan, with its kernel.

use super::{Check, kinds, release};
use crate::facts::environment::Python;
use crate::finding::Finding;
use crate::plan::{Plan, TargetPackage};

/// Packages that bring the kernel of the target.
const KERNELS: [&str; 4] = ["kernel-core", "kernel-rt-core", "kernel-uek-core", "kernel-uek"];

/// Release, machine and name of the host.
pub(super) fn identity(check: &mut Check<'_>) {
    let (plan, after) = (check.plan, check.after);
    let (here, target) = (&after.identity.system, &plan.path.target);
    if (&here.distro, here.release.major) != (&target.distro, target.release.major) {
        let text = format!("It runs {here}, and the plan leads to {target}.");
        check.report(kinds::RELEASE.finding(text).seen_in("/etc/os-release"));
    }
    let machine = plan.baseline.as_ref().and_then(|baseline| baseline.machine.clone());
    match machine.zip(after.machine()) {
        Some((planned, here)) if planned != here => {
            let text = "Their /etc/machine-id differ.";
            return check.report(kinds::OTHER_HOST.finding(text).seen_in("/etc/machine-id"));
        }
        Some(_) => return,
        None => {}
    }
    if let Some((planned, here)) = plan.hostname.as_ref().zip(after.identity.hostname.as_ref())
        && planned != here
    {
        let text = format!("The plan is that of {planned}, and this is {here}.");
        check.report(kinds::RENAMED_HOST.finding(text));
    }
}

/// The kernel that boots, and the one that runs.
pub(super) fn kernels(check: &mut Check<'_>) {
    let old = check.plan.path.source.release.major;
    let is_old = |kernel: &str| release::mark(kernel).is_some_and(|major| major <= old);
    match check.facts.boot().default_entry() {
        Err(unknown) => check.lacks(format!("which kernel boots by default: {unknown}")),
        Ok(None) => check.lacks("which kernel boots by default: there is no menu"),
        Ok(Some(entry)) => match entry.release() {
            None => check.lacks(format!("the kernel of the boot entry {:?}", entry.title)),
            Some(kernel) if is_old(kernel) => {
                let text = format!("By default {} boots, with {kernel}.", entry.title);
                let finding = kinds::BOOT_DEFAULT.finding(text).seen_in(&entry.source);
                let finding = set_default(check.plan, finding);
                check.report(finding);
            }
            Some(_) => {}
        },
    }
    // A mounted root has none, and that says nothing.
    if let Ok(running) = check.facts.kernels().running()
        && is_old(&running)
    {
        let finding = kinds::RUNNING.finding(format!("{running} is running."));
        check.report(finding.command(&["systemctl", "reboot"]));
    }
}

/// How to make the kernel of the plan the default.
fn set_default(plan: &Plan, finding: Finding) -> Finding {
    let to = plan.packages.iter().flat_map(|operation| &operation.to);
    let coming = plan.arrivals.iter().filter_map(|arrival| arrival.package.as_ref());
    let is_kernel = |package: &&TargetPackage| KERNELS.contains(&package.name.as_str());
    match to.chain(coming).find(is_kernel) {
        Some(TargetPackage { evr, arch, .. }) => {
            let path = format!("/boot/vmlinuz-{}-{}.{arch}", evr.version, evr.release);
            finding.command(&["grubby", "--set-default", &path])
        }
        None => finding.hint("make a kernel of the target the default with grubby"),
    }
}

/// Where the command `python` leads, as far as that was captured. Scripts that call it expect
/// Python 2 where the plan leaves it on the host; that nothing has the name is usual.
pub(super) fn python(check: &mut Check<'_>) {
    let has_two = || {
        let two = ["python2", "python27"];
        check.after.packages.iter().any(|package| two.contains(&package.name.as_str()))
    };
    const PLACE: &str = "/usr/bin/python";
    let is_link = check.after.evidence.links.contains_key(PLACE);
    let text = match check.facts.environment().python() {
        Ok(Python::Three(end)) if has_two() => {
            format!("{PLACE} leads to {end}, though Python 2 is installed for what calls it.")
        }
        Ok(Python::None) if is_link => format!("{PLACE} leads nowhere."),
        _ => return,
    };
    let finding = kinds::PYTHON.finding(text).seen_in(PLACE);
    let words = ["alternatives", "--set", "python", "/usr/bin/python2"];
    let finding = if has_two() { finding.command(&words) } else { finding };
    check.report(finding);
}
