//! A page as somebody has it before them: looked at, clicked, typed into, waited for.

use super::chromium::{Chromium, directory};
use base64::Engine;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What every expression can use.
const PRELUDE: &str = include_str!("prelude.js");
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct Page {
    chromium: &'static Chromium,
    /// What pages of one person share: cookies, storage.
    context: String,
    target: String,
    session: String,
    /// The origin of its studio.
    pub(super) origin: String,
    heard: RefCell<Vec<Value>>,
    /// The first page of its context ends it.
    first: bool,
}

/// What can be held while a key is pressed or the mouse clicked.
const HELD: &[(&str, u32)] = &[("Alt", 1), ("Ctrl", 2), ("Shift", 8)];

/// Keys that are no letters: name, code, number, text.
const KEYS: &[(&str, &str, u32, &str)] = &[
    ("Enter", "Enter", 13, "\r"),
    ("Escape", "Escape", 27, ""),
    ("Tab", "Tab", 9, ""),
    ("Backspace", "Backspace", 8, ""),
    ("Delete", "Delete", 46, ""),
    ("Home", "Home", 36, ""),
    ("End", "End", 35, ""),
    ("PageUp", "PageUp", 33, ""),
    ("PageDown", "PageDown", 34, ""),
    ("ArrowLeft", "ArrowLeft", 37, ""),
    ("ArrowUp", "ArrowUp", 38, ""),
    ("ArrowRight", "ArrowRight", 39, ""),
    ("ArrowDown", "ArrowDown", 40, ""),
    ("F2", "F2", 113, ""),
    ("F10", "F10", 121, ""),
    (" ", "Space", 32, " "),
    ("/", "Slash", 191, "/"),
];

/// What a browser does with keys that no page has taken, and that the protocol wants by name.
const EDITING: &[(&str, &str)] =
    &[("Ctrl+a", "selectAll"), ("Ctrl+c", "copy"), ("Ctrl+v", "paste"), ("Ctrl+x", "cut")];

impl Page {
    /// An empty page of a person of its own.
    pub(super) fn new(chromium: &'static Chromium, port: u16) -> Self {
        let context = chromium.call(None, "Target.createBrowserContext", &json!({})).unwrap();
        let context = context["browserContextId"].as_str().unwrap().to_owned();
        Self::within(chromium, context, format!("http://127.0.0.1:{port}"), true)
    }

    /// Another tab of the same person.
    pub(super) fn another(&self) -> Self {
        Self::within(self.chromium, self.context.clone(), self.origin.clone(), false)
    }

    fn within(chromium: &'static Chromium, context: String, origin: String, first: bool) -> Self {
        let blank = json!({"url": "about:blank", "browserContextId": context, "newWindow": true});
        let target = chromium.call(None, "Target.createTarget", &blank).unwrap();
        let target = target["targetId"].as_str().unwrap().to_owned();
        let attach = json!({"targetId": target, "flatten": true});
        let session = chromium.call(None, "Target.attachToTarget", &attach).unwrap();
        let session = session["sessionId"].as_str().unwrap().to_owned();
        let heard = RefCell::default();
        let page = Self { chromium, context, target, session, origin, heard, first };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            page.call(&format!("{domain}.enable"), &json!({}));
        }
        page.call("Emulation.setFocusEmulationEnabled", &json!({"enabled": true}));
        page.size(1280, 800);
        page
    }

    pub(super) fn call(&self, method: &str, params: &Value) -> Value {
        self.chromium.call(Some(&self.session), method, params).unwrap_or_else(|error| panic!("{error}"))
    }

    pub(super) fn size(&self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", &size);
    }

    /// What the system says that it likes.
    pub(super) fn prefers(&self, scheme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.call("Emulation.setEmulatedMedia", &features);
    }

    pub(super) fn navigate(&self, address: &str) {
        let answer = self.call("Page.navigate", &json!({"url": address}));
        assert!(answer["errorText"].is_null(), "{address}: {answer}");
    }

    /// As with F5: what is there afterwards is not what was there before.
    #[track_caller]
    pub(super) fn reload(&self) {
        self.eval("void (window.before = true)");
        self.call("Page.reload", &json!({}));
        self.until("!window.before && one('.shell')");
    }

    /// To an address within the page.
    pub(super) fn go(&self, hash: &str) {
        self.eval(&format!("void (location.hash = {})", json!(hash)));
    }

    /// The value of an expression, or what it has thrown.
    fn try_eval(&self, expression: &str) -> Result<Value, String> {
        // An element is there or not; what it holds together is no value.
        let whole = format!(
            "(async () => {{ {PRELUDE}; const found = await ({expression}); return found instanceof Node ? true : found; }})()"
        );
        let params =
            json!({"expression": whole, "awaitPromise": true, "returnByValue": true, "userGesture": true});
        let mut answer = self.chromium.call(Some(&self.session), "Runtime.evaluate", &params)?;
        match answer.get("exceptionDetails") {
            Some(thrown) => {
                let text = thrown["exception"]["description"].as_str().or(thrown["text"].as_str());
                Err(text.unwrap_or_default().to_owned())
            }
            None => Ok(answer["result"]["value"].take()),
        }
    }

    #[track_caller]
    pub(super) fn eval(&self, expression: &str) -> Value {
        self.try_eval(expression).unwrap_or_else(|error| panic!("{expression}\n{error}"))
    }

    /// The value of an expression, once it is one that JavaScript takes for true.
    #[track_caller]
    pub(super) fn until(&self, expression: &str) -> Value {
        let begun = Instant::now();
        loop {
            // Right after a step to another page there may be nothing to ask.
            let found = self.try_eval(expression);
            if let Ok(value) = &found
                && !matches!(value, Value::Null | Value::Bool(false))
                && value != &json!(0)
                && value != &json!("")
            {
                return found.unwrap();
            }
            assert!(begun.elapsed() < PATIENCE, "this has not come true: {expression}\nit is {found:?}");
            std::thread::sleep(Duration::from_millis(15));
        }
    }

    /// An expression, once it has this value.
    #[track_caller]
    pub(super) fn until_is(&self, expression: &str, wanted: &Value) {
        let begun = Instant::now();
        loop {
            let found = self.try_eval(expression);
            if found.as_ref().is_ok_and(|value| value == wanted) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{expression}\nis      {found:?}\nand not {wanted}");
            std::thread::sleep(Duration::from_millis(15));
        }
    }

    // The mouse

    #[track_caller]
    fn place(&self, element: &str) -> (f64, f64) {
        let at = self.until(&format!("point({element})"));
        (at["x"].as_f64().unwrap(), at["y"].as_f64().unwrap())
    }

    fn mouse(&self, kind: &str, (x, y): (f64, f64), button: &str, clicks: u32, held: u32) {
        let event = json!({"type": kind, "x": x, "y": y, "button": button, "clickCount": clicks, "modifiers": held,
            "buttons": u8::from(kind != "mouseReleased" && button == "left")});
        self.call("Input.dispatchMouseEvent", &event);
    }

    fn press_at(&self, at: (f64, f64), button: &str, clicks: u32, held: u32) {
        self.mouse("mouseMoved", at, "none", 0, held);
        for click in 1..=clicks {
            self.mouse("mousePressed", at, button, click, held);
            self.mouse("mouseReleased", at, button, click, held);
        }
    }

    #[track_caller]
    pub(super) fn click(&self, element: &str) {
        self.press_at(self.place(element), "left", 1, 0);
    }

    #[track_caller]
    pub(super) fn click_held(&self, held: &str, element: &str) {
        self.press_at(self.place(element), "left", 1, modifiers(held));
    }

    #[track_caller]
    pub(super) fn double_click(&self, element: &str) {
        self.press_at(self.place(element), "left", 2, 0);
    }

    /// Opens what the other button opens.
    #[track_caller]
    pub(super) fn click_right(&self, element: &str) {
        self.press_at(self.place(element), "right", 1, 0);
    }

    #[track_caller]
    pub(super) fn hover(&self, element: &str) {
        let at = self.place(element);
        self.mouse("mouseMoved", at, "none", 0, 0);
    }

    /// From the middle of one element to that of another, with the button down.
    #[track_caller]
    pub(super) fn drag(&self, from: &str, to: &str) {
        let (from, to) = (self.place(from), self.place(to));
        self.mouse("mouseMoved", from, "none", 0, 0);
        self.mouse("mousePressed", from, "left", 1, 0);
        self.mouse("mouseMoved", to, "left", 0, 0);
        self.mouse("mouseReleased", to, "left", 1, 0);
    }

    pub(super) fn wheel(&self, element: &str, down: f64) {
        let (x, y) = self.place(element);
        let event = json!({"type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": down});
        self.call("Input.dispatchMouseEvent", &event);
    }

    // The keyboard

    /// A key as people write it: `Enter`, `Ctrl+Shift+End`, `a`.
    pub(super) fn key(&self, keys: &str) {
        let (held, name) = match keys.rsplit_once('+') {
            Some((held, name)) if !name.is_empty() => (modifiers(held), name),
            _ => (0, keys),
        };
        let known = KEYS.iter().find(|(known, ..)| *known == name);
        let (code, number, text) = match known {
            Some((_, code, number, text)) => ((*code).to_owned(), *number, (*text).to_owned()),
            None => letter(name),
        };
        let text = if held & 3 == 0 { text } else { String::new() };
        let name = if held & 8 == 8 && name.len() == 1 { name.to_uppercase() } else { name.to_owned() };
        let mut event = json!({"type": if text.is_empty() { "rawKeyDown" } else { "keyDown" }, "key": name, "code": code,
            "windowsVirtualKeyCode": number, "nativeVirtualKeyCode": number, "modifiers": held, "text": text});
        if let Some((_, command)) = EDITING.iter().find(|(known, _)| *known == keys) {
            event["commands"] = json!([command]);
        }
        self.call("Input.dispatchKeyEvent", &event);
        event["type"] = json!("keyUp");
        event["text"] = json!("");
        event["commands"] = json!([]);
        self.call("Input.dispatchKeyEvent", &event);
    }

    /// Key by key.
    pub(super) fn write(&self, text: &str) {
        for one in text.chars() {
            self.key(if one == '\n' { "Enter".to_owned() } else { one.to_string() }.as_str());
        }
    }

    /// All at once, as an input method does.
    pub(super) fn insert(&self, text: &str) {
        self.call("Input.insertText", &json!({"text": text}));
    }

    /// Of a list of choices; the browser draws it itself, outside of the page.
    #[track_caller]
    pub(super) fn choose(&self, select: &str, value: &str) {
        let chosen = format!(
            "(() => {{ const it = {select}; it.value = {}; it.dispatchEvent(new Event('change', {{bubbles: true}})); return it.value; }})()",
            json!(value)
        );
        assert_eq!(self.eval(&chosen), value, "{select}");
    }

    // What it has said and asked

    fn listen(&self) {
        self.heard.borrow_mut().extend(self.chromium.events(&self.session));
    }

    fn said(&self, method: &str) -> Vec<Value> {
        self.listen();
        let heard = self.heard.borrow();
        heard.iter().filter(|event| event["method"] == method).map(|event| event["params"].clone()).collect()
    }

    /// The address of everything that was asked for.
    pub(super) fn requests(&self) -> Vec<String> {
        let asked = self.said("Network.requestWillBeSent");
        asked.iter().map(|event| event["request"]["url"].as_str().unwrap().to_owned()).collect()
    }

    /// The console, and what has gone wrong without anybody writing it there.
    pub(super) fn console(&self) -> Vec<String> {
        self.listen();
        self.heard.borrow().iter().filter_map(line).collect()
    }

    fn complaints(&self) -> Vec<String> {
        let bad = |line: &String| ["error:", "thrown:"].iter().any(|kind| line.starts_with(kind));
        self.console().into_iter().filter(bad).collect()
    }

    pub(super) fn screenshot(&self, file: &Path) {
        let picture =
            self.call("Page.captureScreenshot", &json!({"format": "png", "optimizeForSpeed": false}));
        let bytes =
            base64::engine::general_purpose::STANDARD.decode(picture["data"].as_str().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }

    /// As if the person had said yes when the browser asked.
    pub(super) fn allow_clipboard(&self) {
        let params = json!({"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": self.origin, "browserContextId": self.context});
        self.chromium.call(None, "Browser.grantPermissions", &params).unwrap();
    }

    /// What is saved from now on goes there.
    pub(super) fn save_to(&self, directory: &Path) {
        let params =
            json!({"behavior": "allow", "browserContextId": self.context, "downloadPath": directory});
        self.chromium.call(None, "Browser.setDownloadBehavior", &params).unwrap();
    }

    /// The test has failed: what can be known about this page.
    fn report(&self) {
        let name = std::thread::current().name().unwrap_or("a_test").replace("::", "-");
        let mut file = directory().join(format!("{name}.png"));
        if !self.first {
            file.set_extension("2.png");
        }
        let lines = self.console();
        let params = json!({"format": "png"});
        let picture = self.chromium.call(Some(&self.session), "Page.captureScreenshot", &params).ok();
        let bytes = picture.and_then(|picture| {
            base64::engine::general_purpose::STANDARD.decode(picture["data"].as_str()?).ok()
        });
        let seen = match bytes {
            Some(bytes) if std::fs::write(&file, &bytes).is_ok() => file.display().to_string(),
            _ => "no screenshot could be made".to_owned(),
        };
        let place = self.try_eval("location.href.replace(/token=.*/, '')").unwrap_or_default();
        // Tests print; this is shown only of those that fail.
        #[allow(clippy::print_stderr, reason = "libtest shows it with the failed test")]
        {
            eprintln!("--- the page at {place}\n{}\n--- as it looked: {seen}", lines.join("\n"));
        }
    }
}

impl Drop for Page {
    /// A page that has complained fails its test.
    fn drop(&mut self) {
        let complaints = if std::thread::panicking() { Vec::new() } else { self.complaints() };
        if std::thread::panicking() || !complaints.is_empty() {
            self.report();
        }
        // Chromium may have ended.
        let _ = match self.first {
            true => {
                let context = json!({"browserContextId": self.context});
                self.chromium.call(None, "Target.disposeBrowserContext", &context)
            }
            false => self.chromium.call(None, "Target.closeTarget", &json!({"targetId": self.target})),
        };
        assert!(complaints.is_empty(), "the page complains: {complaints:#?}");
    }
}

fn modifiers(held: &str) -> u32 {
    held.split('+')
        .map(|one| HELD.iter().find(|(name, _)| *name == one).unwrap_or_else(|| panic!("{held}")).1)
        .sum()
}

/// Code, number and text of a key that is a letter.
fn letter(name: &str) -> (String, u32, String) {
    let one = name.chars().next().unwrap();
    assert_eq!(name.chars().count(), 1, "there is no key {name:?}");
    let upper = one.to_ascii_uppercase();
    let code = match one {
        'a'..='z' | 'A'..='Z' => format!("Key{upper}"),
        '0'..='9' => format!("Digit{one}"),
        _ => String::new(),
    };
    let number = if code.is_empty() { 0 } else { u32::from(upper) };
    (code, number, name.to_owned())
}

/// One line of the console, of whatever sort.
fn line(event: &Value) -> Option<String> {
    let params = &event["params"];
    match event["method"].as_str()? {
        "Runtime.consoleAPICalled" => {
            let words = params["args"].as_array()?.iter();
            let words = words.map(|word| {
                word["value"].as_str().or(word["description"].as_str()).unwrap_or("?").to_owned()
            });
            Some(format!("{}: {}", params["type"].as_str()?, words.collect::<Vec<_>>().join(" ")))
        }
        "Runtime.exceptionThrown" => {
            let thrown = &params["exceptionDetails"];
            Some(format!(
                "thrown: {}",
                thrown["exception"]["description"].as_str().or(thrown["text"].as_str())?
            ))
        }
        "Log.entryAdded" => {
            let entry = &params["entry"];
            // An answer that is no success is for the page to handle, and the console says each.
            let kind = if entry["source"] == "network" { "network" } else { entry["level"].as_str()? };
            Some(format!("{kind}: {} {}", entry["text"].as_str()?, entry["url"].as_str().unwrap_or_default()))
        }
        "Network.loadingFailed" if params["blockedReason"].is_string() => {
            Some(format!("error: blocked: {}", params["blockedReason"]))
        }
        _ => None,
    }
}

/// A file that is being saved, once it is there.
#[track_caller]
pub(super) fn saved(directory: &Path, name: &str) -> PathBuf {
    let begun = Instant::now();
    let file = directory.join(name);
    while !file.exists() {
        assert!(begun.elapsed() < PATIENCE, "{name} was not saved in {}", directory.display());
        std::thread::sleep(Duration::from_millis(15));
    }
    file
}
