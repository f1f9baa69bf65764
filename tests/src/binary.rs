//! The built binary, as a user runs it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// What a run said.
pub struct Run {
    /// Exit code.
    pub code: i32,
    /// Data.
    pub stdout: String,
    /// Talk.
    pub stderr: String,
}

impl Run {
    /// Exit code, stderr and stdout in one text, for snapshots.
    pub fn all(&self) -> String {
        format!("exit code: {}\n--- stderr\n{}--- stdout\n{}", self.code, self.stderr, self.stdout)
    }
}

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs `elevate` at the root of the checkout with these arguments.
pub fn elevate(arguments: &[&str]) -> Run {
    elevate_with(arguments, b"")
}

/// The same with something on standard input.
#[expect(clippy::disallowed_methods, reason = "tests run the binary")]
pub fn elevate_with(arguments: &[&str], stdin: &[u8]) -> Run {
    use std::io::Write;
    let mut child = Command::new(executable())
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("elevate starts");
    // It may end without reading; that is its right.
    let _ = child.stdin.take().expect("a pipe").write_all(stdin);
    let output = child.wait_with_output().expect("elevate ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Run {
        code: output.status.code().expect("an exit code"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// The binary, built once: this crate cannot depend on it in a way that cargo
/// would build it by itself.
#[expect(clippy::disallowed_methods, reason = "tests build the binary")]
pub fn executable() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--locked", "-p", "elevate-cli", "--message-format=json"])
            .current_dir(root())
            .stderr(Stdio::inherit())
            .output()
            .expect("cargo runs");
        assert!(built.status.success(), "elevate does not build");
        let messages = String::from_utf8(built.stdout).expect("UTF-8");
        let executable = |line: &str| {
            let message: serde_json::Value = serde_json::from_str(line).ok()?;
            Some(PathBuf::from(message["executable"].as_str()?))
        };
        messages.lines().filter_map(executable).next_back().expect("cargo names the binary")
    })
}

/// What Graphviz makes of a file; `None` where it is not installed, which is said.
#[expect(clippy::disallowed_methods, reason = "tests ask the real tool")]
pub fn graphviz(file: &Path) -> Option<String> {
    let Ok(output) = Command::new("dot").arg("-Tsvg").arg(file).output() else {
        eprintln!("skipped: Graphviz is not installed");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).expect("UTF-8"))
}

/// libsolv's answers to the questions of `tests/scripts/libsolv_compare.py`, one
/// a line; `None` where python3-solv is not installed.
pub fn libsolv(questions: &str) -> Option<Vec<String>> {
    libsolv_script("libsolv_compare.py", questions)
}

/// The lines that a script of `tests/scripts` makes of these questions; `None`
/// where python3-solv is not installed.
#[expect(clippy::disallowed_methods, reason = "tests ask the real tool")]
pub fn libsolv_script(script: &str, questions: &str) -> Option<Vec<String>> {
    use std::io::Write;
    let script = root().join("tests/scripts").join(script);
    let python = "/usr/bin/python3";
    let there = Command::new(python).args(["-c", "import solv"]).stderr(Stdio::null()).status();
    there.ok().filter(|status| status.success())?;
    let mut child = Command::new(python)
        .arg(&script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let questions = questions.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(questions.as_bytes()));
    let output = child.wait_with_output().expect("python ends");
    writer.join().expect("the writer ends").expect("python reads");
    assert!(output.status.success(), "{} failed", script.display());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    Some(text.lines().map(str::to_owned).collect())
}
