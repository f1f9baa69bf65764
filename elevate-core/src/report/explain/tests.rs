//! Explanations of a small plan.
