//! `/etc/brltty.conf`: Bluetooth addresses and the speech driver.

/// A line with `bth:` and `bluez:` of addresses made `bluetooth:`, and the speech driver
/// `es` made `en`. A comment stays.
pub(in crate::facts) fn line(line: &str) -> String {
    if line.trim_start().starts_with('#') {
        return line.to_owned();
    }
    let is_driver = line.split_whitespace().next().is_some_and(|w| w == "speech-driver");
    let word = |word: &str| match address(word) {
        Some(rest) => format!("bluetooth{rest}"),
        None if is_driver && word == "es" => "en".to_owned(),
        None => word.to_owned(),
    };
    let end = [' ', '\t', ','];
    let words = line.split_inclusive(end).map(|whole| {
        let bare = whole.strip_suffix(end).unwrap_or(whole);
        word(bare) + &whole[bare.len()..]
    });
    words.collect()
}

/// What follows the name in `bth:AA:BB:CC:DD:EE:FF`, or with `bluez` or `-`.
fn address(word: &str) -> Option<&str> {
    let rest = word.strip_prefix("bth").or_else(|| word.strip_prefix("bluez"))?;
    let groups: Vec<&str> = rest.split([':', '-']).collect();
    let hex = |group: &&str| group.len() == 2 && group.bytes().all(|b| b.is_ascii_hexdigit());
    let is_address = groups.len() == 7 && groups[0].is_empty() && groups[1..].iter().all(hex);
    is_address.then_some(rest)
}

#[cfg(test)]
mod tests {

    #[test]
    fn addresses_and_the_driver_change_and_nothing_else() {
        for (line, expected) in [
            ("braille-device bth:AB-cd:EF:01:23:45", "braille-device bluetooth:AB-cd:EF:01:23:45"),
            (
                "braille-device usb:,bluez-00-11-22-33-44-55,serial:x",
                "braille-device usb:,bluetooth-00-11-22-33-44-55,serial:x",
            ),
            ("braille-device bth:AB:cd:EF:01:23", "braille-device bth:AB:cd:EF:01:23"),
            ("\tspeech-driver\tes # x", "\tspeech-driver\ten # x"),
            ("speech-driver auto,es", "speech-driver auto,en"),
            ("text-table es", "text-table es"),
            (" # speech-driver es", " # speech-driver es"),
        ] {
            assert_eq!(super::line(line), expected);
        }
    }
}
