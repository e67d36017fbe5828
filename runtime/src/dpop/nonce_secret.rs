//! The secrets for nonces, from a file that several servers share.

use std::path::Path;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::bounded_file::read_secret;

/// Largest accepted size of the file, in bytes.
const FILE_LIMIT: u64 = 16 * 1024;

/// Smallest accepted length of a secret, in octets: the length of the hash (RFC 2104 section 3).
const LEAST_LENGTH: usize = 32;

/// Largest number of secrets. Each one makes it slower to recognize a forged nonce.
const MOST_SECRETS: usize = 4;

const REMEDY: &str = "make a secret with `openssl rand -hex 32`";

/// A secret, as a code of an empty text. `Debug` does not write it.
#[derive(Debug, Clone)]
pub(crate) struct NonceSecret(Hmac<Sha256>);

impl NonceSecret {
    /// Creates a secret of these octets. HMAC accepts every length, so this function returns `None`
    /// for no secret.
    pub(super) fn new(octets: &[u8]) -> Option<Self> {
        Hmac::new_from_slice(octets).ok().map(Self)
    }

    /// Makes a secret that only this process knows. Returns `None` if the operating system has no
    /// random numbers.
    pub(crate) fn random() -> Option<Self> {
        let mut octets = [0; LEAST_LENGTH];
        getrandom::fill(&mut octets).ok()?;
        Self::new(&octets)
    }

    /// Reads the secrets of a file. The first one makes nonces, and all of them are accepted. The
    /// error contains no part of the file.
    pub(crate) fn read(path: &Path) -> Result<Vec<Self>, String> {
        read_secret(path, FILE_LIMIT, parse)
    }

    pub(super) fn code(&self) -> Hmac<Sha256> {
        self.0.clone()
    }
}

/// Parses a text with a secret on each line, or a file of random octets, which is one secret.
fn parse(content: &[u8]) -> Result<Vec<NonceSecret>, String> {
    let Some(lines) = lines(content) else {
        check_length("its content", content)?;
        return Ok(NonceSecret::new(content).into_iter().collect());
    };
    if lines.is_empty() {
        return Err(format!("is empty: {REMEDY}"));
    }
    if lines.len() > MOST_SECRETS {
        return Err(format!("has more than {MOST_SECRETS} secrets: remove the oldest lines"));
    }
    for (number, line) in (1..).zip(&lines) {
        check_length(&format!("its secret {number}"), line.as_bytes())?;
    }
    Ok(lines.into_iter().filter_map(|line| NonceSecret::new(line.as_bytes())).collect())
}

/// Returns the lines that are not empty. Returns `None` if the content is not a text.
fn lines(content: &[u8]) -> Option<Vec<&str>> {
    let text = str::from_utf8(content).ok()?;
    let is_text = text.chars().all(|one| !one.is_control() || matches!(one, '\n' | '\r' | '\t'));
    is_text.then(|| text.lines().map(str::trim).filter(|line| !line.is_empty()).collect())
}

fn check_length(subject: &str, secret: &[u8]) -> Result<(), String> {
    if secret.len() < LEAST_LENGTH {
        return Err(format!(
            "is too short: {subject} has less than {LEAST_LENGTH} bytes, {REMEDY}"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_secret_on_each_line_or_is_one_secret() {
        let (one, other) = ("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210");
        let octets: Vec<u8> = (0..32).map(|octet| octet * 8 + 3).collect();
        let cases: &[(&[u8], Result<usize, &str>)] = &[
            (one.as_bytes(), Ok(1)),
            (&format!("{one}\n").into_bytes(), Ok(1)),
            (&format!("\n  {one}\r\n\n{other}").into_bytes(), Ok(2)),
            (&octets, Ok(1)),
            (b"", Err("is empty")),
            (b" \n\r\n", Err("is empty")),
            (&one.as_bytes()[1..], Err("its secret 1 has less than 32 bytes")),
            (&format!("{one}\nshort").into_bytes(), Err("its secret 2 has less than 32 bytes")),
            (&octets[1..], Err("its content has less than 32 bytes")),
            (&format!("{one}\n").repeat(5).into_bytes(), Err("more than 4 secrets")),
        ];
        for (content, expected) in cases {
            match (parse(content), expected) {
                (Ok(secrets), Ok(count)) => assert_eq!(secrets.len(), *count, "{content:?}"),
                (Err(problem), Err(part)) => {
                    assert!(problem.contains(part), "{problem}");
                    assert!(!problem.contains("0123") && !problem.contains("short\n"), "{problem}");
                }
                (parsed, _) => panic!("{content:?} is {:?}", parsed.map(|secrets| secrets.len())),
            }
        }
    }

    #[test]
    fn a_missing_file_is_not_named() {
        let problem = NonceSecret::read(Path::new("s3cr3t-in-the-wrong-setting")).unwrap_err();
        assert!(problem.contains("cannot be read"), "{problem}");
        assert!(!problem.contains("s3cr3t"), "{problem}");
    }

    #[test]
    fn a_secret_is_not_written() {
        let secret = NonceSecret::new(b"0123456789abcdef0123456789abcdef").unwrap();
        assert!(!format!("{secret:?}").contains("48"), "{secret:?}");
    }
}
