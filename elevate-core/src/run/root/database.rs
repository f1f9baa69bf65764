//! Whether this machine's rpm can write the package database of a root. Release 7 and 8 have
//! a Berkeley DB, which rpm has not written since 4.17; what it would make of the database
//! instead, the rpm of release 8 could not read.

use crate::run::executor::StepError;
use crate::run::files::Files;

use super::dnf::DATABASE;

/// Forms of the database, by rpm's words and the file each is in.
const FORMS: [(&str, &str); 3] =
    [("bdb", "Packages"), ("ndb", "Packages.db"), ("sqlite", "rpmdb.sqlite")];

/// Refuses a root whose package database this machine's rpm does not write. `eval` is what it
/// makes of its macro `%{_db_backend}`.
pub(super) fn fits(files: &Files, eval: &str) -> Result<(), StepError> {
    // Before 4.16 there was one form and no such macro.
    let writes = if eval.starts_with('%') { "bdb" } else { eval };
    let mut found = None;
    for (form, name) in FORMS {
        let path = format!("{DATABASE}/{name}");
        if files.is_there(&path).map_err(|error| StepError::of(&path, error))? {
            if form == writes {
                return Ok(());
            }
            found = Some((form, path));
        }
    }
    match found {
        None => Ok(()),
        Some((form, path)) => Err(StepError(format!(
            "the package database {path} is in the form {form}, and this machine's rpm writes \
             {writes}, which the rpm of the target could not read: carry the plan out where rpm \
             writes {form}, such as in a container of release 8, or on the host itself with \
             leapp"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::testing::TempDir;

    fn said(file: &str, eval: &str) -> String {
        let directory = TempDir::new(&format!("database-{file}-{}", eval.len()));
        directory.write(format!("var/lib/rpm/{file}"), b"x");
        let files = Files::open(directory.path()).unwrap();
        fits(&files, eval).err().map(|error| error.0).unwrap_or_default()
    }

    #[test]
    fn a_database_is_written_in_its_own_form_alone() {
        for (file, eval) in [
            ("Packages", "bdb"),
            ("Packages", "%{_db_backend}"),
            ("rpmdb.sqlite", "sqlite"),
            ("Packages.db", "ndb"),
            ("nothing", "sqlite"),
        ] {
            assert_eq!(said(file, eval), "", "{file} {eval}");
        }
        let berkeley = said("Packages", "sqlite");
        let wanted = "the package database /var/lib/rpm/Packages is in the form bdb, and this \
                      machine's rpm writes sqlite, ";
        assert!(berkeley.starts_with(wanted), "{berkeley}");
        assert!(said("rpmdb.sqlite", "%{_db_backend}").contains("in the form sqlite"));
    }
}
