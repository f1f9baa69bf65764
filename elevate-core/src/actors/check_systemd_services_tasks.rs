//! A service is to be enabled and disabled.

use std::collections::BTreeMap;

use crate::actor::{Applies, NativeActor, Outcome, Run, Upgrade};
use crate::directive::Directive;
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_systemd_services_tasks",
    summary: "a service is asked to be enabled and disabled",
    about: "Actors ask for services to be enabled or disabled on the target. If two of them want \
            the opposite of one service, nobody can do what they ask. Leave one of the actors out, \
            or have its authors look at it.",
    applies: Applies::SEVEN_TO_EIGHT,
    kinds: &[CONFLICT],
    run: Run::OnUpgrade(run),
    ..NativeActor::NEW
};

const CONFLICT: Kind = Kind::new(
    "plan.service-conflict",
    "check_systemd_services_tasks",
    Severity::High,
    "Services are to be enabled and disabled",
)
.inhibiting()
.groups(&["sanity"]);

fn run(upgrade: &Upgrade<'_>, outcome: &mut Outcome) -> Fact<()> {
    let mut wishes: BTreeMap<&str, [Vec<&str>; 2]> = BTreeMap::new();
    for (actor, directive) in upgrade.host.asked() {
        let (unit, side) = match directive {
            Directive::EnableService { unit } => (unit, 0),
            Directive::DisableService { unit } => (unit, 1),
            _ => continue,
        };
        let wish = wishes.entry(unit).or_default();
        if let Some(actors) = wish.get_mut(side) {
            actors.push(actor);
        }
    }
    wishes.retain(|_, [enable, disable]| !enable.is_empty() && !disable.is_empty());
    if wishes.is_empty() {
        return Ok(());
    }
    let told = wishes.iter().map(|(unit, [enable, disable])| {
        format!(
            "{unit} is enabled by {} and disabled by {}.",
            enable.join(", "),
            disable.join(", ")
        )
    });
    let summary = told.collect::<Vec<_>>().join(" ");
    outcome.report(CONFLICT.finding(summary).about("service", wishes.keys()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};
    use crate::actor::{NativeActor, Run};
    use crate::directive::Directive;

    const ENABLES: NativeActor = NativeActor {
        name: "enables",
        run: Run::OnHost(|_, outcome| {
            outcome.ask(Directive::EnableService { unit: "a.service".to_owned() });
            outcome.ask(Directive::EnableService { unit: "b.service".to_owned() });
            Ok(())
        }),
        ..NativeActor::NEW
    };
    const DISABLES: NativeActor = NativeActor {
        name: "disables",
        run: Run::OnHost(|_, outcome| {
            outcome.ask(Directive::DisableService { unit: "b.service".to_owned() });
            outcome.ask(Directive::DisableService { unit: "c.service".to_owned() });
            Ok(())
        }),
        ..NativeActor::NEW
    };

    #[test]
    fn opposite_wishes_forbid_the_upgrade() {
        let case = Case::new(ACTOR, "").beside(ENABLES).beside(DISABLES);
        insta::assert_snapshot!(case.told(), @"
        high inhibitor plan.service-conflict [sanity]
          Services are to be enabled and disabled: b.service is enabled by enables and disabled by disables.
          about: service b.service
        ");
    }

    #[test]
    fn wishes_for_different_services_do_not_matter() {
        assert_eq!(Case::new(ACTOR, "").beside(ENABLES).told(), "");
        assert_eq!(told(ACTOR, ""), "");
    }
}
