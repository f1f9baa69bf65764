//! What was not captured, or cannot be judged.

use super::*;
use crate::model::Arch;

pub(super) fn checks(cx: &Context<'_>, seen: &Seen<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !Arch::SUPPORTED.contains(cx.arch()) {
        let summary =
            format!("The host is {}; upgrades exist for {}.", cx.arch(), join(&Arch::SUPPORTED));
        findings.push(UNSUPPORTED_ARCH.finding(summary));
    }
    if seen.packages.unknown_distribution {
        let distro = &cx.options.path.source.distro;
        let summary = format!(
            "No signing keys are known for {distro}, so its packages cannot be told from third parties'."
        );
        findings.push(UNKNOWN_DISTRIBUTION.finding(summary));
    }
    if cx.options.all_signed {
        let summary = "Every package counts as the distribution's, whoever signed it, because it was asked \
                       for. leapp refuses LEAPP_DEVEL_RPMS_ALL_SIGNED unless LEAPP_UNSUPPORTED=1 is set.";
        findings.push(ALL_SIGNED.finding(summary));
    }
    let presumed = seen.packages.presumed.len();
    if presumed > 0 {
        let summary = format!(
            "{} came without a signature in the package list and are taken for the distribution's. \
             Third-party packages among them are planned as if the distribution had made them.",
            count(presumed, "package name")
        );
        let finding = SIGNATURES_UNKNOWN.finding(summary).hint(
            "List packages with signatures: rpm -qa --qf '%{name}|%{version}|%{release}|%{epoch}|\
             %{packager}|%{arch}|%|DSAHEADER?{%{DSAHEADER:pgpsig}}:{%|RSAHEADER?{%{RSAHEADER:pgpsig}}:\
             {(none)}|}|\\n'",
        );
        findings.push(finding);
    }
    if !cx.facts.repositories.known {
        let summary = "Which vendors are active, and which repositories of the target follow the \
                       host's, is judged by where packages say they came from, if they say so.";
        findings.push(REPOSITORIES_UNKNOWN.finding(summary));
    }
    for (file, why) in &cx.facts.repositories.unread {
        findings.push(REPO_FILE_UNREAD.finding(format!("{file}: {why}")).about("file", [file]));
    }
    findings
}
