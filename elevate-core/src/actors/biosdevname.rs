//! Names Dell's machines give to their network interfaces.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::Directive;
use crate::facts::Fact;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "biosdevname",
    summary: "network interfaces have the names of biosdevname",
    about: "On machines of Dell release 7 names interfaces em1 or p1p1, after the places the \
            firmware tells. Release 8 does so only if the kernel is asked to. Where all interfaces \
            have such names the argument biosdevname=1 keeps them.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["kernel", "network"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let kernel = host.facts().kernel();
    let vendor = kernel.dmi()?.sys_vendor;
    if !vendor.is_some_and(|vendor| vendor.contains("Dell")) {
        return Ok(());
    }
    if kernel.command_line()?.last("biosdevname") == Some("0") {
        return Ok(());
    }
    let interfaces = host.facts().network().physical()?;
    if !interfaces.is_empty() && interfaces.iter().all(|one| is_name(&one.name)) {
        let argument = "biosdevname=1".to_owned();
        outcome.ask(Directive::AddKernelArgument { argument });
    }
    Ok(())
}

/// Whether a name begins as `em1` and `p1p1` do.
fn is_name(name: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let after = |start: &str| name.strip_prefix(start);
    if after("em").is_some_and(|rest| digits(rest) > 0) {
        return true;
    }
    let Some(rest) = after("p").filter(|rest| digits(rest) > 0) else { return false };
    let port = rest.get(digits(rest)..).and_then(|rest| rest.strip_prefix('p'));
    port.is_some_and(|port| digits(port) > 0)
}

#[cfg(test)]
mod tests {
    use super::{ACTOR, is_name};
    use crate::actor::testing::told;

    fn with(vendor: &str, arguments: &str, names: &[&str]) -> String {
        let mut host = format!(
            "//- /sys/class/dmi/id/sys_vendor\n{vendor}\n//- /proc/cmdline\nro {arguments}\n\
             //- dir /sys/class/net: {}\n",
            names.join(" ")
        );
        for name in names {
            let place = format!("pci0000:00/0000:00:03.0/net/{name}");
            host += &format!("//- link /sys/class/net/{name} -> ../../devices/{place}\n");
        }
        told(ACTOR, &host)
    }

    #[test]
    fn names_of_dells_machines_are_kept() {
        insta::assert_snapshot!(with("Dell Inc.", "quiet", &["em1", "p1p2"]), @"ask: add-kernel-argument biosdevname=1");
    }

    #[test]
    fn where_it_was_turned_off_it_stays_off() {
        assert_eq!(with("Dell Inc.", "biosdevname=0", &["em1"]), "");
    }

    #[test]
    fn other_machines_and_other_names_are_none_of_its_business() {
        assert_eq!(with("HP", "quiet", &["em1"]), "");
        assert_eq!(with("Dell Inc.", "quiet", &["em1", "eth0"]), "");
    }

    /// leapp's defect: it asks for the argument where there are no interfaces at all.
    #[test]
    fn without_interfaces_there_is_no_name_to_keep() {
        assert_eq!(with("Dell Inc.", "quiet", &[]), "");
    }

    #[test]
    fn names_begin_with_a_place() {
        for (name, expected) in [
            ("em1", true),
            ("em1_1", true),
            ("p10p2", true),
            ("p1", false),
            ("em", false),
            ("emp1", false),
        ] {
            assert_eq!(is_name(name), expected, "{name}");
        }
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        low actors.undecided [sanity]
          A check lacks evidence: biosdevname (network interfaces have the names of biosdevname) was not decided: /sys/class/dmi/id/sys_vendor: was not captured.
          about: evidence /sys/class/dmi/id/sys_vendor
        ");
        let host = "//- /sys/class/dmi/id/sys_vendor\nDell Inc.\n//- /proc/cmdline\nro\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        low actors.undecided [sanity]
          A check lacks evidence: biosdevname (network interfaces have the names of biosdevname) was not decided: /sys/class/net: was not captured.
          about: evidence /sys/class/net
        ");
    }
}
