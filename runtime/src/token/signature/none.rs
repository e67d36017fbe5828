//! Replacement for a signature backend if the features of both backends are disabled. It rejects
//! every key.

use super::KeyMaterial;
use crate::algorithm::Algorithm;

#[derive(Debug)]
pub(super) enum Key {}

impl Key {
    pub(super) fn parse(_: Algorithm, _: &KeyMaterial) -> Option<Self> {
        None
    }

    pub(super) fn verifies(&self, _: &[u8], _: &[u8]) -> bool {
        match *self {}
    }
}

pub(super) fn is_supported(_: Algorithm) -> bool {
    false
}
