//! Package lists: `rpm -qa` and its relatives, in the shapes people have.
