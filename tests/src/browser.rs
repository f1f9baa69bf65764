//! A browser that is told what to do: Chromium, over the pipe of its DevTools protocol.
//! That takes no crate and no port, leaves the page and its policy as they are, and
//! reports what the page says and asks for.

#![expect(clippy::disallowed_methods, reason = "tests start the browser")]

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::data::TempDir;

/// A browser that says nothing for so long hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// A browser with one page.
pub struct Browser {
    child: Child,
    input: ChildStdin,
    output: Receiver<Vec<u8>>,
    calls: u64,
    session: Option<String>,
    events: Vec<Value>,
    _profile: TempDir,
}

impl Browser {
    /// Starts the browser that `ELEVATE_BROWSER` names, by default `chromium`; `None`
    /// where that is not installed, which fails where the variable names one.
    pub fn start() -> Option<Self> {
        let named = std::env::var("ELEVATE_BROWSER").ok();
        let program = named.clone().unwrap_or_else(|| "chromium".to_owned());
        let there = Command::new(&program).arg("--version").stdout(Stdio::null()).status();
        if !there.is_ok_and(|status| status.success()) {
            assert!(named.is_none(), "{program}, which ELEVATE_BROWSER names, does not run");
            eprintln!("skipped: {program} is not installed (ELEVATE_BROWSER names another)");
            return None;
        }
        Some(Self::run(&program))
    }

    fn run(program: &str) -> Self {
        let profile = TempDir::new("browser").expect("a directory");
        // The protocol is spoken on descriptors 3 and 4, which a shell can set.
        let script = "exec \"$0\" --headless --no-sandbox --disable-gpu --no-first-run \
                      --disable-background-networking --disable-dev-shm-usage \
                      --remote-debugging-pipe --user-data-dir=\"$1\" about:blank \
                      3<&0 4>&1 0</dev/null 1>&2";
        let mut child = Command::new("sh")
            .args(["-c", script, program])
            .arg(profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell starts");
        let input = child.stdin.take().expect("a pipe");
        let output = messages(child.stdout.take().expect("a pipe"));
        let mut browser = Self {
            child,
            input,
            output,
            calls: 0,
            session: None,
            events: Vec::new(),
            _profile: profile,
        };
        let page = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let attach = json!({"targetId": page["targetId"], "flatten": true});
        let attached = browser.call("Target.attachToTarget", attach);
        browser.session = Some(attached["sessionId"].as_str().expect("a session").to_owned());
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Calls a method of the protocol.
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.calls += 1;
        let mut message = json!({"id": self.calls, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.input.write_all(&bytes).expect("the browser listens");
        loop {
            let mut answer = self.next();
            if answer["id"] != self.calls {
                self.events.push(answer);
                continue;
            }
            assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
            return answer["result"].take();
        }
    }

    fn next(&self) -> Value {
        let message = self.output.recv_timeout(PATIENCE).expect("the browser answers");
        serde_json::from_slice(&message).expect("JSON")
    }

    /// Opens a file, and forgets what earlier pages said.
    pub fn open(&mut self, file: &Path) {
        let address = format!("file://{}", file.canonicalize().expect("a file").display());
        self.events.clear();
        self.call("Page.navigate", json!({"url": address}));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.next();
            self.events.push(event);
        }
    }

    /// What a script gives, run as if somebody had clicked.
    pub fn ask(&mut self, script: &str) -> Value {
        let parameters = json!({
            "expression": script, "returnByValue": true, "awaitPromise": true, "userGesture": true
        });
        let mut answer = self.call("Runtime.evaluate", parameters);
        assert!(answer["exceptionDetails"].is_null(), "{script}: {answer}");
        answer["result"]["value"].take()
    }

    /// The page in a window of this size.
    pub fn size(&mut self, width: u32, height: u32) {
        let phone = width < 600;
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone});
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// The page for somebody who likes it dark, or light.
    pub fn dark(&mut self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": value}]);
        self.call("Emulation.setEmulatedMedia", json!({"features": features}));
    }

    /// Presses a key.
    pub fn press(&mut self, key: &str, text: &str) {
        let code = if key == "Enter" { 13 } else { 9 };
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let event = json!({
                "type": kind, "key": key, "code": key, "text": text, "windowsVirtualKeyCode": code
            });
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// The page as it is printed.
    pub fn print(&mut self) -> Vec<u8> {
        let printed = self.call("Page.printToPDF", json!({}));
        STANDARD.decode(printed["data"].as_str().expect("data")).expect("base64")
    }

    /// What the page wrote to the console, the browser had to say of it, and what it
    /// asked for besides itself.
    pub fn complaints(&mut self) -> Vec<String> {
        // All that was said before this is answered has come.
        self.ask("0");
        let said = ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"];
        let is_own = |event: &Value| event["params"]["type"] == "Document";
        let counts = |event: &&Value| match event["method"].as_str().unwrap_or_default() {
            "Network.requestWillBeSent" => !is_own(event),
            method => said.contains(&method),
        };
        self.events.iter().filter(counts).map(Value::to_string).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It was asked for nothing more; its directory goes with it.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Messages out of a pipe, each ended by a zero.
fn messages(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let (mut message, mut buffer) = (Vec::new(), vec![0; 1 << 16]);
        while let Ok(length @ 1..) = pipe.read(&mut buffer) {
            for byte in &buffer[..length] {
                match byte {
                    0 => drop(sender.send(std::mem::take(&mut message))),
                    byte => message.push(*byte),
                }
            }
        }
    });
    receiver
}
