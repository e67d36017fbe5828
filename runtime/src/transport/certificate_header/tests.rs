use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use http::HeaderValue;
use proptest::prelude::*;

use super::ClientCertificateFormat::{Envoy, Nginx, Rfc9440};
use super::*;
use crate::possession::Thumbprint;

/// RFC 8705 appendix A, figure 6.
const PEM: &str = include_str!("../../../../tests/data/rfc8705/certificate.pem");
/// RFC 8705 appendix A, figure 5.
const THUMBPRINT: &str = "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0";
/// The same digest in hexadecimal.
const HASH: &str = "0380ed2f626650c840b2f263e6d2b29fae12ab39ae5db32b25ad27efad72e6fd";

fn der() -> Vec<u8> {
    STANDARD.decode(base64()).unwrap()
}

fn base64() -> String {
    PEM.lines().filter(|line| !line.starts_with('-')).collect()
}

/// Encodes all characters except the unreserved ones, as nginx does.
fn encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

fn read(format: ClientCertificateFormat, lines: &[&str]) -> Result<Option<Thumbprint>, Fault> {
    let header = CertificateHeader { name: format.default_header(), format };
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(&header.name, HeaderValue::from_bytes(line.as_bytes()).unwrap());
    }
    let certificate = header.certificate(&headers)?;
    Ok(certificate.map(|certificate| *certificate.thumbprint()))
}

fn assert_read(format: ClientCertificateFormat, value: &str) {
    assert_eq!(read(format, &[value]), Ok(Thumbprint::parse(THUMBPRINT)), "{format:?} {value}");
}

fn assert_malformed(format: ClientCertificateFormat, value: &str) {
    assert_eq!(read(format, &[value]), Err(Fault::CertificateMalformed), "{format:?} {value}");
}

/// Returns a correct value of each format.
fn values() -> [(ClientCertificateFormat, String); 3] {
    [
        (Rfc9440, format!(":{}:", base64())),
        (Nginx, encoded(PEM)),
        (Envoy, format!("Hash={HASH};Cert=\"{}\"", encoded(PEM))),
    ]
}

#[test]
fn the_certificate_of_rfc_8705_has_its_thumbprint() {
    let certificate = ClientCertificate::from_der(&der());
    assert_eq!(Some(*certificate.thumbprint()), Thumbprint::parse(THUMBPRINT));
    for (format, value) in values() {
        assert_read(format, &value);
    }
}

#[test]
fn the_value_of_rfc_9440_is_read() {
    let value = include_str!("../../../../tests/data/rfc9440/client-cert.txt");
    let thumbprint = Thumbprint::parse("v68ffgcPn6jdYpBfFY2nP4ShE2Yk-6_Mk5PI9yh6aes");
    assert!(thumbprint.is_some());
    assert_eq!(read(Rfc9440, &[value]), Ok(thumbprint));
}

#[test]
fn no_header_and_an_empty_one_are_no_certificate() {
    for (format, value) in values() {
        assert_eq!(read(format, &[]), Ok(None));
        assert_eq!(read(format, &[""]), Ok(None));
        for lines in [[value.as_str(), value.as_str()], ["", &value], [&value, ""], ["", ""]] {
            assert_eq!(read(format, &lines), Err(Fault::SeveralCertificates), "{format:?}");
        }
    }
}

#[test]
fn a_huge_value_is_refused_without_being_read() {
    for (format, value) in values() {
        let huge = format!("{value}{}", " ".repeat(LENGTH_LIMIT));
        assert_eq!(read(format, &[&huge]), Err(Fault::CertificateTooLong));
        let longest = format!("{}{value}", "\u{e9}".repeat((LENGTH_LIMIT - value.len()) / 2));
        assert_malformed(format, &longest);
    }
    // The largest certificate that fits.
    let octets = [&[0x30, 0x82, 0x2F, 0x00][..], &vec![7; 0x2F00]].concat();
    let value = format!(":{}:", STANDARD.encode(&octets));
    assert!(value.len() < LENGTH_LIMIT);
    assert_eq!(read(Rfc9440, &[&value]), Ok(Some(Thumbprint::of(&octets))));
}

#[test]
fn a_value_of_another_format_is_malformed() {
    for (format, _) in values() {
        for (other, value) in values() {
            if other != format {
                assert_malformed(format, &value);
            }
        }
        let hex = der().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        for value in [&base64(), &hex, HASH, THUMBPRINT, " ", ":", "::", "(null)", "None", "\u{e9}"]
        {
            assert_malformed(format, value);
        }
    }
}

#[test]
fn rfc_9440_is_one_byte_sequence() {
    let base64 = base64();
    let unpadded = base64.trim_end_matches('=');
    // The certificate has 266 octets, so the last character has pad bits.
    let pad_bits = format!("{}Z", &unpadded[..unpadded.len() - 1]);
    for value in [
        format!(" :{base64}: "),
        // RFC 9651 section 4.2.7.
        format!(":{unpadded}:"),
        format!(":{pad_bits}=:"),
    ] {
        assert_read(Rfc9440, &value);
    }
    let url_safe = URL_SAFE.encode(der());
    assert!(url_safe.contains(['-', '_']));
    for value in [
        format!(":{base64}"),
        format!("{base64}:"),
        format!("::{base64}::"),
        format!(":{base64}: :{base64}:"),
        format!(":{base64}:, :{base64}:"),
        format!(":{base64}:;a=1"),
        format!(":{base64}:;"),
        format!("\t:{base64}:"),
        format!(": {base64}:"),
        format!(":{} {}:", &base64[..64], &base64[64..]),
        format!(":{base64}==:"),
        format!(":{base64}{base64}:"),
        format!(":{url_safe}:"),
        format!("\":{base64}:\""),
        format!("\"{base64}\""),
        format!("(:{base64}:)"),
        format!(":{}:", encoded(&base64)),
        format!(":{}:", STANDARD.encode(PEM)),
        format!(":{}:", STANDARD.encode(base64.as_bytes())),
    ] {
        assert_malformed(Rfc9440, &value);
    }
}

#[test]
fn the_octets_are_one_sequence() {
    let of = |octets: &[u8]| read(Rfc9440, &[&format!(":{}:", STANDARD.encode(octets))]);
    let certificate = der();
    assert_eq!(of(&certificate), Ok(Thumbprint::parse(THUMBPRINT)));
    for octets in [
        &certificate[..certificate.len() - 1],
        &[&certificate[..], &[0]].concat(),
        &[&certificate[..], &certificate].concat(),
        &[&[0x31], &certificate[1..]].concat(),
        &[0x30],
        &[0x30, 0x80, 0, 0],
        &[0x30, 0x81, 0x01, 0x05],
        &[0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF],
        &[0x30, 0x88, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        &[0x04, 0x01, 0x05],
        b"-----BEGIN CERTIFICATE-----",
    ] {
        assert_eq!(of(octets), Err(Fault::CertificateMalformed), "{octets:?}");
    }
}

/// Nginx and Envoy use the same text, so each case is read in both formats.
#[test]
fn pem_is_one_certificate_with_percent_encoding() {
    let assert_both = |value: &str, assert: fn(ClientCertificateFormat, &str)| {
        assert(Nginx, value);
        assert(Envoy, &format!("Cert=\"{value}\""));
        assert(Envoy, &format!("Subject=\"\";Cert={value};URI="));
    };
    let base64 = base64();
    let begin = "-----BEGIN%20CERTIFICATE-----";
    let end = "-----END%20CERTIFICATE-----";
    for value in [
        encoded(PEM),
        encoded(PEM.trim_end()),
        encoded(&PEM.replace('\n', "\r\n")),
        // Characters of base64 that a proxy need not encode in every place of a URL.
        PEM.replace(' ', "%20").replace('\n', "%0A"),
        format!("{begin}%0A{base64}%0A{end}"),
        format!("{begin}{base64}{end}"),
        PEM.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02x}")),
    ] {
        assert_both(&value, assert_read);
    }
    let good = encoded(PEM);
    for value in [
        // Not encoded, or encoded as a form.
        PEM.replace('\n', ""),
        PEM.replace('\n', "%0A"),
        PEM.replace(' ', "+").replace('\n', "%0A"),
        PEM.replace(' ', "%20").replace('\n', "\t"),
        // Encoded twice.
        encoded(&good),
        // Escapes that are not complete.
        format!("{good}%"),
        format!("{good}%0"),
        format!("{good}%0G"),
        good.replacen("%0A", "%+A", 1),
        good.replacen("%0A", "%u000A", 1),
        good.replacen("%0A", "%00", 1),
        good.replacen("%0A", "%C3%A9", 1),
        good.replacen("%0A", "\u{e9}", 1),
        // Not exactly one certificate.
        format!("{good}{good}"),
        format!("%0A{good}"),
        format!("{good}%0A%0A"),
        format!("{good}garbage"),
        format!("garbage{good}"),
        encoded(&format!("subject=CN = mtls\n{PEM}")),
        encoded(&PEM.replace("CERTIFICATE", "PUBLIC KEY")),
        encoded(&PEM.replace("CERTIFICATE", "TRUSTED CERTIFICATE")),
        encoded(&PEM.replace("-----END CERTIFICATE-----", "")),
        encoded(&PEM.replace("-----BEGIN CERTIFICATE-----", "")),
        encoded(
            &PEM.replace("-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\na: b\n\n"),
        ),
        encoded("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
        // Not strict base64.
        format!("{begin}{}{end}", encoded(base64.trim_end_matches('='))),
        format!("{begin}{}%3D{end}", encoded(&base64)),
        format!("{begin}%20{}{end}", encoded(&base64)),
        format!("{begin}{}{end}", URL_SAFE.encode(der())),
        format!("{begin}{}{end}", encoded(&STANDARD.encode(&der()[1..]))),
    ] {
        assert_both(&value, assert_malformed);
    }
}

#[test]
fn envoy_reports_one_element_with_one_certificate() {
    let cert = format!("Cert=\"{}\"", encoded(PEM));
    let other_hash = HASH.replace('0', "1");
    for value in [
        cert.clone(),
        cert.replace("Cert", "CERT"),
        format!("By=spiffe://cluster.local/ns/a/sa/b;Hash={HASH};{cert}"),
        format!("Hash={};{cert}", HASH.to_uppercase()),
        format!("{cert};Chain=\"{}\"", encoded(&format!("{PEM}{PEM}"))),
        format!(
            "{cert};Subject=\"CN=a\\, b; c=\\\"Cert=x\\\"\";URI=https://a?b=c;DNS=a;DNS=b;URI="
        ),
        // Not a hash of Envoy.
        format!("Hash=;{cert}"),
        format!("Hash={};{cert}", &other_hash[1..]),
    ] {
        assert_read(Envoy, &value);
    }
    for value in [
        // No certificate.
        format!("Hash={HASH}"),
        format!("By=a;Hash={HASH};Subject=\"CN=a\";URI="),
        "Cert=".to_owned(),
        "Cert=\"\"".to_owned(),
        format!("Chain=\"{}\"", encoded(PEM)),
        format!("Subject=\"Cert={}\"", encoded(PEM)),
        format!("Subject=\";{}\"", cert.replace('"', "\\\"")),
        // Several elements.
        format!("{cert},{cert}"),
        format!("{cert}, {cert}"),
        format!("By=a;Hash={HASH},{cert}"),
        format!("{cert},By=a;Hash={HASH}"),
        format!(",{cert}"),
        format!("{cert},"),
        format!("URI=a,b;{cert}"),
        // Several certificates in one element.
        format!("{cert};{cert}"),
        format!("{cert};URI=a;cert=x"),
        format!("Cert=;{cert}"),
        // The certificate of an injected pair is not that of Envoy's hash.
        format!("Hash={other_hash};Subject=\"\";URI=a;{cert}"),
        format!("Hash={other_hash};URI=a;Hash={HASH};{cert}"),
        format!("Hash={HASH};Hash={HASH};{cert}"),
        // Not pairs.
        format!("{cert};"),
        format!(";{cert}"),
        format!("{cert};;URI="),
        format!("{cert} ;URI="),
        format!("{cert}; URI="),
        format!("{cert};URI"),
        format!("{cert};=a"),
        format!("{cert}x"),
        format!("x{cert}"),
        format!(" {cert}"),
        format!("Cert =\"{}\"", encoded(PEM)),
        format!("Cert=\"{}", encoded(PEM)),
        format!("Cert={}\"", encoded(PEM)),
        format!("Cert=\"{}\\", encoded(PEM)),
        format!("Cert='{}'", encoded(PEM)),
        format!("{cert};Subject=\"CN=a"),
        encoded(&cert),
    ] {
        assert_malformed(Envoy, &value);
    }
}

proptest! {
    /// No value that is assembled from pieces of correct ones has another certificate than theirs.
    #[test]
    fn only_the_whole_certificate_is_read(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "Cert=", "\"", ";", ",", "\\", "Hash=", HASH, ":", " ", "%0A", "%", "%2D", "é",
                "-----BEGIN%20CERTIFICATE-----", "-----END%20CERTIFICATE-----", "[whole]",
                "[base64]", "=",
            ]),
            0..10,
        )
    ) {
        let value = pieces.concat().replace("[whole]", &encoded(PEM)).replace("[base64]", &base64());
        for format in ClientCertificateFormat::ALL {
            if let Ok(Some(thumbprint)) = read(format, &[&value]) {
                prop_assert_eq!(Some(thumbprint), Thumbprint::parse(THUMBPRINT), "{}", value);
            }
        }
    }
}
