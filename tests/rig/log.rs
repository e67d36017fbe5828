//! What the library logs at its most talkative, field by field and unformatted.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, Once};

use tracing::field::{Field, Visit};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Has every event be of interest to somebody, from the first on: tracing asks once for each, and a
/// thread that opens a log while another one asks may come too late.
pub fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        tracing::subscriber::set_global_default(tracing_subscriber::registry()).unwrap();
    });
}

/// The events of this thread since the log was opened.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<Entry>>>);

#[derive(Clone, Debug)]
pub struct Entry {
    pub level: Level,
    pub fields: Vec<(&'static str, String)>,
}

impl Entry {
    pub fn get(&self, name: &str) -> Option<&str> {
        let named = self.fields.iter().find(|(known, _)| *known == name);
        named.map(|(_, value)| value.as_str())
    }
}

impl Log {
    /// Opens a log for as long as the guard lives.
    pub fn open() -> (Self, DefaultGuard) {
        listen();
        let log = Self::default();
        let subscriber = tracing_subscriber::registry().with(log.clone());
        (log, tracing::subscriber::set_default(subscriber))
    }

    /// What was logged since the last time.
    pub fn take(&self) -> Vec<Entry> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    /// Everything that is still in it, as one text.
    pub fn text(&self) -> String {
        format!("{:?}", self.0.lock().unwrap())
    }
}

impl<S: Subscriber> Layer<S> for Log {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if !event.metadata().target().starts_with("axum_protected") {
            return;
        }
        let mut entry = Entry {
            level: *event.metadata().level(),
            fields: Vec::new(),
        };
        event.record(&mut entry);
        self.0.lock().unwrap().push(entry);
    }
}

impl Visit for Entry {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.push((field.name(), value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.fields.push((field.name(), format!("{value:?}")));
    }
}
