//! Files for the tests that replace those that a recipe names.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::generate_simple_self_signed;
use serde_json::Value;

/// The octets of the secret in the file of each `shared_secret_file`.
pub(super) const SECRET: &[u8] = b"a legacy secret of forty octets, or more";

/// Replaces the paths in a configuration by paths of files that exist.
pub(super) fn replace(document: &mut Value) {
    for issuer in document["issuers"].as_array_mut().unwrap() {
        for (field, content) in [
            ("ca_file", certificate as fn() -> String),
            ("shared_secret_file", || STANDARD.encode(SECRET)),
        ] {
            if let Some(path) = issuer.get_mut(field) {
                *path = write(field, &content());
            }
        }
        if let Some(file) = issuer.pointer_mut("/headers/authorization/file") {
            *file = write("authorization", "Bearer token");
        }
    }
}

/// Returns a certificate in PEM (RFC 7468).
fn certificate() -> String {
    let certified = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let text = STANDARD.encode(certified.cert.der());
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

/// Writes a file and returns its path. Tests run at the same time, so each thread has a file of its
/// own.
fn write(name: &str, content: &str) -> Value {
    let thread = format!("{:?}", std::thread::current().id());
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("products-{name}-{thread}"));
    fs::write(&path, content).unwrap();
    path.to_str().unwrap().into()
}
