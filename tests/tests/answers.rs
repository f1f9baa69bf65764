//! Answers end to end: leapp's answer files are edited, written and read.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use std::path::{Path, PathBuf};

use elevate_core::plan::Plan;
use elevate_core::question::Answers;
use elevate_tests::binary::{Run, elevate, root};
use elevate_tests::data::TempDir;
use elevate_tests::recorded::{data_dir, entries, read};
use serde_json::Value;

const PKCS11: &str = "remove_pam_pkcs11_module_check";
const KRB5: &str = "remove_pam_krb5_module_check";

fn text(path: &Path) -> String {
    String::from_utf8(read(path)).expect("UTF-8")
}

fn answer(file: &Path, arguments: &[&str]) -> Run {
    let file = ["answer", "--answerfile", file.to_str().expect("UTF-8")];
    elevate(&[&file[..], arguments].concat())
}

fn answered(text: &str, scope: &str) -> Option<bool> {
    let mut answers = Answers::default();
    answers.read(text).expect("answers");
    answers.get(scope, "confirm").expect("yes or no")
}

/// The files that leapp wrote, each as a copy that may be changed.
fn files_of_leapp(directory: &TempDir) -> Option<Vec<PathBuf>> {
    let recorded = entries(&data_dir("reports/answerfiles")?);
    let copy = |path: &PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy();
        directory.write(&name, &read(path)).expect("a copy")
    };
    Some(recorded.iter().map(copy).collect())
}

#[test]
fn files_of_leapp_are_answered_and_keep_their_remarks() {
    let directory = TempDir::new("answers").expect("a directory");
    let Some(files) = files_of_leapp(&directory) else { return };
    assert_eq!(files.len(), 3);
    for file in files {
        let before = text(&file);
        for (word, meant) in [("True", true), ("no", false), ("1", true), ("yes", true)] {
            let run = answer(&file, &["--section", &format!("{PKCS11}.confirm={word}")]);
            assert_eq!((run.code, &*run.stderr, &*run.stdout), (0, "", ""));
            assert_eq!(answered(&text(&file), PKCS11), Some(meant), "{word}");
        }
        let after = text(&file);
        // leapp itself would take `yes` for a no, so what is written is what it understands.
        assert!(after.contains("\nconfirm = True\n"), "{after}");
        let remarks = |text: &str| -> Vec<String> {
            text.lines().filter(|line| !line.starts_with("confirm")).map(str::to_owned).collect()
        };
        assert_eq!(remarks(&after), remarks(&before));
    }
}

#[test]
fn a_section_that_is_not_there_is_warned_of_or_added() {
    let directory = TempDir::new("answers-add").expect("a directory");
    let file = directory.write("answers", b"# mine\n[a]\nconfirm = False\n").expect("a file");
    let (before, section) = (text(&file), format!("{KRB5}.confirm=True"));
    let run = answer(&file, &["--section", &section]);
    assert_eq!((run.code, text(&file)), (0, before.clone()));
    assert!(
        run.stderr.contains(&format!("no section [{KRB5}]; --add makes one")),
        "{}",
        run.stderr
    );
    let run = answer(&file, &["--section", &format!("a.confirm=True,{section}"), "--add"]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    assert_eq!(text(&file), format!("# mine\n[a]\nconfirm = True\n[{KRB5}]\nconfirm = True\n"));
}

#[test]
fn a_file_that_is_not_there_is_made_only_where_sections_are_added() {
    let directory = TempDir::new("answers-new").expect("a directory");
    let file = directory.path().join("answers");
    assert_eq!(answer(&file, &["--section", "a.confirm=True"]).code, 1);
    assert!(!file.exists());
    assert_eq!(answer(&file, &["--section", "a.confirm=True", "--add"]).code, 0);
    assert_eq!(text(&file), "[a]\nconfirm = True\n");
}

#[test]
fn what_is_no_answer_is_wrong_usage_and_changes_nothing() {
    let directory = TempDir::new("answers-usage").expect("a directory");
    let file = directory.write("answers", b"[a]\nb = False\n").expect("a file");
    let before = text(&file);
    for wrong in [
        "a=b",
        "a.b.c=d",
        "a.b",
        "a.b=",
        ".b=True",
        "a.=True",
        "",
        "a.b=maybe",
        "a.b=True,c",
        "a.b=%",
        "a]\n[c.b=True",
    ] {
        let run = answer(&file, &["--section", wrong]);
        assert_eq!(run.code, 64, "{wrong:?}: {}", run.stderr);
        assert!(run.stderr.starts_with("error: "), "{wrong:?}: {}", run.stderr);
        assert_eq!(text(&file), before, "{wrong:?}");
    }
    assert_eq!(answer(&file, &[]).code, 64);
    let broken = directory.write("broken", b"what\n").expect("a file");
    let run = answer(&broken, &["--section", "a.b=True"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("line 1"), "{}", run.stderr);
}

/// The fixture host, on which PAM asks two modules that are gone in release 8.
fn host(directory: &TempDir) -> PathBuf {
    let path = root().join("fixtures/hosts/web/snapshot.json");
    let mut snapshot: Value = serde_json::from_slice(&read(&path)).expect("JSON");
    let files = &mut snapshot["evidence"]["files"];
    for stack in ["system-auth", "smartcard-auth", "password-auth", "fingerprint-auth", "postlogin"]
    {
        files[format!("/etc/pam.d/{stack}")] =
            "auth required pam_pkcs11.so\nauth sufficient pam_krb5.so\n".into();
    }
    directory.write("snapshot.json", snapshot.to_string().as_bytes()).expect("a file")
}

fn plan(host: &Path, arguments: &[&str]) -> Run {
    let host = ["plan", "--snapshot", host.to_str().expect("UTF-8"), "--data", "fixtures/data"];
    elevate(&[&host[..], &["--target", "almalinux:8.10"], arguments].concat())
}

fn answers_of(host: &Path, arguments: &[&str]) -> Vec<(String, Option<bool>)> {
    let run = plan(host, &[arguments, &["--format", "json"]].concat());
    let plan = Plan::read(run.stdout.as_bytes()).expect("a plan");
    plan.questions.into_iter().map(|asked| (asked.dialog.name, asked.dialog.answer)).collect()
}

#[test]
fn questions_of_a_plan_are_written_answered_and_read_again() {
    let directory = TempDir::new("answers-round").expect("a directory");
    let host = host(&directory);
    let file = directory.path().join("answers");
    let name = file.to_str().expect("UTF-8");
    let asked = |answers: [Option<bool>; 2]| {
        let names = [KRB5, PKCS11].map(|scope| format!("{scope}.confirm"));
        names.into_iter().zip(answers).collect::<Vec<_>>()
    };
    assert_eq!(plan(&host, &["--format", "answerfile", "-o", name]).code, 2);
    assert_eq!(answers_of(&host, &["--answers", name]), asked([None, None]));
    let section = format!("{KRB5}.confirm=no,{PKCS11}.confirm=yes");
    assert_eq!(answer(&file, &["--section", &section]).code, 0);
    assert_eq!(answers_of(&host, &["--answers", name]), asked([Some(false), Some(true)]));
    let again = plan(&host, &["--answers", name, "--format", "answerfile"]).stdout;
    for (scope, answer) in [(KRB5, false), (PKCS11, true)] {
        assert_eq!(answered(&again, scope), Some(answer));
    }
    let once_more = directory.write("again", again.as_bytes()).expect("a file");
    let once_more = ["--answers", once_more.to_str().expect("UTF-8"), "--format", "answerfile"];
    assert_eq!(plan(&host, &once_more).stdout, again);
}

/// leapp reads its userchoices first and its answer file last, and forgets the whole section
/// of the first then.
#[test]
fn a_later_file_goes_before_an_earlier_one_answer_by_answer() {
    let directory = TempDir::new("answers-order").expect("a directory");
    let host = host(&directory);
    let write = |name: &str, text: String| {
        let path = directory.write(name, text.as_bytes()).expect("a file");
        path.to_str().expect("UTF-8").to_owned()
    };
    let choices =
        write("userchoices", format!("[{KRB5}]\nconfirm = True\n[{PKCS11}]\nconfirm = True\n"));
    let file = write("answerfile", format!("[{KRB5}]\nconfirm = False\n"));
    let both = ["--answers", &*choices, "--answers", &*file];
    let answers = |arguments: &[&str]| {
        answers_of(&host, arguments).into_iter().map(|(_, answer)| answer).collect::<Vec<_>>()
    };
    assert_eq!(answers(&both), [Some(false), Some(true)]);
    let last = format!("{KRB5}.confirm=True");
    assert_eq!(answers(&[&both[..], &["--answer", &last]].concat()), [Some(true), Some(true)]);
}
