//! Room on file systems, and how much a transaction moves.

use serde::Serialize;

use super::{Maker, Section};
use crate::plan::{FileSystem, Need};
use crate::report::text::size;

/// How wide a bar is, in its own units.
const WHOLE: u64 = 1000;

#[derive(Serialize)]
struct View<'p> {
    totals: Vec<(&'static str, String)>,
    file_systems: Vec<Bar<'p>>,
    has_bars: bool,
}

#[derive(Serialize)]
struct Bar<'p> {
    mount: &'p str,
    /// `enough`, `short` or `unknown`.
    class: &'static str,
    told: String,
    needs: Vec<(&'p str, String)>,
    /// Where nothing is known of the room there is no bar.
    bar: Option<Parts>,
}

/// Widths of a bar's parts, of [`WHOLE`] together.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Parts {
    used: u64,
    needed: u64,
    /// Where the room ends, where more is needed than there is.
    end: Option<u64>,
}

/// File systems that need room, and sums of the transaction.
pub(super) fn disk(maker: &Maker<'_>) -> Option<Section> {
    let whole = maker.plan.transaction.as_ref();
    let totals = whole.map(|whole| {
        let totals = &whole.totals;
        let mut all = vec![
            ("to download", size(totals.download)),
            ("taken by what comes", size(totals.arriving)),
            ("given back by what goes", size(totals.leaving)),
        ];
        if totals.unknown > 0 {
            all.push(("packages that go, of unknown size", totals.unknown.to_string()));
        }
        all
    });
    let view = View {
        totals: totals.unwrap_or_default(),
        file_systems: maker.plan.disk.iter().map(bar).collect(),
        has_bars: maker.plan.disk.iter().any(|file_system| file_system.available.is_some()),
    };
    let is_empty = view.totals.is_empty() && view.file_systems.is_empty();
    let body = || maker.engine.fill("disk", &view);
    (!is_empty).then(|| Section { id: "disk", title: "Room", count: None, body: body() })
}

fn bar(file_system: &FileSystem) -> Bar<'_> {
    let needed = size(file_system.needed());
    let free = match (file_system.available, file_system.total) {
        (Some(available), Some(total)) => format!("{} of {} free", size(available), size(total)),
        (Some(available), None) => format!("{} free", size(available)),
        (None, _) => "free room not captured".to_owned(),
    };
    let (class, verdict) = match (file_system.is_enough(), file_system.available) {
        (Some(true), _) => ("enough", "enough".to_owned()),
        (Some(false), Some(available)) => (
            "short",
            format!("{} too little", size(file_system.needed().saturating_sub(available))),
        ),
        _ => ("unknown", "nobody knows whether that is enough".to_owned()),
    };
    Bar {
        mount: &file_system.mount,
        class,
        told: format!("{needed} needed, {free}: {verdict}"),
        needs: file_system
            .needs
            .iter()
            .map(|need: &Need| (need.what.as_str(), size(need.bytes)))
            .collect(),
        bar: file_system.available.map(|available| parts(file_system, available)),
    }
}

fn parts(file_system: &FileSystem, available: u64) -> Parts {
    let (total, needed) = (file_system.total.unwrap_or(available), file_system.needed());
    let used = total.saturating_sub(available);
    let scale = u128::from(total).max(u128::from(used) + u128::from(needed)).max(1);
    let part =
        |bytes: u64| u64::try_from(u128::from(bytes) * u128::from(WHOLE) / scale).unwrap_or(WHOLE);
    let end = (needed > available).then(|| part(total));
    // What is needed can be seen, however little it is.
    let least = u64::from(needed > 0) * 4;
    Parts { used: part(used).min(WHOLE - least), needed: part(needed).max(least), end }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file_system(total: Option<u64>, available: Option<u64>, needs: &[u64]) -> FileSystem {
        let need = |bytes: &u64| Need { what: "x".to_owned(), bytes: *bytes };
        FileSystem {
            mount: "/".to_owned(),
            total,
            available,
            needs: needs.iter().map(need).collect(),
        }
    }

    #[test]
    fn a_bar_shows_what_is_used_and_needed_of_the_whole() {
        let fits = file_system(Some(1000), Some(600), &[100, 200]);
        let fits = bar(&fits);
        assert_eq!(fits.bar, Some(Parts { used: 400, needed: 300, end: None }));
        assert_eq!(
            (fits.class, fits.told.as_str()),
            ("enough", "300 bytes needed, 600 bytes of 1000 bytes free: enough")
        );
    }

    #[test]
    fn where_more_is_needed_than_there_is_the_bar_shows_where_the_room_ends() {
        let short = file_system(Some(1000), Some(500), &[1500]);
        let short = bar(&short);
        assert_eq!(short.bar, Some(Parts { used: 250, needed: 750, end: Some(500) }));
        assert!(short.class == "short" && short.told.ends_with("1000 bytes too little"));
    }

    #[test]
    fn sizes_that_make_no_sense_give_a_bar_too() {
        for total in [None, Some(0), Some(1), Some(u64::MAX)] {
            for available in [0, 7, u64::MAX] {
                let parts = parts(&file_system(total, Some(available), &[u64::MAX, 1]), available);
                assert!(parts.used + parts.needed <= WHOLE + 4, "{parts:?}");
            }
        }
        let unknown = file_system(Some(5), None, &[1]);
        let unknown = bar(&unknown);
        assert!(unknown.bar.is_none() && unknown.class == "unknown");
    }
}
