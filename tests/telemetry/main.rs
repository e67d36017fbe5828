//! Compares events, spans and metrics with their documentation.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod documented_table;
mod failing_recorders;
mod metric_values;
mod received_events;
mod table_agreement;

use std::collections::{BTreeMap, BTreeSet};

use axum_protected_tests::log::Entry;
use metrics_util::MetricKind;
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};

/// The labels and the value of one series.
type Series = (BTreeMap<String, String>, DebugValue);

/// The metrics that this thread records.
struct Measured(Snapshotter);

impl Measured {
    /// Starts the measurement. The measurement stops when the guard is dropped.
    fn begin(recorder: &DebuggingRecorder) -> (Self, metrics::LocalRecorderGuard<'_>) {
        let guard = metrics::set_default_local_recorder(recorder);
        (Self(recorder.snapshotter()), guard)
    }

    /// Removes and returns the series since the last call of this function, by name, kind and unit
    /// of the metric.
    fn take(&self) -> BTreeMap<(String, &'static str, &'static str), Vec<Series>> {
        let mut taken = BTreeMap::<_, Vec<_>>::new();
        for (key, unit, _, value) in self.0.snapshot().into_vec() {
            let kind = match key.kind() {
                MetricKind::Counter => "counter",
                MetricKind::Gauge => "gauge",
                MetricKind::Histogram => "histogram",
            };
            let unit = unit.map_or("none", |unit| unit.as_str());
            let labels =
                key.key().labels().map(|label| (label.key().to_owned(), label.value().to_owned()));
            let name = key.key().name().to_owned();
            let series = taken.entry((name, kind, unit)).or_default();
            series.push((labels.collect(), value));
        }
        taken
    }

    /// Removes and returns the series of this metric since the last call. Discards the series of
    /// other metrics.
    fn of(&self, metric: &str) -> Vec<Series> {
        let taken = self.take().into_iter();
        let named = taken.filter(|((name, _, _), _)| name == metric);
        named.flat_map(|(_, series)| series).collect()
    }
}

/// Returns the names of the fields of an entry, except the message.
fn fields(entry: &Entry) -> BTreeSet<String> {
    let names = entry.fields.iter().map(|(name, _)| *name);
    names.filter(|name| *name != "message").map(str::to_owned).collect()
}
