//! The configuration of multipath.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Directive, Step, When};
use crate::facts::parse::multipath::{MultipathConf, MultipathOption};
use crate::facts::{Fact, Parsed};
use crate::finding::{Finding, Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "multipath_conf_check",
    summary: "options of multipath that are others in release 8",
    about: "multipath of release 8 chooses how paths are checked by the device, knows some \
            options no more and others by a new name. A path_checker for all devices other than \
            tur can cost a device all of its paths, so it forbids the upgrade: give it to the \
            devices that need it. All other lines are changed after the transaction.",
    covers: &["multipath_conf_read", "multipath_conf_update"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["packages", "storage"],
    kinds: &[CHECKER, DETECTION, REASSIGN],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const NAME: &str = "multipath_conf_check";
const PACKAGE: &str = "device-mapper-multipath";

const CHECKER: Kind = Kind::new(
    "multipath.path-checker",
    NAME,
    Severity::High,
    "multipath checks all paths in one way of its own",
)
.inhibiting()
.groups(&["services"]);

const DETECTION: Kind = Kind::new(
    "multipath.detection",
    NAME,
    Severity::Medium,
    "multipath of release 8 detects what was switched off",
)
.groups(&["services"]);

const REASSIGN: Kind = Kind::new(
    "multipath.reassign-maps",
    NAME,
    Severity::Medium,
    "multipath of release 8 does not reassign maps",
)
.groups(&["services"]);

/// Options that are on in release 8, each with the name it has there.
const ON: [&[&str]; 3] =
    [&["detect_path_checker", "detect_checker"], &["detect_prio"], &["retain_attached_hw_handler"]];

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if !host.has(PACKAGE) {
        return Ok(());
    }
    let storage = host.facts().storage();
    let Some(files) = storage.multipath()? else { return Ok(()) };
    let files = outcome.found(files);
    for path in outcome.known(storage.multipath_files()).into_iter().flatten() {
        outcome.ask(Directive::CopyToTarget { path: path.to_owned() });
    }
    report_checker(&files, outcome);
    report_others(&files, outcome);
    for file in &files {
        let Some((before, after)) =
            outcome.known(storage.multipath_upgraded(&file.source)).flatten()
        else {
            continue;
        };
        let why = "multipath of release 8 has other options";
        let change = Change::edit(&file.source, &before, &after);
        change.into_iter().for_each(|change| outcome.step(Step::new(When::After, why, change)));
    }
    Ok(())
}

fn report_checker(files: &[ConfigFile], outcome: &mut Outcome) {
    let Some((file, option)) = last(files, &["path_checker", "checker"]) else { return };
    let value = option.value.as_deref().unwrap_or_default();
    if value == "tur" {
        return;
    }
    let finding = CHECKER
        .finding(format!(
            "{} checks the paths of all devices with {value}. Release 8 uses tur unless a device \
             asks for another.",
            file.source
        ))
        .about("file", [&file.source])
        .hint(format!(
            "Remove {} from the section defaults, and set it for the devices that need it.",
            option.name
        ));
    outcome.report(with_line(finding, file, option));
}

fn report_others(files: &[ConfigFile], outcome: &mut Outcome) {
    let off: Vec<_> = ON
        .iter()
        .filter_map(|names| last(files, names))
        .filter(|(_, option)| option.as_bool() == Some(false))
        .collect();
    if !off.is_empty() {
        let names: Vec<&str> = off.iter().map(|(_, option)| option.name.as_str()).collect();
        let summary = format!(
            "{} off: release 8 detects these by the device, and the lines are commented out.",
            match names.as_slice() {
                [name] => format!("{name} is"),
                names => format!("{} are", names.join(", ")),
            }
        );
        let finding = DETECTION.finding(summary);
        outcome.report(off.iter().fold(finding, |finding, (file, o)| with_line(finding, file, o)));
    }
    let reassign = last(files, &["reassign_maps"]);
    if let Some((file, option)) = reassign.filter(|(_, option)| option.as_bool() == Some(true)) {
        let summary = "reassign_maps is on: release 8 has it off, and the line is commented out.";
        outcome.report(with_line(REASSIGN.finding(summary), file, option));
    }
}

type ConfigFile = Parsed<MultipathConf>;

/// The option of the section `defaults` that counts: of the last file that has one.
fn last<'f>(
    files: &'f [ConfigFile],
    names: &[&str],
) -> Option<(&'f ConfigFile, &'f MultipathOption)> {
    files.iter().rev().find_map(|file| Some((file, file.value.last("defaults", names)?)))
}

fn with_line(finding: Finding, file: &ConfigFile, option: &MultipathOption) -> Finding {
    let text = format!("{} {}", option.name, option.value.as_deref().unwrap_or_default());
    let finding = finding.seen(&file.source, option.line, &text).about("package", [PACKAGE]);
    let block = file.value.blocks.get(option.block);
    match block.is_some_and(|block| block.line == option.line) {
        true => finding.leapp("does not read blocks on one line"),
        false if option.name == "detect_checker" => {
            finding.leapp("does not know that name, which release 7 has not and release 8 has")
        }
        false => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const HOST: &str = "//- packages\ndevice-mapper-multipath\n//- absent /etc/xdrdevices.conf\n";
    const ALONE: &str = "//- absent /etc/multipath\n";

    fn defaults(lines: &str) -> String {
        told(ACTOR, &format!("{HOST}{ALONE}//- /etc/multipath.conf\ndefaults {{\n{lines}}}\n"))
    }

    /// What is said where the main file and a drop-in have these defaults.
    fn both(main: &str, more: &str) -> String {
        let told = told(
            ACTOR,
            &format!(
                "{HOST}//- /etc/multipath.conf\ndefaults {{\n{main}}}\n\
                 //- dir /etc/multipath/conf.d: a.conf b.bak\n\
                 //- /etc/multipath/conf.d/a.conf\ndefaults {{\n{more}}}\n"
            ),
        );
        let findings = told.lines().filter(|line| line.contains(" multipath."));
        findings.map(|line| format!("{line}\n")).collect()
    }

    const BAD: &str = "checker rdac\ndetect_prio no\nreassign_maps yes\n";
    const GOOD: &str = "path_checker tur\ndetect_prio yes\nreassign_maps no\n";

    #[test]
    fn everything_release_8_has_otherwise_is_told_of_and_changed() {
        insta::assert_snapshot!(defaults(BAD), @"
        high inhibitor multipath.path-checker [services]
          multipath checks all paths in one way of its own: /etc/multipath.conf checks the paths of all devices with rdac. Release 8 uses tur unless a device asks for another.
          seen: /etc/multipath.conf:2: checker rdac
          about: file /etc/multipath.conf
          about: package device-mapper-multipath
          hint: Remove checker from the section defaults, and set it for the devices that need it.
        medium multipath.detection [services]
          multipath of release 8 detects what was switched off: detect_prio is off: release 8 detects these by the device, and the lines are commented out.
          seen: /etc/multipath.conf:3: detect_prio no
          about: package device-mapper-multipath
        medium multipath.reassign-maps [services]
          multipath of release 8 does not reassign maps: reassign_maps is on: release 8 has it off, and the line is commented out.
          seen: /etc/multipath.conf:4: reassign_maps yes
          about: package device-mapper-multipath
        ask: copy-to-target /etc/multipath.conf
        after: multipath of release 8 has other options
          /etc/multipath.conf:2: checker rdac -> # checker rdac # commented out for release 8
          /etc/multipath.conf:3: detect_prio no -> # detect_prio no # commented out for release 8
          /etc/multipath.conf:4: reassign_maps yes -> # reassign_maps yes # commented out for release 8
        ");
    }

    #[test]
    fn several_detections_are_one_finding() {
        let told =
            defaults("detect_prio 0\nretain_attached_hw_handler no\ndetect_path_checker no\n");
        assert!(
            told.contains("detect_path_checker, detect_prio, retain_attached_hw_handler are off"),
            "{told}"
        );
        assert_eq!(told.matches("multipath.detection").count(), 1, "{told}");
    }

    #[test]
    fn the_last_file_that_says_something_counts() {
        insta::assert_snapshot!(both(GOOD, BAD), @"
        high inhibitor multipath.path-checker [services]
        medium multipath.detection [services]
        medium multipath.reassign-maps [services]
        ");
        assert_eq!(both(BAD, GOOD), "");
        assert_eq!(both(BAD, ""), both(GOOD, BAD));
        assert_eq!(both(GOOD, GOOD), "");
    }

    #[test]
    fn options_that_are_gone_are_changed_without_a_word() {
        insta::assert_snapshot!(defaults("\thw_str_match yes\n"), @"
        ask: copy-to-target /etc/multipath.conf
        after: multipath of release 8 has other options
          /etc/multipath.conf:2: 	hw_str_match yes -> # 	hw_str_match yes # commented out for release 8
        ");
    }

    #[test]
    fn what_release_8_has_as_well_is_left_alone() {
        assert_eq!(defaults(GOOD), "ask: copy-to-target /etc/multipath.conf\n");
    }

    /// leapp reads nothing of it.
    #[test]
    fn a_block_on_one_line_is_read() {
        let host =
            format!("{HOST}{ALONE}//- /etc/multipath.conf\ndefaults {{ path_checker rdac }}\n");
        insta::assert_snapshot!(told(ACTOR, &host), @"
        high inhibitor multipath.path-checker [services]
          multipath checks all paths in one way of its own: /etc/multipath.conf checks the paths of all devices with rdac. Release 8 uses tur unless a device asks for another.
          seen: /etc/multipath.conf:1: path_checker rdac
          about: file /etc/multipath.conf
          about: package device-mapper-multipath
          hint: Remove path_checker from the section defaults, and set it for the devices that need it.
          leapp: does not read blocks on one line
        ask: copy-to-target /etc/multipath.conf
        after: multipath of release 8 has other options
          /etc/multipath.conf:1: defaults { path_checker rdac } -> defaults {
          /etc/multipath.conf:2: (nothing) -> # path_checker rdac # commented out for release 8
          /etc/multipath.conf:2: (nothing) -> }
        ");
    }

    /// leapp looks for the old name only.
    #[test]
    fn the_new_name_of_an_option_is_known() {
        let told = defaults("detect_checker no\n");
        assert!(told.contains("multipath.detection"), "{told}");
        assert!(told.contains("leapp: does not know that name"), "{told}");
    }

    #[test]
    fn hosts_without_multipath_or_its_configuration_are_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- packages\ndevice-mapper-multipath third-party\n"), "");
        assert_eq!(told(ACTOR, &format!("{HOST}//- absent /etc/multipath.conf\n")), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        assert!(told(ACTOR, HOST).contains("about: evidence /etc/multipath.conf"));
        let told = told(ACTOR, &format!("{HOST}//- /etc/multipath.conf\ndefaults {{\n{BAD}}}\n"));
        assert!(told.contains("high inhibitor multipath.path-checker"), "{told}");
        assert!(told.contains("about: evidence /etc/multipath/conf.d"), "{told}");
    }
}
