//! Positions of the claims that the rules of this module read, found in one pass over the token.

use crate::json::{Document, Item, Position};

macro_rules! claims {
    ($($name:ident)*) => {
        /// Positions of the claims that a decision on a request needs. The fields have the names of
        /// the claims.
        ///
        /// A claim with the value `null` counts as absent, because some issuers write `null` for a
        /// value that they do not have. The claims `iss`, `aud` and `exp` are an exception: every
        /// access token has these claims, so `null` is a malformed value.
        #[derive(Debug, Clone, Copy, Default)]
        pub(crate) struct ClaimPositions {
            $(pub(crate) $name: Option<Position>,)*
        }

        impl ClaimPositions {
            pub(crate) fn of(claims: &Document) -> Self {
                let mut positions = Self::default();
                for (name, position) in claims.root().positions() {
                    let place = match name {
                        $(stringify!($name) => &mut positions.$name,)*
                        _ => continue,
                    };
                    let is_absent = matches!(claims.at(position), Item::Null)
                        && !matches!(name, "iss" | "aud" | "exp");
                    *place = (!is_absent).then_some(position);
                }
                positions
            }
        }
    };
}

claims! {
    iss sub aud exp nbf iat jti
    client_id azp cnf scope scp
    events token_introspection c_hash at_hash nonce
    typ token_type token_use
    authorization_details
}

impl ClaimPositions {
    /// Returns the position of the claim `scope`, or of the claim `scp` if there is no `scope`. If
    /// a token has both claims, `scp` is ignored, because an issuer uses only one of the two for
    /// scopes.
    pub(crate) fn scopes(&self) -> Option<Position> {
        self.scope.or(self.scp)
    }
}
