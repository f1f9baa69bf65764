//! Lint of a data directory, for the people who publish one.
