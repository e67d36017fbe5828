//! A key of XChaCha20-Poly1305, and the only format of encrypted texts.
//!
//! A sealed text is the base64url of these parts:
//!
//! | part | bytes |
//! |---|---|
//! | version | 1 |
//! | identifier of the key | 8 |
//! | nonce | 24 |
//! | encrypted text with its tag | 16 more than the text |
//!
//! The nonce is random. At 192 bits, random nonces do not repeat, and any number of instances may
//! seal with one key.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{Key, KeyInit as _, XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};

use super::error::SealError;

/// The number of bytes of a key.
pub(crate) const KEY_LENGTH: usize = 32;

const VERSION: u8 = 1;
const IDENTIFIER_LENGTH: usize = 8;
const NONCE_LENGTH: usize = 24;

/// The beginning of the hash that identifies a key. It makes the identifier useless elsewhere.
const IDENTIFIER_CONTEXT: &[u8] = b"axum-protected-browser sealing key";

/// A key and its identifier. The key is erased from memory when it is dropped.
#[derive(Clone)]
pub(crate) struct CipherKey {
    identifier: [u8; IDENTIFIER_LENGTH],
    cipher: XChaCha20Poly1305,
}

impl CipherKey {
    pub(crate) fn new(key: &[u8; KEY_LENGTH]) -> Self {
        let hash = Sha256::new().chain_update(IDENTIFIER_CONTEXT).chain_update(key).finalize();
        let mut identifier = [0; IDENTIFIER_LENGTH];
        for (byte, of_hash) in identifier.iter_mut().zip(hash) {
            *byte = of_hash;
        }
        Self { identifier, cipher: XChaCha20Poly1305::new(Key::cast_from_core(key)) }
    }

    /// Seals a text for a context.
    pub(crate) fn seal(&self, context: &[u8], text: &[u8]) -> Result<String, SealError> {
        let mut nonce = [0; NONCE_LENGTH];
        getrandom::fill(&mut nonce).map_err(SealError::NoRandomness)?;
        let aad = self.associated_data(context);
        let payload = Payload { msg: text, aad: &aad };
        let encrypted = self.cipher.encrypt(&XNonce::from(nonce), payload);
        let encrypted = encrypted.map_err(|_| SealError::TooLong)?;
        let sealed = [&[VERSION][..], &self.identifier, &nonce, &encrypted].concat();
        Ok(BASE64_URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens a text that this key has sealed in the same context. Returns `None` for any other text.
    pub(crate) fn open(&self, context: &[u8], sealed: &Sealed) -> Option<Vec<u8>> {
        if sealed.identifier != self.identifier {
            return None;
        }
        let aad = self.associated_data(context);
        let payload = Payload { msg: &sealed.encrypted, aad: &aad };
        self.cipher.decrypt(&XNonce::from(sealed.nonce), payload).ok()
    }

    fn associated_data(&self, context: &[u8]) -> Vec<u8> {
        [&[VERSION][..], &self.identifier, context].concat()
    }
}

/// The parts of a sealed text.
pub(crate) struct Sealed {
    identifier: [u8; IDENTIFIER_LENGTH],
    nonce: [u8; NONCE_LENGTH],
    encrypted: Vec<u8>,
}

impl Sealed {
    /// Splits a sealed text. Returns `None` for a text that no key can have sealed.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (&version, rest) = bytes.split_first()?;
        let (identifier, rest) = rest.split_first_chunk()?;
        let (nonce, encrypted) = rest.split_first_chunk()?;
        (version == VERSION).then(|| Self {
            identifier: *identifier,
            nonce: *nonce,
            encrypted: encrypted.to_vec(),
        })
    }
}
