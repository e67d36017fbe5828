//! Locations of the metadata that may still be asked.

use std::sync::{Arc, Mutex};

use reqwest::Url;

use crate::lock::lock;

/// Locations that may still be asked, in their order. The set only shrinks. Clones share it.
///
/// A location after the one that answered is never asked again, even while the answering one fails.
/// Otherwise a file that somebody else puts at the root of the host could become the metadata of an
/// issuer with a path. Such a file may also exist before the first round. An earlier location whose
/// failure was temporary therefore remains, and replaces the later one when it answers.
#[derive(Debug, Clone)]
pub(super) struct Remaining(Arc<Mutex<Vec<Url>>>);

impl Remaining {
    pub(super) fn new(locations: Vec<Url>) -> Self {
        Self(Arc::new(Mutex::new(locations)))
    }

    pub(super) fn locations(&self) -> Vec<Url> {
        lock(&self.0).clone()
    }

    /// Returns true if no other location than `url` may be asked.
    pub(super) fn is_only(&self, url: &Url) -> bool {
        lock(&self.0).iter().all(|location| location == url)
    }

    /// Removes the locations that are not in `left`, the result of a round. Returns true if
    /// `answered` may still be asked, so that its answer counts.
    pub(super) fn shrink(&self, left: &[Url], answered: &Url) -> bool {
        let mut locations = lock(&self.0);
        *locations = shrunk(&locations, left);
        locations.contains(answered)
    }
}

/// Returns the locations that are in both lists. If there are none, a concurrent round on another
/// runtime ended earlier with another result, and its result is kept.
fn shrunk(locations: &[Url], left: &[Url]) -> Vec<Url> {
    let both: Vec<Url> = locations.iter().filter(|url| left.contains(url)).cloned().collect();
    if both.is_empty() { locations.to_vec() } else { both }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(names: &str) -> Vec<Url> {
        names
            .chars()
            .map(|name| format!("https://id.example.com/{name}").parse().unwrap())
            .collect()
    }

    /// The columns are the locations before a round, the locations that it left, the location that
    /// answered, the locations after it, and whether the answer counts.
    #[test]
    fn the_locations_only_shrink() {
        for (before, left, answered, after, counts) in [
            ("abc", "a", "a", "a", true),
            ("abc", "ab", "b", "ab", true),
            ("abc", "bc", "c", "bc", true),
            ("ab", "a", "a", "a", true),
            ("ab", "b", "b", "b", true),
            ("a", "a", "a", "a", true),
            // A round that began with more locations ended after another one.
            ("a", "ab", "b", "a", false),
            ("b", "ab", "b", "b", true),
            ("b", "a", "a", "b", false),
            ("ab", "bc", "c", "b", false),
        ] {
            let remaining = Remaining::new(urls(before));
            let [answered] = &*urls(answered) else { panic!("{answered}") };
            assert_eq!(remaining.shrink(&urls(left), answered), counts, "{before} {left}");
            assert_eq!(remaining.locations(), urls(after), "{before} {left}");
            assert_eq!(remaining.is_only(answered), counts && after.len() == 1, "{before} {left}");
        }
    }
}
