//! Kinds of refusals, each with a stable code.

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $code:literal, $description:literal;)*) => {
        /// The rule that a refused request failed. Each rule has a stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum RefusalKind {
            $($(#[$doc])* $kind,)*
        }

        impl RefusalKind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// Returns the stable code, as in the `code` member of the problem document.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$kind => $code,)* }
            }

            /// Returns a description for people.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$kind => $description,)* }
            }
        }
    };
}

kinds! {
    /// The request carries no bearer token.
    MissingToken = "missing_token", "the request carries no access token";
    /// The request has a malformed credential, or more than one.
    InvalidRequest = "invalid_request", "the request does not carry exactly one well-formed credential";
    /// The configuration requires TLS, and the token is not known to have come over TLS; see
    /// [`require_https`](crate::ResourceServerBuilder::require_https).
    InsecureTransport = "insecure_transport", "the access token was sent over a connection without TLS";
    /// A page of another origin caused a request whose credential is in a cookie; see
    /// [`token_cookie`](crate::ResourceServerBuilder::token_cookie).
    CrossSiteRequest = "cross_site_request", "a page of another origin caused this request";
    /// The session of the browser has ended, so the user must sign in again.
    SessionEnded = "session_ended", "the session has ended: sign in again";
    /// The session of the browser cannot be read at present, or its token cannot be renewed.
    SessionUnavailable = "session_unavailable", "the session is not available at present";
    /// The token is not a JWS in compact form with strict base64url and strict JSON.
    MalformedToken = "malformed_token", "the access token is malformed";
    /// The token is a JWE.
    EncryptedToken = "encrypted_token", "encrypted access tokens are not supported";
    /// `alg` is not in the issuer's allow-list.
    UnsupportedAlgorithm = "unsupported_algorithm", "the signature algorithm is not accepted";
    /// `crit` or `b64` requires an extension that is not supported (RFC 7515 section 4.1.11).
    UnsupportedExtension = "unsupported_extension", "a critical header parameter is not supported";
    /// The token is a JWT of another kind, such as an ID token (RFC 8725 section 3.11).
    WrongType = "wrong_type", "the token is not an access token";
    /// `iss` is not a configured issuer.
    UnknownIssuer = "unknown_issuer", "the issuer is not trusted";
    /// The issuer publishes no key with this `kid`.
    UnknownKey = "unknown_key", "the signing key is not known";
    /// The issuer publishes keys with this `kid`, but not exactly one of them matches the
    /// algorithm.
    UnsuitableKey = "unsuitable_key", "the signing key does not match the algorithm";
    /// The signature does not verify.
    InvalidSignature = "invalid_signature", "the signature is not valid";
    /// A registered claim has the wrong type or an impossible value.
    MalformedClaim = "malformed_claim", "a claim is malformed";
    /// A required claim is absent.
    MissingClaim = "missing_claim", "a required claim is missing";
    /// `exp` has passed.
    Expired = "expired_token", "the access token has expired";
    /// `nbf` or `iat` is in the future.
    NotYetValid = "not_yet_valid", "the access token is not valid yet";
    /// `aud` contains none of the configured audiences.
    WrongAudience = "wrong_audience", "the access token is meant for another audience";
    /// The application has revoked the token; see [`Revocations`](crate::revocation::Revocations).
    Revoked = "revoked_token", "the access token has been revoked";
    /// The server may lack a revocation, and its feed refuses tokens then; see
    /// [`RevocationFeed`](crate::revocation::RevocationFeed).
    RevocationsUnavailable = "revocations_unavailable", "the revocations of access tokens are not known at present";
    /// `cnf` binds the token to a key, so that it must not be accepted as a bearer token (RFC 9449
    /// section 7.2, RFC 8705 section 3).
    BoundToken = "bound_token", "the access token is bound to a key and cannot be used as a bearer token";
    /// The token is not bound to a key, and the scheme `DPoP` or the configuration requires that it
    /// is; see [`Proof`](crate::Proof).
    UnboundToken = "unbound_token", "the access token is not bound to a key as it must be";
    /// The header `DPoP` is missing or is not a valid proof for this request (RFC 9449 section 4.3).
    InvalidDpopProof = "invalid_dpop_proof", "the request does not have exactly one valid DPoP proof";
    /// The DPoP proof must contain a current nonce of this server (RFC 9449 section 9).
    UseDpopNonce = "use_dpop_nonce", "the DPoP proof must contain the nonce of this response";
    /// The token is bound to another key or to another client certificate.
    WrongProofKey = "wrong_proof_key", "the access token is bound to another key";
    /// The policy demands a [`Proof`](crate::Proof) of possession, and the token is not bound in
    /// this way.
    ProofRequired = "proof_required", "the access token is not bound to a key in the way that this operation requires";
    /// The server cannot tell at present if a DPoP proof was used before; see
    /// [`ReplayStore`](crate::dpop::ReplayStore).
    ProofsUnavailable = "proofs_unavailable", "DPoP proofs cannot be verified at present";
    /// The issuer says that the token is not active (RFC 7662 section 2.2).
    InactiveToken = "inactive_token", "the access token is not active";
    /// The issuer cannot be asked about the token, or gives no usable answer.
    IntrospectionUnavailable = "introspection_unavailable", "access tokens cannot be verified at present";
    /// The claims of this token cannot be deserialized as the type that the handler takes.
    UnexpectedClaims = "unexpected_claims", "the access token does not have the claims that this operation requires";
    /// The handler takes claims of a type that cannot be deserialized from any JSON object.
    ClaimsType = "claims_type", "this operation declares a claims type that cannot be read from any token";
    /// The handler takes the value of a check, and its guard loaded none for this request; see
    /// [`Checked`](crate::Checked).
    ValueNotLoaded = "value_not_loaded", "this operation takes a value that was not loaded for this request";
    /// The token is valid, but it does not satisfy the policy.
    InsufficientScope = "insufficient_scope", "the access token does not grant this operation";
    /// The token has authorization details (RFC 9396), and the operation demands none; see
    /// [`refuse_undemanded_details`](crate::ResourceServerBuilder::refuse_undemanded_details).
    UndemandedDetails = "undemanded_details", "the access token is limited by authorization details, which this operation does not take";
    /// The user authenticated too weakly or too long ago (RFC 9470).
    InsufficientAuthentication = "insufficient_user_authentication", "a stronger or more recent authentication is required";
    /// A check of the application denied the request.
    Denied = "denied", "the caller is not allowed to perform this operation";
    /// The server has no usable keys of the issuer.
    KeysUnavailable = "keys_unavailable", "the keys for verifying access tokens are not available";
    /// The server has no such API key; see [`ApiKeys`](crate::api_key::ApiKeys).
    UnknownApiKey = "unknown_api_key", "the API key is not known";
    /// The API key has expired.
    ExpiredApiKey = "expired_api_key", "the API key has expired";
    /// The look-up of API keys failed or is overloaded.
    ApiKeysUnavailable = "api_keys_unavailable", "API keys cannot be verified at present";
}
