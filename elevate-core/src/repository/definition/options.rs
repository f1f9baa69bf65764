//! The options of a section, read as dnf reads them; what is odd is told.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::{Definition, Location, MOST_ADDRESSES, Remark};
use crate::model::{Repository, repo_file};
use crate::repository::variables::Variables;
use crate::rpm::metadata::excerpt;

/// The most remarks on one section.
const MOST_REMARKS: usize = 100;

/// Options dnf or yum have that change nothing about what is read here.
const WITHOUT_EFFECT: [&str; 43] = [
    "async",
    "autorefresh",
    "bandwidth",
    "base_persistdir",
    "build_cache",
    "cachedir",
    "compare_providers_priority",
    "countme",
    "deltarpm",
    "deltarpm_metadata_percentage",
    "deltarpm_percentage",
    "enabled_metadata",
    "enablegroups",
    "failovermethod",
    "fastestmirror",
    "gpgcakey",
    "http_caching",
    "include_config",
    "keepalive",
    "keepcache",
    "localpkg_gpgcheck",
    "max_parallel_downloads",
    "mdpolicy",
    "metadata_timer_sync",
    "mirrorlist_expire",
    "mode",
    "obsoletes",
    "persistdir",
    "pkgdir",
    "protect",
    "protected",
    "proxy_dict",
    "sslcertdir",
    "strict",
    "throttle",
    "ui_repoid_vars",
    "best",
    "check_config_file_age",
    "collect_counters",
    "report_instance_id",
    "type",
    "user_agent",
    "enabled",
];

/// Options that would change what is read, and are not followed.
const NOT_FOLLOWED: [(&str, &str); 9] = [
    ("repo_gpgcheck", "signatures of metadata are not checked"),
    ("mediaid", "a medium is not asked for"),
    ("http_headers", "no other headers are sent"),
    ("sslverifystatus", "revocation is not asked about"),
    ("proxy_sslverify", "what holds for servers holds for an https proxy too"),
    ("proxy_sslcacert", "what holds for servers holds for an https proxy too"),
    ("proxy_sslclientcert", "no client certificate is shown to a proxy"),
    ("proxy_sslclientkey", "no client certificate is shown to a proxy"),
    ("sslclientkeypassphrase", "an encrypted key cannot be used"),
];

/// The options of one section, taken one by one.
pub(super) struct Options<'a> {
    section: &'a Repository,
    variables: &'a Variables,
    place: String,
    asked: BTreeSet<&'static str>,
    remarks: Vec<Remark>,
}

impl<'a> Options<'a> {
    pub(super) fn new(section: &'a Repository, place: String, variables: &'a Variables) -> Self {
        Self { section, variables, place, asked: BTreeSet::new(), remarks: Vec::new() }
    }

    /// The value, with variables replaced; an empty one is none.
    pub(super) fn text(&mut self, name: &'static str) -> Option<String> {
        self.asked.insert(name);
        let value = self.raw(name)?;
        let expanded = self.variables.expand(value.trim());
        for variable in &expanded.unknown {
            let shown = excerpt(variable);
            self.odd(name, format_args!("{shown} is not known and stays as it is written"));
        }
        (!expanded.text.is_empty()).then_some(expanded.text)
    }

    /// Whether the option is there, if only with an empty value.
    pub(super) fn is_said(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    fn raw(&self, name: &str) -> Option<&'a str> {
        let section = self.section;
        match name {
            "name" => section.name.as_deref(),
            "baseurl" => section.baseurl.as_deref(),
            "metalink" => section.metalink.as_deref(),
            "mirrorlist" => section.mirrorlist.as_deref(),
            "proxy" => section.proxy.as_deref(),
            other => section.additional.get(other).map(String::as_str),
        }
    }

    /// A list, split on blanks and commas, of all these names together.
    pub(super) fn lists(&mut self, names: &[&'static str]) -> Vec<String> {
        let mut all = Vec::new();
        for name in names {
            let text = self.text(name).unwrap_or_default();
            let items = text.split(|c: char| c.is_whitespace() || c == ',');
            all.extend(items.filter(|item| !item.is_empty()).map(str::to_owned));
        }
        all
    }

    /// A list of addresses. One that cannot be used is told and left out.
    pub(super) fn locations(&mut self, name: &'static str) -> Vec<Location> {
        let mut items = self.lists(&[name]);
        if items.len() > MOST_ADDRESSES {
            self.odd(name, format_args!("of {} addresses {MOST_ADDRESSES} are used", items.len()));
            items.truncate(MOST_ADDRESSES);
        }
        items.iter().filter_map(|item| self.address(name, item)).collect()
    }

    /// One address.
    pub(super) fn location(&mut self, name: &'static str) -> Option<Location> {
        let text = self.text(name)?;
        self.address(name, &text)
    }

    fn address(&mut self, name: &'static str, text: &str) -> Option<Location> {
        match Location::parse(text) {
            Ok(location) => Some(location),
            Err(error) => {
                let shown = excerpt(&without_credentials(text));
                self.odd(name, format_args!("{shown:?} {error}; it is not used"));
                None
            }
        }
    }

    /// A boolean as dnf reads it.
    pub(super) fn boolean(&mut self, name: &'static str) -> Option<bool> {
        let text = self.text(name)?;
        self.said(name, &text, repo_file::boolean(&text), "boolean")
    }

    /// A number.
    pub(super) fn number<N: FromStr>(&mut self, name: &'static str) -> Option<N> {
        let text = self.text(name)?;
        self.said(name, &text, text.parse().ok(), "number")
    }

    /// A time in seconds: `90`, `90s`, `1.5m`, `48h`, `2d`. `Some(None)` for
    /// `never` and `-1`.
    pub(super) fn seconds(&mut self, name: &'static str) -> Option<Option<u64>> {
        let text = self.text(name)?;
        self.said(name, &text, seconds(&text), "time")
    }

    /// A rate in bytes a second: `1000`, `1k`, `0.5M`, `1G`.
    pub(super) fn rate(&mut self, name: &'static str) -> Option<u64> {
        let text = self.text(name)?;
        let units = [('k', 1 << 10), ('m', 1 << 20), ('g', 1 << 30)];
        self.said(name, &text, scaled(&text, &units), "rate")
    }

    /// A value that could be read, or a remark that it could not.
    pub(super) fn said<T>(
        &mut self,
        name: &'static str,
        text: &str,
        value: Option<T>,
        what: &str,
    ) -> Option<T> {
        if value.is_none() {
            self.odd(name, format_args!("{:?} is no {what}; it is ignored", excerpt(text)));
        }
        value
    }

    /// Tells something odd about an option.
    pub(super) fn odd(&mut self, name: &str, what: impl fmt::Display) {
        if self.remarks.len() < MOST_REMARKS {
            self.remarks.push(Remark::new(&self.place, format_args!("{name}: {what}")));
        }
    }

    /// Everything odd: also options that are not followed or not known, and what
    /// the options together leave open.
    pub(super) fn finish(mut self, definition: &Definition) -> Vec<Remark> {
        for name in self.section.additional.keys() {
            self.left(name);
        }
        let no_list = definition.mirrorlist.is_none() && definition.metalink.is_none();
        if definition.baseurls.is_empty() && no_list {
            self.odd("baseurl", "there is no address that can be used");
        }
        let local = |location: &Location| matches!(location, Location::Path(_));
        let locals = definition.baseurls.iter().filter(|at| local(at)).count();
        if locals > 0 && definition.baseurls.len() > 1 {
            let used = if definition.directory().is_some() {
                "the first address is on this machine; no other is used"
            } else {
                "addresses on this machine after one on a network are not used"
            };
            self.odd("baseurl", used);
        }
        self.remarks
    }

    /// Tells an option nobody asked for, unless it has no effect here.
    fn left(&mut self, name: &str) {
        if self.asked.contains(name) || WITHOUT_EFFECT.contains(&name) {
            return;
        }
        let value = self.section.additional.get(name).map(|value| value.trim().to_lowercase());
        let off = matches!(value.as_deref(), Some("0" | "no" | "false" | "off" | ""));
        match NOT_FOLLOWED.iter().find(|(option, _)| *option == name) {
            Some(_) if off => {}
            Some((_, why)) => self.odd(name, why),
            None => self.odd(&excerpt(name), "no option of dnf or yum is called that"),
        }
    }
}

/// A time in seconds; `Some(None)` for no end.
fn seconds(text: &str) -> Option<Option<u64>> {
    let text = text.to_ascii_lowercase();
    if matches!(text.as_str(), "never" | "-1") {
        return Some(None);
    }
    scaled(&text, &[('s', 1), ('m', 60), ('h', 3600), ('d', 86_400)]).map(Some)
}

/// A number, fractions too, times the unit behind it.
fn scaled(text: &str, units: &[(char, u64)]) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let unit = units.iter().find(|(unit, _)| text.ends_with(*unit));
    let (number, times) = match unit {
        Some((unit, times)) => (text.trim_end_matches(*unit).trim_end(), *times),
        None => (text.as_str(), 1),
    };
    let digits = |c: char| c.is_ascii_digit() || c == '.';
    let value: f64 = number.parse().ok().filter(|_| number.chars().all(digits))?;
    let value = value * times as f64;
    (value.is_finite() && value < 1e15).then_some(value as u64)
}

/// An address that is none, without what may be a password in it.
fn without_credentials(text: &str) -> String {
    match (text.find("://"), text.rfind('@')) {
        (Some(start), Some(end)) if start + 3 <= end => {
            format!("{}{}", &text[..start + 3], &text[end + 1..])
        }
        _ => text.to_owned(),
    }
}
