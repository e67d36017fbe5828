//! A minimal client for `WebDriver` (<https://www.w3.org/TR/webdriver2/>).

use std::process::Command;
use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::program::Program;

/// The timeout of every wait.
const PATIENCE: Duration = Duration::from_secs(30);

/// The name of the JSON member that contains a reference to a web element, a constant of the
/// standard.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

const FLAGS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    // The browser can connect only to this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--window-size=1200,1600",
];

/// Headless Chromium with its own profile.
pub(crate) struct Browser {
    client: Client,
    session: String,
    driver: Program,
}

impl Browser {
    pub(crate) async fn start() -> Self {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0");
        let (driver, port) = Program::start(command, "started successfully on port ");
        let base = format!("http://127.0.0.1:{}/session", port.trim_end_matches('.'));
        let client = Client::builder().no_proxy().build().unwrap();
        let mut browser = Self { client, session: base.clone(), driver };
        let parameters = json!({
            "goog:chromeOptions": { "args": FLAGS },
            // The driver waits this long until an element appears.
            "timeouts": { "implicit": PATIENCE.as_millis() },
        });
        let parameters = json!({ "capabilities": { "alwaysMatch": parameters } });
        let session = browser.call(Method::POST, "", &parameters).await;
        let id = session.get("sessionId").and_then(Value::as_str).unwrap();
        browser.session = format!("{base}/{id}");
        browser
    }

    pub(crate) async fn open(&self, url: &str) {
        self.call(Method::POST, "/url", &json!({ "url": url })).await;
    }

    /// Waits for the element at an `XPath` and returns its reference.
    pub(crate) async fn find(&self, path: &str) -> String {
        let parameters = json!({ "using": "xpath", "value": path });
        let found = self.call(Method::POST, "/element", &parameters).await;
        found.get(ELEMENT).and_then(Value::as_str).unwrap().to_owned()
    }

    pub(crate) async fn click(&self, path: &str) {
        let element = self.find(path).await;
        let path = format!("/element/{element}/click");
        self.call(Method::POST, &path, &json!({})).await;
    }

    /// Returns the text of an input field.
    pub(crate) async fn text_in(&self, path: &str) -> String {
        let element = self.find(path).await;
        let path = format!("/element/{element}/property/value");
        let text = self.call(Method::GET, &path, &Value::Null).await;
        text.as_str().unwrap().to_owned()
    }

    pub(crate) async fn window(&self) -> String {
        let window = self.call(Method::GET, "/window", &Value::Null).await;
        window.as_str().unwrap().to_owned()
    }

    pub(crate) async fn switch_to(&self, window: &str) {
        self.call(Method::POST, "/window", &json!({ "handle": window })).await;
    }

    /// Waits for a window other than this one and returns its handle.
    pub(crate) async fn other_than(&self, window: &str) -> String {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let windows = self.call(Method::GET, "/window/handles", &Value::Null).await;
            let mut names = windows.as_array().unwrap().iter().filter_map(Value::as_str);
            if let Some(other) = names.find(|name| *name != window) {
                return other.to_owned();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("no window was opened");
    }

    /// Ends the browser, and then the driver, which deletes the profile of the browser.
    pub(crate) async fn quit(self) {
        self.call(Method::DELETE, "", &Value::Null).await;
        let (driver, _) = self.session.split_once("/session/").unwrap();
        let end = self.client.get(format!("{driver}/shutdown"));
        end.send().await.unwrap();
        self.driver.wait();
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.session);
        let mut request = self.client.request(method, url);
        if !body.is_null() {
            request = request.body(body.to_string());
        }
        let response = request.send().await.unwrap();
        let is_success = response.status().is_success();
        let mut answer: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert!(is_success, "{path} {body}: {answer:#}");
        answer.get_mut("value").unwrap().take()
    }
}
