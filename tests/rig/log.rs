//! The events and spans of the library at all levels, as unformatted fields.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, Once};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Installs a global subscriber for all events. At the first use of an event, tracing stores
/// whether any subscriber records the event. Without a global subscriber this first use races with
/// threads that open a log later.
pub fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        tracing::subscriber::set_global_default(tracing_subscriber::registry()).unwrap();
    });
}

/// The events and spans of this thread since a test opened the log.
#[derive(Clone, Default)]
pub struct Log {
    events: Arc<Mutex<Vec<Entry>>>,
    spans: Arc<Mutex<Vec<Entry>>>,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub name: &'static str,
    pub level: Level,
    pub fields: Vec<(&'static str, String)>,
}

impl Entry {
    fn of(metadata: &'static Metadata<'static>) -> Option<Self> {
        let ours = metadata.target().starts_with("axum_protected");
        ours.then(|| Self { name: metadata.name(), level: *metadata.level(), fields: Vec::new() })
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        let named = self.fields.iter().find(|(known, _)| *known == name);
        named.map(|(_, value)| value.as_str())
    }
}

impl Log {
    /// Opens a log. The log closes when the guard is dropped.
    pub fn open() -> (Self, DefaultGuard) {
        listen();
        let log = Self::default();
        let subscriber = tracing_subscriber::registry().with(log.clone());
        (log, tracing::subscriber::set_default(subscriber))
    }

    /// Removes and returns the events since the last call of this function.
    pub fn take(&self) -> Vec<Entry> {
        std::mem::take(&mut *self.events.lock().unwrap())
    }

    /// Removes and returns the spans since the last call of this function.
    pub fn take_spans(&self) -> Vec<Entry> {
        std::mem::take(&mut *self.spans.lock().unwrap())
    }

    /// Returns the remaining events and spans as text.
    pub fn text(&self) -> String {
        let (events, spans) = (self.events.lock().unwrap(), self.spans.lock().unwrap());
        format!("{events:?} {spans:?}")
    }
}

impl<S: Subscriber> Layer<S> for Log {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if let Some(mut entry) = Entry::of(event.metadata()) {
            event.record(&mut entry);
            self.events.lock().unwrap().push(entry);
        }
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        if let Some(mut entry) = Entry::of(attributes.metadata()) {
            attributes.record(&mut entry);
            self.spans.lock().unwrap().push(entry);
        }
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
