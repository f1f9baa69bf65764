//! What steps of a plan come to for whoever carries them out.

/// Who asks for what belongs to every upgrade.
pub(super) const OWN: &str = "elevate";
