//! brltty has other names for some options and drivers.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::When;
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_brltty",
    summary: "brltty has other names for options and drivers",
    about: "brltty of release 8 knows `--message-delay` as `--message-timeout`, has no \
            `--update-interval` (`-U`), begins Bluetooth addresses with `bluetooth` and calls the \
            speech driver `es` `en`. `/etc/brltty.conf` is changed after the upgrade; look through \
            scripts and units that start brltty with these options yourself.",
    covers: &["migrate_brltty"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["daemons", "packages"],
    kinds: &[OPTIONS, CONFIGURATION],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const OPTIONS: Kind =
    Kind::new("brltty.options", "check_brltty", Severity::Low, "brltty has other options")
        .groups(&["accessibility"]);

const CONFIGURATION: Kind = Kind::new(
    "brltty.configuration",
    "check_brltty",
    Severity::Low,
    "brltty's configuration will be changed",
)
.groups(&["accessibility"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if !host.has("brltty") {
        return Ok(());
    }
    let what = "The option --message-delay is called --message-timeout on release 8, and \
                --update-interval (-U) is gone.";
    let hint = "Change scripts and units that start brltty with these options.";
    outcome.report(OPTIONS.finding(what).about("package", ["brltty"]).hint(hint));
    let Some(file) = host.facts().daemons().brltty()? else { return Ok(()) };
    let what = "Release 8 begins Bluetooth addresses with `bluetooth` and has the speech driver \
                `en` for `es`. These lines are changed after the upgrade; /etc/brltty.conf.bak \
                will be the file as it was.";
    let mut finding =
        CONFIGURATION.finding(what).about("package", ["brltty"]).about("file", [&file.path]);
    for (line, text) in file.lines() {
        finding = finding.seen(&file.path, line, text);
    }
    outcome.report(finding);
    outcome.back_up(When::After, &file, ".bak");
    outcome.rewrite(When::After, "brltty of release 8 has other names for these", &file);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn with(conf: &str) -> String {
        told(ACTOR, &format!("//- packages\nbrltty\n//- /etc/brltty.conf\n{conf}"))
    }

    #[test]
    fn options_are_told_and_a_serial_device_is_nothing_to_change() {
        insta::assert_snapshot!(with("braille-device serial:ttyS0\nspeech-driver auto\n"), @"
        low brltty.options [accessibility]
          brltty has other options: The option --message-delay is called --message-timeout on release 8, and --update-interval (-U) is gone.
          about: package brltty
          hint: Change scripts and units that start brltty with these options.
        ");
    }

    #[test]
    fn addresses_and_the_speech_driver_are_changed() {
        insta::assert_snapshot!(with(
            "braille-device bth:AB-cd:EF:01:23:45\n# x\nbraille-device usb:,bluez-00-11-22-33-44-55\n\
             speech-driver es\n"
        ), @"
        low brltty.options [accessibility]
          brltty has other options: The option --message-delay is called --message-timeout on release 8, and --update-interval (-U) is gone.
          about: package brltty
          hint: Change scripts and units that start brltty with these options.
        low brltty.configuration [accessibility]
          brltty's configuration will be changed: Release 8 begins Bluetooth addresses with `bluetooth` and has the speech driver `en` for `es`. These lines are changed after the upgrade; /etc/brltty.conf.bak will be the file as it was.
          seen: /etc/brltty.conf:1: braille-device bth:AB-cd:EF:01:23:45
          seen: /etc/brltty.conf:3: braille-device usb:,bluez-00-11-22-33-44-55
          seen: /etc/brltty.conf:4: speech-driver es
          about: file /etc/brltty.conf
          about: package brltty
        after: Keep the file as it was
          copy /etc/brltty.conf to /etc/brltty.conf.bak
        after: brltty of release 8 has other names for these
          /etc/brltty.conf:1: braille-device bth:AB-cd:EF:01:23:45 -> braille-device bluetooth:AB-cd:EF:01:23:45
          /etc/brltty.conf:3: braille-device usb:,bluez-00-11-22-33-44-55 -> braille-device usb:,bluetooth-00-11-22-33-44-55
          /etc/brltty.conf:4: speech-driver es -> speech-driver en
        ");
        assert!(with("speech-driver es\n").contains("1: speech-driver es -> speech-driver en"));
        assert!(!with("braille-device bth:00:11:22:33:44:55\n").contains("speech-driver"));
    }

    /// leapp takes it for a setting.
    #[test]
    fn an_address_in_a_comment_is_none() {
        let told = with("# braille-device bth:AB:cd:EF:01:23:45\n#speech-driver es\n");
        assert!(!told.contains("brltty.configuration"));
    }

    #[test]
    fn without_the_file_only_the_options_are_told() {
        let absent = told(ACTOR, "//- packages\nbrltty\n//- absent /etc/brltty.conf\n");
        assert_eq!(absent, with(""));
        insta::assert_snapshot!(told(ACTOR, "//- packages\nbrltty\n"), @"
        low brltty.options [accessibility]
          brltty has other options: The option --message-delay is called --message-timeout on release 8, and --update-interval (-U) is gone.
          about: package brltty
          hint: Change scripts and units that start brltty with these options.
        low actors.undecided [sanity]
          A check lacks evidence: check_brltty (brltty has other names for options and drivers) was not decided: /etc/brltty.conf: was not captured.
          about: evidence /etc/brltty.conf
        ");
    }

    #[test]
    fn a_host_without_brltty_is_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- packages\nbrltty third-party\n"), "");
    }
}
