//! There is too little memory.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::{Fact, Unknown};
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "checkmemory",
    summary: "the host has less memory than release 8 wants",
    about: "Release 8 needs 1.5 GiB of memory, 3 GiB on ppc64le. With less the upgrade may run out \
            of memory half way. Give the machine more, at least for the upgrade.",
    covers: &["scanmemory"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["kernel"],
    kinds: &[TOO_SMALL],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const TOO_SMALL: Kind = Kind::new(
    "memory.too-small",
    "checkmemory",
    Severity::High,
    "There is too little memory for release 8",
)
.inhibiting()
.groups(&["sanity"])
.key("be50646b45beb8304c13daf5380d836a4be8e1cc");

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let memory = host.facts().kernel().memory()?;
    let missing = || Unknown::malformed(&*memory.source, "says nothing of MemTotal");
    let total = memory.value.total.ok_or_else(missing)?;
    let needed = match host.arch().as_str() {
        "ppc64le" => 3 * 1024 * 1024,
        _ => 1536 * 1024,
    };
    if total >= needed {
        return Ok(());
    }
    let summary =
        format!("The host has {} MiB of memory; {} are needed.", total / 1024, needed / 1024);
    outcome.report(
        TOO_SMALL
            .finding(summary)
            .seen_in(&memory.source)
            .link("https://access.redhat.com/solutions/7014179")
            .link("https://access.redhat.com/articles/rhel-limits"),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn with(arch: &str, kib: u32) -> String {
        let host = format!("//- host centos:7.9 {arch}\n//- /proc/meminfo\nMemTotal: {kib} kB\n");
        told(ACTOR, &host)
    }

    #[test]
    fn less_than_a_gibibyte_and_a_half_forbids_the_upgrade() {
        insta::assert_snapshot!(with("x86_64", 1_572_863), @"
        high inhibitor memory.too-small [sanity]
          There is too little memory for release 8: The host has 1535 MiB of memory; 1536 are needed.
          seen: /proc/meminfo
        ");
    }

    #[test]
    fn exactly_as_much_is_enough() {
        assert_eq!(with("x86_64", 1_572_864), "");
        assert_eq!(with("aarch64", 1_572_864), "");
        assert_eq!(with("ppc64le", 3_145_728), "");
    }

    #[test]
    fn power_needs_more() {
        insta::assert_snapshot!(with("ppc64le", 3_145_727), @"
        high inhibitor memory.too-small [sanity]
          There is too little memory for release 8: The host has 3071 MiB of memory; 3072 are needed.
          seen: /proc/meminfo
        ");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, "//- /proc/meminfo\nMemFree: 1 kB\n"), @"
        medium actors.undecided [sanity]
          A check lacks evidence: checkmemory (the host has less memory than release 8 wants) was not decided: /proc/meminfo: is not understood: says nothing of MemTotal.
          about: evidence /proc/meminfo
        ");
    }
}
