//! Data streams that assets declare (formats.md section 0, leapp's
//! `check_consumed_assets`).

use crate::finding::Finding;
use crate::upgrade_data::Streams;

use super::Context;
use super::kinds::{ASSETS_INCOMPATIBLE, ASSETS_MALFORMED};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Fine,
    Missing,
    Malformed,
    Older,
    Newer,
    Gap,
}

/// Majors of data streams that ELevate's data has had and this reader
/// understands; leapp 0.21 wants 3.
const UNDERSTOOD: [u32; 3] = [1, 2, 3];

fn judge(streams: &Streams, wanted: &[u32]) -> Verdict {
    let majors: Vec<u32> = match streams {
        Streams::Missing => return Verdict::Missing,
        Streams::Malformed => return Verdict::Malformed,
        Streams::Provided(streams) => streams.iter().map(|(major, _)| *major).collect(),
    };
    let (low, high) = (wanted.iter().min(), wanted.iter().max());
    if majors.iter().any(|major| wanted.contains(major)) {
        Verdict::Fine
    } else if majors.is_empty() {
        Verdict::Malformed
    } else if majors.iter().all(|major| Some(major) < low) {
        Verdict::Older
    } else if majors.iter().all(|major| Some(major) > high) {
        Verdict::Newer
    } else {
        Verdict::Gap
    }
}

/// Files opened as assets, and what they declare.
pub(super) type Declared<'a> = Vec<(&'a str, &'a Streams)>;

/// At most one finding for incompatible assets and one for malformed ones.
/// `events` are the event files that were opened; leapp opens no further ones
/// once it has stopped reading.
pub(super) fn check(cx: &Context<'_>, events: &Declared<'_>) -> Vec<Finding> {
    let wanted: &[u32] = if cx.rules.only_stream_3 { &[3] } else { &UNDERSTOOD };
    let judged: Vec<(&str, Verdict)> = others(cx)
        .chain(events.iter().copied())
        .map(|(file, s)| (file, judge(s, wanted)))
        .collect();
    let of = |verdicts: &[Verdict]| -> Vec<&str> {
        let matching = judged.iter().filter(|(_, v)| verdicts.contains(v));
        matching.map(|(file, _)| *file).collect()
    };
    let strict = cx.rules.only_stream_3 || cx.options.strict_streams;
    let mut findings = Vec::new();
    let malformed = of(&[Verdict::Malformed]);
    if !malformed.is_empty() {
        let summary = format!(
            "provided_data_streams of {} is not a list of N.N texts.",
            malformed.join(", ")
        );
        findings.push(ASSETS_MALFORMED.finding(summary).about("file", malformed).hint(HINT));
    }
    let (old, new) = (of(&[Verdict::Older]), of(&[Verdict::Newer, Verdict::Gap]));
    let undeclared = of(&[Verdict::Missing]);
    if !(old.is_empty() && new.is_empty() && undeclared.is_empty()) {
        let mut parts = Vec::new();
        for (files, what) in [
            (&undeclared, "declares no data stream (data from before 2023 does not)"),
            (&old, "is for older tools"),
            (&new, "is for newer tools"),
        ] {
            if !files.is_empty() {
                parts.push(format!("{} {what}.", files.join(", ")));
            }
        }
        let finding = ASSETS_INCOMPATIBLE
            .finding(parts.join(" "))
            .about("file", old.iter().chain(&new).chain(&undeclared))
            .hint(HINT)
            .inhibiting(strict || !new.is_empty());
        findings.push(finding);
    }
    findings
}

const HINT: &str = "Install the newest leapp-data package of the target distribution.";

/// The other assets leapp checks; vendors' maps are not among them.
fn others<'x>(cx: &Context<'x>) -> impl Iterator<Item = (&'x str, &'x Streams)> {
    let map = cx.data.repo_map.as_ref().ok().map(|a| (&*a.file.path, &a.streams));
    let devices = cx.data.devices.as_ref().and_then(|d| d.as_ref().ok());
    map.into_iter().chain(devices.map(|a| (&*a.file.path, &a.streams)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_judged_as_leapp_judges_them() {
        let provided = |list: &[(u32, u32)]| Streams::Provided(list.to_vec());
        let cases = [
            (provided(&[(10, 0)]), Verdict::Fine),
            (provided(&[(9, 3), (10, 1), (11, 0)]), Verdict::Fine),
            (provided(&[(11, 1)]), Verdict::Newer),
            (provided(&[(3, 1), (4, 0)]), Verdict::Older),
            (provided(&[(9, 0), (11, 0)]), Verdict::Gap),
            (provided(&[]), Verdict::Malformed),
            (Streams::Malformed, Verdict::Malformed),
            (Streams::Missing, Verdict::Missing),
        ];
        for (streams, verdict) in cases {
            assert_eq!(judge(&streams, &[10]), verdict, "{streams:?}");
        }
    }
}
