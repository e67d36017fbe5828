//! The rules for a request with a token, in the order in which the server applies them.

use super::refusal_kind::RefusalKind;

macro_rules! faults {
    ($($(#[$step_doc:meta])* $step:ident = $title:literal {
        $($fault:ident = $kind:ident, $claim:expr, $rule:literal;)*
    })*) => {
        /// A group of rules. The order of the variants is the order in which the server applies
        /// the groups.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Step {
            $($(#[$step_doc])* $step,)*
        }

        impl Step {
            pub(crate) const ALL: &[Self] = &[$(Self::$step),*];

            /// Returns a sentence that is true of each request that passes this step.
            pub(crate) const fn title(self) -> &'static str {
                match self { $(Self::$step => $title,)* }
            }
        }

        /// The rule that a request failed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Fault {
            $($($fault,)*)*
        }

        impl Fault {
            pub(crate) const fn kind(self) -> RefusalKind {
                match self { $($(Self::$fault => RefusalKind::$kind,)*)* }
            }

            pub(crate) const fn step(self) -> Step {
                match self { $($(Self::$fault => Step::$step,)*)* }
            }

            /// Returns the name of the claim or header parameter that the rule is about. Returns
            /// `None` if the rule is about neither, or if the name is configured.
            pub(crate) const fn claim(self) -> Option<&'static str> {
                match self { $($(Self::$fault => $claim,)*)* }
            }

            /// Returns a sentence that states the fault.
            pub(crate) const fn rule(self) -> &'static str {
                match self { $($(Self::$fault => $rule,)*)* }
            }
        }
    };
}

faults! {
    /// The credential in the head of the request.
    Credential = "the request carries one bearer token" {
        NoCredential = MissingToken, None, "the request has no `Authorization` header";
        SessionNotAttached = MissingToken, None, "the request has the cookie of a session, and no layer has read it: add `BrowserBackend::layer()` around the finished router";
        NoScheme = MissingToken, None, "`Authorization` is one word: the word `Bearer` is missing before the token";
        OtherScheme = MissingToken, None, "the scheme of `Authorization` is not `Bearer`";
        SchemeBasic = MissingToken, None, "the scheme of `Authorization` is `Basic`, not `Bearer`";
        SchemeDigest = MissingToken, None, "the scheme of `Authorization` is `Digest`, not `Bearer`";
        SchemeDpop = MissingToken, None, "the scheme of `Authorization` is `DPoP`, not `Bearer`";
        SchemeNegotiate = MissingToken, None, "the scheme of `Authorization` is `Negotiate`, not `Bearer`";
        SchemeOauth = MissingToken, None, "the scheme of `Authorization` is `OAuth`, not `Bearer`";
        SchemeToken = MissingToken, None, "the scheme of `Authorization` is `Token`, not `Bearer`";
        SchemeNotConfigured = MissingToken, None, "the scheme of `Authorization` is not the configured `token_scheme`";
        NoTokenHeader = MissingToken, None, "the request has no header with the name that `token_header` configures";
        OnlyAuthorization = MissingToken, None, "the request has an `Authorization` header, and not the header that `token_header` configures";
        TokenHeaderAndAuthorization = InvalidRequest, None, "the request has an `Authorization` header beside the header that `token_header` configures";
        SeveralTokenHeaders = InvalidRequest, None, "the request has the header that `token_header` configures several times";
        SeveralHeaders = InvalidRequest, None, "the request has several `Authorization` headers";
        SeveralTokens = InvalidRequest, None, "the websocket request contains more than one token";
        MalformedHeader = InvalidRequest, None, "`Authorization` does not consist of a scheme, a space and a token";
        NotToken68 = InvalidRequest, None, "the text in the place of the token contains a character that a token cannot contain, or is empty";
        CredentialTooLong = InvalidRequest, None, "the token is too long: more than 16384 bytes";
        SeveralKeys = InvalidRequest, None, "the request has several lines of the header for API keys";
        KeyAndToken = InvalidRequest, None, "the request has an API key and another credential";
        KeyMalformed = InvalidRequest, None, "the API key is empty or contains a space, a comma or a character outside visible ASCII";
        SeveralTokenCookies = InvalidRequest, None, "the request has several cookies with the name that `token_cookie` configures";
        SeveralSessionCookies = InvalidRequest, None, "the request has several cookies of the session";
        CookieAndToken = InvalidRequest, None, "the request has a cookie with a credential and another credential";
        KeyTooLong = InvalidRequest, None, "the API key is too long: more than 512 bytes";
    }
    /// The transport of the credential (RFC 6750 section 5.2).
    Transport = "the token came over TLS, if the configuration requires it" {
        TransportUnknown = InsecureTransport, None, "`authenticate` gets only headers, which do not say if the token came over TLS: extract `AccessToken` from the request instead";
        PeerUnknown = InsecureTransport, None, "the address of the peer is not known: serve the router with `into_make_service_with_connect_info::<SocketAddr>()` and the feature `router`, or add `TlsConnection` to requests that came over TLS";
        PeerUntrusted = InsecureTransport, None, "the connection is not TLS, and the peer is not a proxy in `trusted_proxies`";
        ProxyWithoutTls = InsecureTransport, None, "the proxy reports that the client did not use https";
        ProxySilent = InsecureTransport, None, "the proxy does not report the scheme: let it set `Forwarded` or `X-Forwarded-Proto`";
        ProxyAmbiguous = InsecureTransport, None, "the proxy does not report exactly one scheme: let it replace `Forwarded` and `X-Forwarded-Proto` instead of adding to them";
    }
    /// The page that caused a request with a cookie (RFC 6750 section 5.3).
    Origin = "a request with a cookie was caused by a page of this origin" {
        FromAnotherSite = CrossSiteRequest, None, "the browser reports in `Sec-Fetch-Site` that a page of another origin caused the request: if pages of that origin may call this API, add it to `token_cookie_origins`; if the route shows a page to people, write `page` in its attribute";
        NoOriginEvidence = CrossSiteRequest, None, "the request has a cookie, and neither `Sec-Fetch-Site` nor `Origin` shows that a page of this origin caused it";
    }
    /// The session, for a request of a browser that has one.
    Session = "the session of the browser has not ended" {
        SessionNotLoaded = SessionUnavailable, None, "the session did not answer in time";
        SessionHasEnded = SessionEnded, None, "the session has ended or never existed";
        SessionNotAvailable = SessionUnavailable, None, "the session cannot be read, or its access token cannot be renewed";
    }
    /// The API key, for a request that presents one in place of a token.
    Key = "the server has the API key, and it has not expired" {
        KeyUnknown = UnknownApiKey, None, "the server has no API key with the digest of the presented key";
        KeyChanged = UnknownApiKey, None, "the identity of the API key has changed since the key was verified";
        KeyExpired = ExpiredApiKey, None, "the time `expires_at` of the API key has passed";
        KeyLookUpFailed = ApiKeysUnavailable, None, "the look-up of the API key failed";
    }
    /// The issuer's answer about a token (RFC 7662).
    Introspection = "the issuer says that the token is active, if the server asks it" {
        IntrospectionFailed = IntrospectionUnavailable, None, "the issuer could not be asked about the token, or gave no usable answer";
        TokenInactive = InactiveToken, None, "the issuer says that the token is not active";
        AnswerChanged = InactiveToken, None, "the issuer's answer about the token is not the answer with which the token was accepted";
        AnswerIssOther = UnknownIssuer, Some("iss"), "the `iss` in the issuer's answer is another issuer";
        AnswerSubOther = InactiveToken, Some("sub"), "the `sub` in the issuer's answer is not that of the token";
        AnswerClientOther = InactiveToken, Some("client_id"), "the client in the issuer's answer is not that of the token";
        AnswerCnfOther = InactiveToken, Some("cnf"), "the `cnf` in the issuer's answer is not that of the token";
    }
    /// The compact serialization (RFC 7515 section 7.1).
    Form = "the token is a signed JWT of three parts" {
        TooLong = MalformedToken, None, "the token is too long: more than 16384 bytes";
        OtherCharacters = MalformedToken, None, "the token contains a character that a token cannot contain, or is empty";
        Opaque = MalformedToken, None, "the token is opaque: it is not a JWT";
        PartCount = MalformedToken, None, "the token does not consist of three parts";
        Encrypted = EncryptedToken, None, "the token consists of five parts: it is encrypted";
        HeaderNotBase64 = MalformedToken, None, "the header is not base64url without padding";
        HeaderNotObject = MalformedToken, None, "the header is not one JSON object with distinct member names";
        ClaimsNotBase64 = MalformedToken, None, "the payload is not base64url without padding";
        ClaimsNotObject = MalformedToken, None, "the payload is not one JSON object with distinct member names";
        SignatureNotBase64 = MalformedToken, None, "the signature is not base64url without padding";
    }
    /// The issuer, which determines all rules that follow.
    Issuer = "`iss` is a configured issuer" {
        IssMissing = MissingClaim, Some("iss"), "the claim `iss` is missing";
        IssNotString = MalformedClaim, Some("iss"), "the claim `iss` is not a string";
        IssUnknown = UnknownIssuer, Some("iss"), "the claim `iss` is not the identifier of a configured issuer";
    }
    /// The parameters of the JOSE header.
    Header = "the header parameters are supported" {
        AlgMissing = MalformedToken, Some("alg"), "the header parameter `alg` is missing";
        AlgNotString = MalformedToken, Some("alg"), "the header parameter `alg` is not a string";
        AlgNotAccepted = UnsupportedAlgorithm, Some("alg"), "the header parameter `alg` is not an accepted algorithm";
        Critical = UnsupportedExtension, Some("crit"), "the header parameter `crit` requires an extension";
        Unencoded = UnsupportedExtension, Some("b64"), "the header parameter `b64` is not `true`";
        TypNotString = MalformedToken, Some("typ"), "the header parameter `typ` is not a string";
        TypOther = WrongType, Some("typ"), "the header parameter `typ` is not the type of an access token";
        CtyNotString = MalformedToken, Some("cty"), "the header parameter `cty` is not a string";
        CtyNested = WrongType, Some("cty"), "the header parameter `cty` says that the payload is another JWT";
        KidNotString = MalformedToken, Some("kid"), "the header parameter `kid` is not a string";
        KidTooLong = MalformedToken, Some("kid"), "the header parameter `kid` is longer than 512 bytes";
    }
    /// The types of the registered claims (RFC 7519 section 4.1).
    Claims = "the registered claims have their types" {
        SubNotString = MalformedClaim, Some("sub"), "the claim `sub` is not a string";
        JtiNotString = MalformedClaim, Some("jti"), "the claim `jti` is not a string";
        ClientIdNotString = MalformedClaim, Some("client_id"), "the claim `client_id` is not a string";
        UsernameNotString = MalformedClaim, Some("username"), "the `username` in the issuer's answer is not a string";
        TokenTypeNotString = MalformedClaim, Some("token_type"), "the `token_type` in the issuer's answer is not a string";
        AnswerScopeNotString = MalformedClaim, Some("scope"), "the `scope` in the issuer's answer is not a string";
        AudMissing = MissingClaim, Some("aud"), "the claim `aud` is missing";
        AudienceClaimMissing = MissingClaim, None, "the claim `aud` and the configured `audience_claim` are missing";
        AudienceClaimMalformed = MalformedClaim, None, "the configured `audience_claim` is neither a string nor an array of strings";
        AudMalformed = MalformedClaim, Some("aud"), "the claim `aud` is neither a string nor an array of strings";
        ExpMissing = MissingClaim, Some("exp"), "the claim `exp` is missing";
        ExpNotTime = MalformedClaim, Some("exp"), "the claim `exp` is not a number of seconds since 1970";
        NbfNotTime = MalformedClaim, Some("nbf"), "the claim `nbf` is not a number of seconds since 1970";
        IatNotTime = MalformedClaim, Some("iat"), "the claim `iat` is not a number of seconds since 1970";
    }
    /// A binding of the token to a key (RFC 7800 section 3.1).
    Binding = "the token is bound as the configuration demands, and in a way that the server supports" {
        TokenTypeNotDpop = BoundToken, Some("token_type"), "the `token_type` in the issuer's answer is not `DPoP`, and the claim `cnf` binds the token to the key of DPoP proofs";
        TokenTypeDpop = BoundToken, Some("token_type"), "the `token_type` in the issuer's answer is `DPoP`, and no `jkt` in `cnf` names the key of DPoP proofs: let the issuer add `cnf` to its answers";
        AnswerWithoutCnf = BoundToken, Some("cnf"), "the token is a JWT with the claim `cnf`, and the issuer's answer does not name its key: let the issuer add `cnf` to its answers";
        CnfNotObject = BoundToken, Some("cnf"), "the claim `cnf` is not an object";
        CnfEmpty = BoundToken, Some("cnf"), "the claim `cnf` names no key";
        CnfUnknown = BoundToken, Some("cnf"), "the claim `cnf` binds the token in a way that the server does not support";
        CnfNotThumbprint = BoundToken, Some("cnf"), "a member of the claim `cnf` is not a SHA-256 digest in base64url without padding";
        Bound = BoundToken, Some("cnf"), "the claim `cnf` binds the token to the key of DPoP proofs, and the server does not accept them: set `dpop`";
        BindingMissing = UnboundToken, Some("cnf"), "the configuration requires tokens that are bound to a key, and the claim `cnf` does not bind this token in the required way";
    }
    /// The kind of the token: access token, ID token, refresh token.
    Kind = "the token is an access token" {
        HasEvents = WrongType, Some("events"), "the claim `events` shows that the token is a logout token or a security event";
        HasIntrospection = WrongType, Some("token_introspection"), "the claim `token_introspection` shows that the token is a response to an introspection request";
        HasCHash = WrongType, Some("c_hash"), "the claim `c_hash` shows that the token is an ID token";
        MarkMissing = WrongType, None, "the claim that marks access tokens of the issuer is missing or has another value";
        OtherTokenUse = WrongType, Some("token_use"), "the claim `token_use` shows that the token is an ID token, a refresh token or a logout token";
        OtherTokenType = WrongType, Some("token_type"), "the claim `token_type` shows that the token is an ID token, a refresh token or a logout token";
        OtherTyp = WrongType, Some("typ"), "the claim `typ` shows that the token is an ID token, a refresh token or a logout token";
        HasAtHash = WrongType, Some("at_hash"), "the claim `at_hash` shows that the token is an ID token";
        HasNonce = WrongType, Some("nonce"), "the claim `nonce` in a token for one client without scopes shows that the token is an ID token";
    }
    /// The JWT profile for access tokens (RFC 9068 section 2.2).
    Profile = "the token has the claims of RFC 9068, if they are required" {
        ProfileAudMissing = MissingClaim, Some("aud"), "RFC 9068 requires the claim `aud`, which is missing";
        ProfileSubMissing = MissingClaim, Some("sub"), "RFC 9068 requires the claim `sub`, which is missing";
        ProfileSubEmpty = MalformedClaim, Some("sub"), "RFC 9068 requires the claim `sub`, which is empty";
        ProfileClientIdMissing = MissingClaim, Some("client_id"), "RFC 9068 requires the claim `client_id`, which is missing";
        ProfileClientIdEmpty = MalformedClaim, Some("client_id"), "RFC 9068 requires the claim `client_id`, which is empty";
        ProfileJtiMissing = MissingClaim, Some("jti"), "RFC 9068 requires the claim `jti`, which is missing";
        ProfileJtiEmpty = MalformedClaim, Some("jti"), "RFC 9068 requires the claim `jti`, which is empty";
        ProfileIatMissing = MissingClaim, Some("iat"), "RFC 9068 requires the claim `iat`, which is missing";
        ProfileScopeNotString = MalformedClaim, Some("scope"), "RFC 9068 requires a string of scopes, and the claim `scope` is not a string";
        ProfileScp = MalformedClaim, Some("scp"), "RFC 9068 puts the scopes into the claim `scope`, and the token has the claim `scp`";
    }
    /// The audience.
    Audience = "`aud` contains a configured audience" {
        AudOther = WrongAudience, Some("aud"), "the claim `aud` contains none of the configured audiences";
        AudienceClaimOther = WrongAudience, None, "the token has no `aud`, and the configured `audience_claim` contains none of the configured audiences";
    }
    /// The time.
    Lifetime = "the token is valid at this time" {
        ExpPassed = Expired, Some("exp"), "the time in `exp` and the leeway have passed";
        NbfAhead = NotYetValid, Some("nbf"), "the time in `nbf` is ahead by more than the leeway";
        IatAhead = NotYetValid, Some("iat"), "the time in `iat` is ahead by more than the leeway";
    }
    /// The key and the signature.
    Signature = "the signature verifies with a key of the issuer" {
        NoKeys = KeysUnavailable, None, "the server has no usable keys of the issuer";
        KidUnknown = UnknownKey, Some("kid"), "the issuer publishes no key with the `kid` of the token";
        KeyUnsuitable = UnsuitableKey, Some("kid"), "not exactly one key of the issuer matches `kid` and `alg`";
        SignatureInvalid = InvalidSignature, None, "the signature does not verify with the key of the issuer";
    }
    /// The type of the claim with the scopes.
    Scopes = "the scopes are a string or an array of strings" {
        ScopesMalformed = MalformedClaim, None, "the claim with the scopes is neither a string nor an array of strings";
    }
    /// The type of the claim with the authorization details (RFC 9396 section 2).
    Details = "the authorization details are an array of objects, each with a string `type`" {
        DetailsMalformed = MalformedClaim, Some("authorization_details"), "the claim `authorization_details` is not an array of objects, each with a string `type`";
    }
    /// The revocations: of the application, of other instances and of receivers.
    Revocation = "the token was not revoked" {
        TokenRevoked = Revoked, None, "the token was revoked";
        RevocationsNotRead = RevocationsUnavailable, None, "the server has not read the log of revocations yet, and its `revocation_feed` is required: see the health report";
        RevocationsOutdated = RevocationsUnavailable, None, "the server may lack a revocation, because it has not heard from the log for more than one second or could not apply a record: see `revocation_feed` in the health report";
    }
    /// The proof that the caller holds the key to which the token is bound (RFC 9449 section 7, RFC
    /// 8705 section 3).
    Possession = "the request proves possession of each key to which the token is bound" {
        PossessionUnknown = BoundToken, None, "the token is bound to a key, and `authenticate` gets only headers or a text, which prove nothing: extract `AccessToken` from the request instead";
        SchemeNotDpop = BoundToken, None, "the token is bound to the key of DPoP proofs, and the request does not present it with the scheme `DPoP`";
        TokenNotBound = UnboundToken, Some("cnf"), "the request presents the token with the scheme `DPoP`, and the token has no `jkt` in `cnf`";
        ProofMissing = InvalidDpopProof, None, "the request has no `DPoP` header";
        SeveralProofs = InvalidDpopProof, None, "the request has several `DPoP` headers";
        ProofTooLong = InvalidDpopProof, None, "the DPoP proof is too long: more than 8192 bytes";
        ProofMalformed = InvalidDpopProof, None, "the DPoP proof is not a signed JWT of three parts in strict base64url and strict JSON";
        ProofAlg = InvalidDpopProof, Some("alg"), "the header parameter `alg` of the DPoP proof is missing or not an accepted algorithm";
        ProofCritical = InvalidDpopProof, Some("crit"), "the header parameter `crit` of the DPoP proof requires an extension";
        ProofUnencoded = InvalidDpopProof, Some("b64"), "the header parameter `b64` of the DPoP proof is not `true`";
        ProofTyp = InvalidDpopProof, Some("typ"), "the header parameter `typ` of the DPoP proof is not `dpop+jwt`";
        ProofJwkMissing = InvalidDpopProof, Some("jwk"), "the header parameter `jwk` of the DPoP proof is missing";
        ProofJwkNotObject = InvalidDpopProof, Some("jwk"), "the header parameter `jwk` of the DPoP proof is not an object";
        ProofJwkUnusable = InvalidDpopProof, Some("jwk"), "the header parameter `jwk` of the DPoP proof is not a public key that the server accepts, in its regular spelling";
        ProofJwkOtherAlgorithm = InvalidDpopProof, Some("jwk"), "the header parameter `jwk` of the DPoP proof is not a key for its `alg`";
        ProofJti = InvalidDpopProof, Some("jti"), "the claim `jti` of the DPoP proof is missing, empty, not a string or longer than 512 bytes";
        ProofHtm = InvalidDpopProof, Some("htm"), "the claim `htm` of the DPoP proof is missing or not a string";
        ProofHtu = InvalidDpopProof, Some("htu"), "the claim `htu` of the DPoP proof is missing or not a string";
        ProofIat = InvalidDpopProof, Some("iat"), "the claim `iat` of the DPoP proof is missing or not a number of seconds since 1970";
        ProofAth = InvalidDpopProof, Some("ath"), "the claim `ath` of the DPoP proof is missing or not a string";
        ProofHtmOther = InvalidDpopProof, Some("htm"), "the claim `htm` of the DPoP proof is not the method of the request";
        ProofHtuOther = InvalidDpopProof, Some("htu"), "the claim `htu` of the DPoP proof is not the configured `public_url` or `resource` with the path of the request";
        ProofIatPassed = InvalidDpopProof, Some("iat"), "the DPoP proof is older than the configured `max_age_seconds`, by the clock of the server";
        ProofIatAhead = InvalidDpopProof, Some("iat"), "the time in `iat` of the DPoP proof is ahead by more than 10 s";
        ProofAthOther = InvalidDpopProof, Some("ath"), "the claim `ath` of the DPoP proof is not the SHA-256 digest of the access token";
        ProofKeyOther = WrongProofKey, Some("jwk"), "the token is bound to another key than that of the DPoP proof";
        ProofSignature = InvalidDpopProof, None, "the signature of the DPoP proof does not verify with its own `jwk`";
        ProofNonceMissing = UseDpopNonce, Some("nonce"), "the DPoP proof has no `nonce`, and the configuration requires one";
        ProofNonceOther = UseDpopNonce, Some("nonce"), "the `nonce` of the DPoP proof is not a string, or the server did not issue it in the last minutes";
        ProofRepeated = InvalidDpopProof, Some("jti"), "the DPoP proof was used before";
        ProofForgotten = InvalidDpopProof, Some("iat"), "the clock of the server was set back, and the DPoP proof may have been used before";
        ProofsFull = ProofsUnavailable, None, "the memory of used DPoP proofs is full: raise `replay_capacity`";
        ProofShareFull = ProofsUnavailable, None, "the key of the DPoP proof has used its share of the memory of used proofs: raise `replay_capacity` if the client needs more";
        ProofStoreFailed = ProofsUnavailable, None, "the store of used DPoP proofs failed";
        CertificateMissing = BoundToken, None, "the token is bound to a client certificate, and the request has none: see the guide for the ways in which the server gets it";
        SeveralCertificates = BoundToken, None, "the token is bound to a client certificate, and the request has several lines of the `client_certificate_header`: let the proxy replace the header instead of adding to it";
        CertificateTooLong = BoundToken, None, "the token is bound to a client certificate, and the `client_certificate_header` is longer than 16384 bytes";
        CertificateMalformed = BoundToken, None, "the token is bound to a client certificate, and the `client_certificate_header` does not contain exactly one certificate in the configured format";
        CertificatePeerUnknown = BoundToken, None, "the token is bound to a client certificate, and the address of the peer is not known, so the `client_certificate_header` does not count: serve the router with `into_make_service_with_connect_info::<SocketAddr>()` and the feature `router`";
        CertificatePeerUntrusted = BoundToken, None, "the token is bound to a client certificate, and the peer that sends the `client_certificate_header` is not a proxy in `trusted_proxies`";
        CertificatesDiffer = BoundToken, None, "the token is bound to a client certificate, and the certificate of the connection is not the one in the `client_certificate_header`: do not add `ClientCertificate` to the connections of proxies";
        CertificateOther = WrongProofKey, None, "the token is bound to another client certificate";
    }
}

impl Fault {
    /// Returns true if the request has no credential, neither a valid nor an invalid one.
    pub(crate) const fn is_absence(self) -> bool {
        matches!(self, Self::NoCredential | Self::NoTokenHeader | Self::SessionNotAttached)
    }

    /// Returns true if a request counts as one without a credential where a token is optional. It
    /// does if its only credential is in a cookie, and a page of another site caused the request or
    /// the session has ended.
    pub(crate) const fn is_anonymous(self) -> bool {
        self.is_absence()
            || matches!(
                self,
                Self::FromAnotherSite | Self::NoOriginEvidence | Self::SessionHasEnded
            )
    }

    /// Returns true if the request presents a session, and its token is not known.
    pub(crate) const fn is_of_session(self) -> bool {
        matches!(self, Self::SessionNotLoaded | Self::SessionHasEnded | Self::SessionNotAvailable)
    }

    /// Returns the rule of a kind with only one rule. Returns `None` for the other kinds.
    pub(super) const fn of_kind(kind: RefusalKind) -> Option<Self> {
        match kind {
            RefusalKind::KeysUnavailable => Some(Self::NoKeys),
            RefusalKind::UnknownKey => Some(Self::KidUnknown),
            RefusalKind::UnsuitableKey => Some(Self::KeyUnsuitable),
            RefusalKind::InvalidSignature => Some(Self::SignatureInvalid),
            RefusalKind::Revoked => Some(Self::TokenRevoked),
            _ => None,
        }
    }
}
