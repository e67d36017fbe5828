//! The scheme with which a request presented its credential.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::http_grammar::is_tchar;

/// The scheme whose challenge states the error of a refusal (RFC 9449 section 7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum UsedScheme {
    /// The scheme of tokens without a proof. A credential in another place than `Authorization`
    /// comes without a proof too.
    Bearer,
    Dpop,
    /// The request has several `Authorization` lines, so that it is not clear which of them counts.
    Ambiguous,
}

impl UsedScheme {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut lines = headers.get_all(AUTHORIZATION).iter();
        match (lines.next(), lines.next()) {
            (Some(_), Some(_)) => Self::Ambiguous,
            (Some(line), None) if is_dpop(line.as_bytes()) => Self::Dpop,
            _ => Self::Bearer,
        }
    }

    pub(super) fn is_bearer(self) -> bool {
        self != Self::Dpop
    }

    pub(super) fn is_dpop(self) -> bool {
        self != Self::Bearer
    }
}

/// Returns true if the line begins with the scheme `DPoP`. Schemes are case-insensitive (RFC 9110
/// section 11.1).
fn is_dpop(line: &[u8]) -> bool {
    let length = line.iter().take_while(|byte| is_tchar(**byte)).count();
    line.get(..length).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"DPoP"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn the_scheme_is_that_of_the_only_line() {
        use UsedScheme::{Ambiguous, Bearer, Dpop};
        let cases: [(&[&str], UsedScheme); 14] = [
            (&[], Bearer),
            (&["Bearer abc"], Bearer),
            (&["DPoP abc"], Dpop),
            (&["dpop abc"], Dpop),
            (&["DPOP abc"], Dpop),
            (&["DPoP"], Dpop),
            (&["DPoP\tabc"], Dpop),
            (&["DPoPs abc"], Bearer),
            (&["DPo abc"], Bearer),
            (&["Basic abc"], Bearer),
            (&[""], Bearer),
            (&["DPoP abc", "Bearer abc"], Ambiguous),
            (&["Bearer abc", "Bearer abc"], Ambiguous),
            (&["DPoP abc", "DPoP abc"], Ambiguous),
        ];
        for (lines, expected) in cases {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(AUTHORIZATION, HeaderValue::from_str(line).unwrap());
            }
            assert_eq!(UsedScheme::of(&headers), expected, "{lines:?}");
        }
    }
}
