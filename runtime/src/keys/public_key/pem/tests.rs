//! Tests PEM texts that OpenSSL wrote, and variants of them.

use super::*;
use crate::algorithm::Algorithm;
use crate::keys::KeySet;
use crate::token::signature::is_supported;

fn octets(body: &str) -> Vec<u8> {
    Block { label: "", body }.octets().unwrap()
}

macro_rules! pem {
    ($name:literal) => {
        include_str!(concat!("../../../../../tests/data/pem/", $name, ".pem"))
    };
}

fn problem(text: &str) -> String {
    KeySet::from_pem(text, &Algorithm::ALL).unwrap_err().to_string()
}

#[test]
fn each_supported_key_is_read() {
    let cases = [
        (pem!("rsa"), Algorithm::RS256),
        (pem!("rsa-pkcs1"), Algorithm::PS512),
        (pem!("p256"), Algorithm::ES256),
        (pem!("p384"), Algorithm::ES384),
        (pem!("p521"), Algorithm::ES512),
        (pem!("ed25519"), Algorithm::EdDSA),
    ];
    for (text, algorithm) in cases {
        let keys = public_keys(text).unwrap();
        let [key] = keys.as_slice() else { panic!("{text}") };
        assert!(key.algorithms().contains(&algorithm), "{text}");
        if is_supported(algorithm) {
            assert_eq!(KeySet::from_pem(text, &[algorithm]).unwrap().count(), 1);
        }
        let other = KeySet::from_pem(text, &[]).unwrap_err().to_string();
        assert!(other.contains("`algorithms`"), "{other}");
    }
    assert_eq!(public_keys(pem!("rsa")), public_keys(pem!("rsa-pkcs1")));
}

#[test]
fn text_around_a_block_and_white_space_in_it_are_ignored() {
    let text = pem!("p256");
    let expected = public_keys(text);
    let variants = [
        text.replace('\n', "\r\n"),
        text.replace('\n', "\n    "),
        format!("\u{feff}# the key of 2024\n{text}the end"),
        text.trim_end().to_owned(),
        text.lines().filter(|line| !line.contains("-----")).collect::<String>(),
    ];
    let [windows, indented, commented, trimmed, body] = &variants;
    for variant in [windows, indented, commented, trimmed] {
        assert_eq!(public_keys(variant), expected, "{variant}");
    }
    let one_line = format!("-----BEGIN PUBLIC KEY-----{body}-----END PUBLIC KEY-----");
    assert_eq!(public_keys(&one_line), expected);
}

#[test]
fn several_keys_must_have_different_algorithms() {
    let both = [pem!("p256"), pem!("ed25519")].concat();
    let set = KeySet::from_pem(&both, &[Algorithm::ES256, Algorithm::EdDSA]).unwrap();
    assert_eq!(set.count(), 2);
    let rsa_key = pem!("rsa");
    // The same key twice is one key.
    let twice = KeySet::from_pem(&[rsa_key, pem!("rsa-pkcs1")].concat(), &[Algorithm::RS256]);
    assert_eq!(twice.unwrap().count(), 1);
    let two = KeySet::from_pem(&[rsa_key, pem!("rsa-other")].concat(), &[Algorithm::RS256]);
    assert!(two.unwrap_err().to_string().contains("several keys for the same algorithm"));
    let many = pem!("p256").repeat(101);
    assert!(problem(&many).contains("more than 100"));
}

#[test]
fn each_problem_says_what_to_do() {
    let block = |label: &str, body: &str| {
        format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
    };
    let body = |text: &str| text.lines().filter(|line| !line.contains("---")).collect::<String>();
    let rsa_body = body(pem!("rsa"));
    let p256_body = body(pem!("p256"));
    let cases = [
        (pem!("certificate").to_owned(), "openssl x509"),
        (block("TRUSTED CERTIFICATE", "AAAA"), "openssl x509"),
        (block("PRIVATE KEY", "AAAA"), "openssl pkey -in private.pem -pubout"),
        (block("RSA PRIVATE KEY", "AAAA"), "-pubout"),
        (block("EC PRIVATE KEY", "AAAA"), "-pubout"),
        (block("ENCRYPTED PRIVATE KEY", "AAAA"), "-pubout"),
        (block("OPENSSH PRIVATE KEY", "AAAA"), "-pubout"),
        (block("EC PARAMETERS", "AAAA"), "the PEM block `EC PARAMETERS` is not a public key"),
        (block("public key", &p256_body), "`public key` is not"),
        (block(&"X\n".repeat(100), "AAAA"), "`X\\nX\\n"),
        (pem!("rsa-of-1024-bits").to_owned(), "2048 to 8192 bits"),
        (pem!("rsa-pss").to_owned(), "rsaEncryption"),
        (pem!("secp256k1").to_owned(), "its curve is not supported"),
        (pem!("x25519").to_owned(), "its key type is not supported"),
        (pem!("p256-compressed").to_owned(), "-conv_form uncompressed"),
        (block("PUBLIC KEY", ""), "not a public key in DER"),
        (block("PUBLIC KEY", "AAAA"), "not a public key in DER"),
        (block("PUBLIC KEY", &format!("{p256_body}AAAA")), "not base64"),
        (block("PUBLIC KEY", "-_-_"), "not base64"),
        (block("RSA PUBLIC KEY", &rsa_body), "not valid DER"),
        (block("PUBLIC KEY", &p256_body).replace("END PUBLIC", "END RSA PUBLIC"), "not complete"),
        ("-----BEGIN PUBLIC KEY-----".to_owned(), "not complete"),
        ("-----BEGIN PUBLIC KEY".to_owned(), "not complete"),
        ("ssh-ed25519 AAAA someone".to_owned(), "no PEM block"),
        (String::new(), "no PEM block"),
        ([pem!("p256"), pem!("certificate")].concat(), "openssl x509"),
    ];
    for (text, expected) in cases {
        let problem = problem(&text);
        assert!(problem.contains(expected), "{text}: {problem}");
        assert!(problem.len() < 300 && !problem.contains('\n'), "{problem}");
    }
}

/// The last octet of the point belongs to its coordinate y.
#[test]
fn a_point_that_is_not_on_its_curve_is_refused() {
    let mut octets = octets(pem!("p256").lines().nth(2).unwrap());
    let mut first = self::octets(pem!("p256").lines().nth(1).unwrap());
    *octets.last_mut().unwrap() ^= 1;
    first.extend(octets);
    let problem = KeySet::from_der(&first, &Algorithm::ALL).unwrap_err().to_string();
    assert_eq!(problem, "it is not a valid key");
}

#[test]
fn der_is_not_pem() {
    let problem = |der: &[u8]| KeySet::from_der(der, &Algorithm::ALL).unwrap_err().to_string();
    assert!(problem(pem!("p256").as_bytes()).contains("use `public_key_pem`"));
    assert!(problem(b"").contains("not a public key in DER"));
    let body: String = pem!("p256").lines().filter(|line| !line.contains("---")).collect();
    let mut der = octets(&body);
    assert_eq!(KeySet::from_der(&der, &[Algorithm::ES256]).unwrap().count(), 1);
    der.push(0);
    assert!(problem(&der).contains("not a public key in DER"));
}
