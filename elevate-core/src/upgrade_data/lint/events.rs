//! Events by themselves: their form, and what they would do wherever they fire.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Lint;
use crate::upgrade_data::Level;
use crate::upgrade_data::package_events::{Action, EventFile, EventRelease, PackageEvent};
use crate::upgrade_data::remark::{Remarks, codes, short};

/// Checks every event file.
pub(super) fn check(lint: &mut Lint<'_>) {
    let mut ids: BTreeMap<Arc<str>, (Arc<str>, usize)> = BTreeMap::new();
    for file in lint.event_files() {
        let remarks = lint.on(&file.path);
        repeated_ids(file, &mut ids, remarks);
        os_names(file, remarks);
        for event in &file.events {
            form(event, remarks);
            expansion(event, remarks);
        }
    }
    let data = lint.data;
    if let Ok(asset) = &data.events
        && asset.value.events.is_empty()
    {
        let message =
            "has no event; leapp 0.21 then plans nothing at all, vendors' events included";
        lint.on(&asset.file.path).push(codes::NO_EVENTS, Level::Warning, "packageinfo", message);
    }
}

/// `packageinfo[12]`.
pub(super) fn place(event: &PackageEvent) -> String {
    format!("packageinfo[{}]", event.index)
}

/// Whether the action takes the inputs away and brings the outputs.
pub(super) fn replaces(action: Action) -> bool {
    !matches!(action, Action::Present | Action::Deprecated)
}

fn repeated_ids(
    file: &EventFile,
    ids: &mut BTreeMap<Arc<str>, (Arc<str>, usize)>,
    remarks: &mut Remarks,
) {
    for event in file.events.iter().filter(|event| &*event.id != "0") {
        let Some((first, index)) = ids.get(&event.id) else {
            ids.insert(event.id.clone(), (file.path.clone(), event.index));
            continue;
        };
        let place = format!("{}.id", place(event));
        let id = &event.id;
        if *first == file.path {
            let message = format!("id {id} is also that of packageinfo[{index}]");
            remarks.push(codes::EVENT_ID_REPEATED, Level::Warning, place, message);
        } else {
            let message =
                format!("id {id} is also that of an event of {first}, packageinfo[{index}]");
            remarks.push(codes::EVENT_ID_IN_TWO_FILES, Level::Note, place, message);
        }
    }
}

fn form(event: &PackageEvent, remarks: &mut Remarks) {
    let here = place(event);
    if event.approved == Some(false) {
        let message = "the event is not approved; leapp applies it all the same";
        remarks.push(codes::UNAPPROVED, Level::Warning, format!("{here}.is_approved"), message);
    }
    if event.to == EventRelease::default() {
        let message = "the event names no release it leads to, and so never applies";
        remarks.push(codes::NO_RELEASE, Level::Note, format!("{here}.release"), message);
    }
    if event.outputs.is_empty() && replaces(event.action) && event.action != Action::Removed {
        let message = format!("{} leads to no package; it is a removal", event.action);
        remarks.push(codes::NO_OUTPUT, Level::Warning, format!("{here}.out_packageset"), message);
    }
    let arches: BTreeSet<_> = event.arches.iter().collect();
    if !arches.is_empty() && arches != event.architectures.iter().collect() {
        remarks.tally(codes::ARCHES_SPELLING, Level::Warning, "", || {
            let message = "`arches` is not read by leapp, which knows `architectures`: \
                           the event applies to every architecture there";
            (format!("{here}.arches"), message.to_owned())
        });
    }
    if event.action == Action::Deprecated && event.inputs.len() > 1 {
        let names: Vec<_> = event.inputs.iter().map(|package| package.name.as_str()).collect();
        let message = format!(
            "DEPRECATED installs all of its packages where one of them is installed: {}",
            names.join(", ")
        );
        remarks.push(codes::DEPRECATED_SET, Level::Warning, here, message);
    }
}

fn expansion(event: &PackageEvent, remarks: &mut Remarks) {
    let here = place(event);
    let steps = event.expand();
    if steps.is_empty() {
        let message = "the event has no input and so no effect";
        remarks.push(codes::NO_INPUT, Level::Note, here, message);
        return;
    }
    for step in steps.iter().filter(|_| replaces(event.action)) {
        let any = event.action == Action::Merged;
        if step.inputs.is_empty() && !step.outputs.is_empty() && !any {
            let names: Vec<_> = step.outputs.iter().map(|(id, _)| id.to_string()).collect();
            let message = format!(
                "a map names a module stream that no input has, so every host gets {}",
                names.join(", ")
            );
            remarks.push(codes::FIRES_EVERYWHERE, Level::Error, &here, message);
        }
        for package in &step.lost {
            let message =
                format!("{} is dropped: no map leads to one of its streams", package.name);
            remarks.push(
                codes::OUTPUT_LOST,
                Level::Error,
                format!("{here}.out_packageset"),
                message,
            );
        }
        for package in &step.ambiguous {
            let message = format!("{} fits several maps; leapp takes any", package.name);
            let place = format!("{here}.out_packageset");
            remarks.push(codes::OUTPUT_AMBIGUOUS, Level::Warning, place, message);
        }
    }
}

/// Names of distributions that differ from what most events of the file say.
fn os_names(file: &EventFile, remarks: &mut Remarks) {
    os_names_of(file, "release", |event| &event.to, remarks);
    os_names_of(file, "initial_release", |event| &event.from, remarks);
}

fn os_names_of(
    file: &EventFile,
    field: &str,
    release: impl Fn(&PackageEvent) -> &EventRelease,
    remarks: &mut Remarks,
) {
    let mut counts: BTreeMap<u32, BTreeMap<&str, usize>> = BTreeMap::new();
    for event in &file.events {
        if let Some(name) = &release(event).os_name {
            *counts.entry(release(event).major).or_default().entry(name).or_default() += 1;
        }
    }
    let usual: BTreeMap<u32, &str> = counts
        .into_iter()
        .filter_map(|(major, names)| {
            let (name, _) = names.into_iter().max_by_key(|(_, count)| *count)?;
            Some((major, name))
        })
        .collect();
    for event in &file.events {
        let EventRelease { major, os_name: Some(name), .. } = release(event) else { continue };
        let usual = usual.get(major).filter(|usual| !usual.eq_ignore_ascii_case(name));
        let Some(usual) = usual else { continue };
        remarks.tally(codes::FOREIGN_OS_NAME, Level::Note, &format!("{field} {major} {name}"), || {
            let name = short(name);
            let message = format!(
                "names {name} {major} where most events name {usual}; leapp ignores the name and \
                 applies the event everywhere"
            );
            (format!("{}.{field}.os_name", place(event)), message)
        });
    }
}
