use super::SigningKey;
use crate::algorithm::Algorithm::{self, ES256, ES384, ES512, EdDSA, HS256, PS256, RS256, RS512};

macro_rules! pem {
    ($name:literal) => {
        include_str!(concat!("../../../../../tests/data/private_keys/", $name, ".pem"))
    };
}

fn problem(pem: &str, algorithm: Algorithm) -> String {
    SigningKey::from_pem(pem, algorithm).err().unwrap_or_default()
}

#[test]
fn each_encoding_of_a_private_key_is_read() {
    for (name, pem, algorithms) in [
        ("rsa", pem!("rsa"), &[RS256, RS512, PS256][..]),
        ("rsa-pkcs1", pem!("rsa-pkcs1"), &[RS256, PS256]),
        ("p256", pem!("p256"), &[ES256]),
        ("p256-sec1", pem!("p256-sec1"), &[ES256]),
        ("p256-with-parameters", pem!("p256-with-parameters"), &[ES256]),
        ("p384", pem!("p384"), &[ES384]),
        ("p384-sec1", pem!("p384-sec1"), &[ES384]),
        ("ed25519", pem!("ed25519"), &[EdDSA]),
    ] {
        for algorithm in algorithms {
            let key = SigningKey::from_pem(pem, *algorithm);
            let key = key.unwrap_or_else(|problem| panic!("{name}: {problem}"));
            assert_eq!(key.algorithm(), *algorithm);
            assert!(key.sign(b"message").is_some_and(|signature| signature.len() >= 64), "{name}");
        }
    }
}

#[cfg(feature = "aws_lc_rs")]
#[test]
fn the_backend_with_p521_reads_its_keys() {
    for pem in [pem!("p521"), pem!("p521-sec1")] {
        let signature = SigningKey::from_pem(pem, ES512).unwrap().sign(b"message").unwrap();
        assert_eq!(signature.len(), 132);
    }
}

#[test]
fn a_key_that_cannot_sign_is_a_problem_without_a_part_of_the_key() {
    for (pem, algorithm, expected) in [
        ("", RS256, "no PEM block"),
        ("secret", RS256, "no PEM block"),
        (pem!("rsa"), ES256, "does not have a key for `ES256`"),
        (pem!("rsa"), EdDSA, "does not have a key for `EdDSA`"),
        (pem!("rsa"), HS256, "cannot sign with `HS256`"),
        (pem!("rsa-of-1024-bits"), RS256, "too short"),
        (pem!("p256"), ES384, "does not have a key for `ES384`"),
        (pem!("p256"), RS256, "does not have a key for `RS256`"),
        (pem!("p256-sec1"), ES384, "does not have a key for `ES384`"),
        (pem!("p256-sec1"), RS256, "on an elliptic curve"),
        (pem!("ed25519"), ES256, "does not have a key for `ES256`"),
        (pem!("encrypted"), ES256, "encrypted"),
        (pem!("p256-sec1-encrypted"), ES256, "encrypted"),
        (pem!("p256-public"), ES256, "a public key or a certificate"),
        (&pem!("rsa")[..200], RS256, "not complete"),
        (&format!("{}{}", pem!("rsa"), pem!("p256")), RS256, "more than one"),
        ("-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----", RS256, "not base64"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", RS256, "in DER"),
        ("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----", RS256, "damaged"),
        ("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----", ES256, "damaged"),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
            ES256,
            "another type",
        ),
    ] {
        let problem = problem(pem, algorithm);
        assert!(problem.contains(expected), "{expected}: {problem}");
        let line = pem.lines().nth(1).filter(|line| line.len() > 8);
        assert!(line.is_none_or(|line| !problem.contains(line)), "{problem}");
    }
}
