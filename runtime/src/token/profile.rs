//! Types of tokens, as the header parameter `typ` names them.

/// Types of JWT that the server accepts as access tokens of an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Accepts the `typ` `at+jwt`, the `typ` `JWT` and a token without `typ`. Most issuers write
    /// `JWT` or no `typ`.
    Jwt,
    /// Accepts only the `typ` `at+jwt`, and requires the claims of RFC 9068.
    Rfc9068,
}

impl Profile {
    /// Returns true if the profile accepts this `typ` (RFC 9068 section 4). The `typ` is a media
    /// type: it is case-insensitive, and `application/` may be omitted (RFC 7515 section 4.1.9).
    pub(crate) fn accepts_type(self, typ: Option<&str>) -> bool {
        match (typ, self) {
            (Some(typ), Self::Rfc9068) => is_media_type(typ, "at+jwt"),
            (Some(typ), Self::Jwt) => is_media_type(typ, "at+jwt") || is_media_type(typ, "jwt"),
            (None, profile) => profile == Self::Jwt,
        }
    }

    /// Returns the strictest profile that accepts this `typ`. The caller has checked that at least
    /// one of the profiles accepts the `typ`.
    pub(crate) fn strictest(typ: Option<&str>) -> Self {
        if Self::Rfc9068.accepts_type(typ) { Self::Rfc9068 } else { Self::Jwt }
    }

    /// Returns true if this profile accepts every `typ` that `other` accepts.
    pub(crate) fn accepts_all_of(self, other: Self) -> bool {
        self == Self::Jwt || self == other
    }
}

/// Returns true if the text is the media type `application/` with this subtype.
pub(crate) fn is_media_type(text: &str, subtype: &str) -> bool {
    let (kind, actual) = text.split_once('/').unwrap_or(("application", text));
    kind.eq_ignore_ascii_case("application") && actual.eq_ignore_ascii_case(subtype)
}
