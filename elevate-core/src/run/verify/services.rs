//! Whether units are enabled that were enabled before.

use std::collections::BTreeSet;

use super::{Check, command, few, kinds};
use crate::facts::services::State;
use crate::plan::Directive;

/// Compares units with those of the plan, and with what the plan was to do about some.
pub(super) fn units(check: &mut Check<'_>) {
    let plan = check.plan;
    let before = plan.baseline.as_ref().map(|baseline| baseline.units.as_ref());
    match before {
        Some(None) => check.lacks("the units that were enabled before: they were not captured"),
        Some(Some(units)) if !units.unknown.is_empty() => {
            check.lacks(format!("whether units were enabled before: {}", few(&units.unknown)));
        }
        _ => {}
    }
    let enabled = before.flatten().into_iter().flat_map(|units| &units.enabled);
    let mut wanted: BTreeSet<&String> = enabled.collect();
    for asked in &plan.directives {
        match &asked.directive {
            Directive::EnableService { unit } => _ = wanted.insert(unit),
            Directive::DisableService { unit } => _ = wanted.remove(unit),
            _ => {}
        }
    }
    let (mut disabled, mut masked, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    let mut unknown = Vec::new();
    for unit in wanted {
        match check.facts.services().state(unit) {
            Ok(Some(state)) if state.is_enabled() => {}
            Ok(Some(State::Disabled)) => disabled.push(unit.clone()),
            Ok(Some(State::Masked | State::MaskedRuntime)) => masked.push(unit.clone()),
            Ok(Some(_)) => changed.push(format!("{unit} (is not to be enabled by itself)")),
            // Whatever brought it is gone too, or has it under another name.
            Ok(None) => changed.push(format!("{unit} (gone)")),
            Err(error) => unknown.push(error),
        }
    }
    if let Some(first) = unknown.first() {
        check.lacks(format!("the state of units: {}, first {first}", unknown.len()));
    }
    report(check, &disabled, &masked, &changed);
}

fn report(check: &mut Check<'_>, disabled: &[String], masked: &[String], changed: &[String]) {
    let enable = |units: &[String]| command(&["systemctl", "enable"], units).join(" ");
    if !disabled.is_empty() {
        let finding = kinds::DISABLED
            .finding(format!("Enabled before, and not now: {}.", few(disabled)))
            .about("service", disabled)
            .command(&command(&["systemctl", "enable"], disabled));
        check.report(finding);
    }
    if !masked.is_empty() {
        let finding = kinds::MASKED
            .finding(format!("Enabled before, and masked now: {}.", few(masked)))
            .about("service", masked)
            .command(&command(&["systemctl", "unmask"], masked))
            .hint(enable(masked));
        check.report(finding);
    }
    if !changed.is_empty() {
        let names = changed.iter().map(|told| told.split(' ').next().unwrap_or_default());
        let text = format!("Enabled before: {}.", few(changed));
        check.report(kinds::UNIT_CHANGED.finding(text).about("service", names));
    }
}
