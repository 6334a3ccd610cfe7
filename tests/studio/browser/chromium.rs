//! One Chromium for all tests of this binary, spoken to by the DevTools protocol over a pipe: no port, no WebSocket, and it
//! ends when we do, however we end, because the pipe does.

use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::{Mutex, Once, OnceLock, mpsc};
use std::time::Duration;

/// Looked for in PATH, in this order, if `CHROMIUM` names none.
const PROGRAMS: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Nothing that asks anything of anybody but the page's own server, and no page slower because another one is in front.
/// Without a sandbox, because there is none for root nor in most containers: the pages are our own.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--hide-scrollbars",
    "--lang=en",
];

/// Chromium wants its pipe as the descriptors 3 and 4. Its profile goes with it.
const LAUNCH: &str = r#"
profile=$(mktemp -d) || exit 1
trap 'rm -rf "$profile"' EXIT INT TERM
"$@" --user-data-dir="$profile" 3<&0 4>&1 </dev/null >&2
"#;

/// As long as a machine with much else to do may need.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where a failed test leaves its screenshot, and Chromium what it has to say.
pub(super) fn directory() -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("studio");
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

pub(super) struct Chromium {
    input: Mutex<ChildStdin>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: u64,
    waiting: HashMap<u64, mpsc::Sender<Value>>,
    /// What was said by each session and not yet asked for.
    events: HashMap<String, Vec<Value>>,
    /// It speaks no more.
    ended: bool,
}

/// The one that all tests share; nothing where none is installed, which is said once.
pub(super) fn chromium() -> Option<&'static Chromium> {
    static ONE: OnceLock<Option<&'static Chromium>> = OnceLock::new();
    *ONE.get_or_init(|| find().map(|program| Chromium::start(&program)))
}

fn find() -> Option<PathBuf> {
    static SAID: Once = Once::new();
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    if let Some(named) = named {
        assert!(named.is_file(), "CHROMIUM is {}, and there is no such program", named.display());
        return Some(named);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let directories: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let places =
        PROGRAMS.iter().flat_map(|name| directories.iter().map(move |directory| directory.join(name)));
    let found = places.into_iter().find(|place| place.is_file());
    if found.is_none() {
        // Past the test's own captured output: a test that was skipped must not look like one that has passed.
        SAID.call_once(|| {
            let text = "SKIPPED: the tests of the studio's page (studio::browser), because there is no Chromium: \
                install it (apt-get install chromium), or say in CHROMIUM where it is\n";
            std::io::stderr().write_all(text.as_bytes()).unwrap();
        });
    }
    found
}

impl Chromium {
    fn start(program: &Path) -> &'static Self {
        let log = directory().join("chromium.log");
        let mut child = Command::new("sh")
            .args(["-c", LAUNCH, "sh"])
            .arg(program)
            .args(FLAGS)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let input = Mutex::new(child.stdin.take().unwrap());
        let output = BufReader::new(child.stdout.take().unwrap());
        let one: &'static Self = Box::leak(Box::new(Self { input, state: Mutex::default() }));
        std::thread::spawn(move || {
            one.listen(output);
            child.wait()
        });
        let version = one.call(None, "Browser.getVersion", &json!({}));
        let version = version.unwrap_or_else(|error| {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            panic!("{} does not start: {error}\n{said}", program.display())
        });
        std::fs::write(directory().join("chromium.version"), version["product"].as_str().unwrap()).unwrap();
        one
    }

    fn listen(&self, mut output: impl BufRead) {
        let mut bytes = Vec::new();
        while output.read_until(0, &mut bytes).is_ok_and(|read| read > 0) {
            bytes.pop();
            let message: Value = serde_json::from_slice(&bytes).unwrap();
            bytes.clear();
            let mut state = self.state.lock().unwrap();
            if let Some(id) = message["id"].as_u64() {
                if let Some(waiting) = state.waiting.remove(&id) {
                    // Who has waited may have given up.
                    let _ = waiting.send(message);
                }
            } else if let Some(session) = message["sessionId"].as_str() {
                state.events.entry(session.to_owned()).or_default().push(message);
            }
        }
        let mut state = self.state.lock().unwrap();
        state.ended = true;
        state.waiting.clear();
    }

    /// One command; its result, or what was wrong with it.
    pub(super) fn call(&self, session: Option<&str>, method: &str, params: &Value) -> Result<Value, String> {
        let (sender, answer) = mpsc::channel();
        let id = {
            let mut state = self.state.lock().unwrap();
            if state.ended {
                return Err("Chromium has ended".to_owned());
            }
            state.last += 1;
            let id = state.last;
            state.waiting.insert(id, sender);
            id
        };
        let mut message = json!({"id": id, "method": method, "params": params});
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.input
            .lock()
            .unwrap()
            .write_all(&bytes)
            .map_err(|error| format!("Chromium has ended: {error}"))?;
        let mut answer = answer.recv_timeout(PATIENCE).map_err(|error| match error {
            mpsc::RecvTimeoutError::Timeout => format!("no answer to {method}"),
            mpsc::RecvTimeoutError::Disconnected => "Chromium has ended".to_owned(),
        })?;
        match answer["error"]["message"].as_str() {
            Some(error) => Err(format!("{method}: {error}")),
            None => Ok(answer["result"].take()),
        }
    }

    /// What a session has said since it was last asked.
    pub(super) fn events(&self, session: &str) -> Vec<Value> {
        self.state.lock().unwrap().events.get_mut(session).map(std::mem::take).unwrap_or_default()
    }
}
