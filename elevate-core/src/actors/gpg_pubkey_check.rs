//! Keys that rpm goes on to trust.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "gpg_pubkey_check",
    summary: "keys rpm trusts after the upgrade",
    about: "Keys in the database of rpm outlive the upgrade: whoever holds one can sign packages \
            the host takes. After the transaction, those that are neither the target's nor a \
            vendor's are told of, so that you can remove them.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["package_manager"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.setting("LEAPP_NOGPGCHECK") == Some("1") {
        return Ok(());
    }
    let keys: Vec<&str> = host.facts().keys().iter().map(|key| key.id.as_str()).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let what = format!(
        "compare the keys of rpm ({}) with those of the target and of vendors, and tell of the \
         others",
        keys.join(", ")
    );
    let why = "whoever holds a key can sign packages the host takes";
    outcome.step(Step::new(When::After, why, Change::other(what)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};

    const KEYS: &str = "//- key f4a80eb5-53a7ff4b\n//- key 352c64e5-52ae6884\n";

    #[test]
    fn keys_are_looked_at_after_the_transaction() {
        insta::assert_snapshot!(told(ACTOR, KEYS), @"
        after: whoever holds a key can sign packages the host takes
          compare the keys of rpm (f4a80eb5, 352c64e5) with those of the target and of vendors, and tell of the others
        ");
    }

    #[test]
    fn hosts_without_keys_or_without_checks_have_nothing_to_compare() {
        assert_eq!(told(ACTOR, "//- packages\nbash\n"), "");
        assert_eq!(Case::new(ACTOR, KEYS).setting("LEAPP_NOGPGCHECK", "1").told(), "");
    }
}
