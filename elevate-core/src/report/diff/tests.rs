//! Differences of small reports and plans.
