//! Each shape in a small sample.

use super::*;

fn ok(text: &str) -> Listing {
    read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn names(listing: &Listing) -> Vec<String> {
    listing.packages.iter().map(InstalledPackage::nevra).collect()
}

fn unread(listing: &Listing) -> Vec<String> {
    listing.unread.iter().map(ToString::to_string).collect()
}
