//! The keys of a backend: one that seals, and those that open.

use std::fmt;

use super::cipher_key::{CipherKey, KEY_LENGTH, Sealed};
use super::error::SealError;

/// The keys that seal cookies. Cookies are sealed with the first key and opened with all. The
/// `Debug` output does not contain the keys.
#[derive(Clone)]
pub(crate) struct SealingKeys {
    first: CipherKey,
    others: Vec<CipherKey>,
}

/// The use of a sealed cookie. A cookie opens only for the use and the name for which it was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    SignIn,
    /// The address of the sign-out at the provider.
    SignOut,
    Session,
}

impl SealingKeys {
    pub(crate) fn new(first: &[u8; KEY_LENGTH], others: &[[u8; KEY_LENGTH]]) -> Self {
        Self { first: CipherKey::new(first), others: others.iter().map(CipherKey::new).collect() }
    }

    /// Creates a key that only this process has.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut key = [0; KEY_LENGTH];
        getrandom::fill(&mut key)?;
        Ok(Self::new(&key, &[]))
    }

    /// Seals the text for a cookie of this name.
    pub(crate) fn seal(
        &self,
        purpose: Purpose,
        cookie: &str,
        text: &[u8],
    ) -> Result<String, SealError> {
        self.first.seal(&context(purpose, cookie), text)
    }

    /// Opens the value of a cookie. Returns `None` if it was sealed with another key, for another
    /// purpose or for another cookie, and if it was altered.
    pub(crate) fn open(&self, purpose: Purpose, cookie: &str, sealed: &str) -> Option<Vec<u8>> {
        let sealed = Sealed::read(sealed)?;
        let context = context(purpose, cookie);
        let mut keys = std::iter::once(&self.first).chain(&self.others);
        keys.find_map(|key| key.open(&context, &sealed))
    }
}

/// Returns the use of a sealed text. The purposes have no zero byte, so that no two uses are equal.
fn context(purpose: Purpose, cookie: &str) -> Vec<u8> {
    let purpose: &[u8] = match purpose {
        Purpose::SignIn => b"sign-in",
        Purpose::SignOut => b"sign-out",
        Purpose::Session => b"session",
    };
    [purpose, &[0], cookie.as_bytes()].concat()
}

impl fmt::Debug for SealingKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SealingKeys").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COOKIE: &str = "__Host-session";

    fn keys(first: u8, others: &[u8]) -> SealingKeys {
        let others: Vec<_> = others.iter().map(|byte| [*byte; KEY_LENGTH]).collect();
        SealingKeys::new(&[first; KEY_LENGTH], &others)
    }

    #[test]
    fn a_replaced_key_still_opens_and_a_removed_key_does_not() {
        let sealed = keys(1, &[]).seal(Purpose::Session, COOKIE, b"text").unwrap();
        let open = |keys: &SealingKeys| keys.open(Purpose::Session, COOKIE, &sealed);
        assert_eq!(open(&keys(1, &[])).as_deref(), Some(&b"text"[..]));
        assert_eq!(open(&keys(2, &[3, 1])).as_deref(), Some(&b"text"[..]));
        assert_eq!(open(&keys(2, &[3])), None);
        let newer = keys(2, &[1]).seal(Purpose::Session, COOKIE, b"text").unwrap();
        assert_eq!(keys(1, &[]).open(Purpose::Session, COOKIE, &newer), None);
    }

    #[test]
    fn a_text_opens_only_for_its_purpose_and_its_cookie() {
        let keys = keys(1, &[]);
        let sealed = keys.seal(Purpose::SignIn, COOKIE, b"text").unwrap();
        assert!(keys.open(Purpose::SignIn, COOKIE, &sealed).is_some());
        assert_eq!(keys.open(Purpose::Session, COOKIE, &sealed), None);
        assert_eq!(keys.open(Purpose::SignIn, "__Host-other", &sealed), None);
        assert_eq!(keys.open(Purpose::SignIn, "", &sealed), None);
    }

    #[test]
    fn the_same_text_is_never_sealed_alike_and_has_the_form_of_a_cookie() {
        let keys = keys(1, &[]);
        let [one, other] = [(); 2].map(|()| keys.seal(Purpose::Session, COOKIE, b"text").unwrap());
        assert_ne!(one, other);
        let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        assert!(one.bytes().all(is_base64url), "{one}");
        assert_eq!(one.len(), (1_usize + 8 + 24 + 16 + 4).div_ceil(3) * 4 - 1);
    }

    #[test]
    fn the_debug_output_has_no_key() {
        assert_eq!(format!("{:?}", keys(77, &[])), "SealingKeys { .. }");
    }

    proptest! {
        #[test]
        fn every_text_survives(text: Vec<u8>, name in "[a-z]{0,9}") {
            let keys = keys(1, &[]);
            let sealed = keys.seal(Purpose::Session, &name, &text).unwrap();
            prop_assert_eq!(keys.open(Purpose::Session, &name, &sealed), Some(text));
        }

        #[test]
        fn no_altered_text_opens(text: Vec<u8>, position: prop::sample::Index, bit in 0_u8..7) {
            let keys = keys(1, &[2]);
            let sealed = keys.seal(Purpose::Session, COOKIE, &text).unwrap();
            let mut bytes = sealed.clone().into_bytes();
            *position.get_mut(&mut bytes) ^= 1 << bit;
            if let Ok(altered) = String::from_utf8(bytes) {
                prop_assert_eq!(keys.open(Purpose::Session, COOKIE, &altered), None);
            }
            let shorter = &sealed[..position.index(sealed.len())];
            prop_assert_eq!(keys.open(Purpose::Session, COOKIE, shorter), None);
        }

        #[test]
        fn no_foreign_text_opens(text in ".{0,200}") {
            prop_assert_eq!(keys(1, &[]).open(Purpose::Session, COOKIE, &text), None);
        }
    }
}
