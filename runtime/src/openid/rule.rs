//! The rules for ID tokens and logout tokens that access tokens do not have.

macro_rules! rules {
    ($($rule:ident = $claim:literal, $sentence:literal;)*) => {
        /// The rule that a token failed.
        #[cfg_attr(
            not(feature = "__browser"),
            allow(dead_code, reason = "a part of the rules is about ID tokens")
        )]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Rule {
            $($rule,)*
        }

        impl Rule {
            /// Returns the name of the claim or header parameter that the rule is about.
            #[cfg(feature = "__browser")]
            pub(super) const fn claim(self) -> &'static str {
                match self { $(Self::$rule => $claim,)* }
            }

            /// Returns a sentence that states the fault.
            pub(super) const fn sentence(self) -> &'static str {
                match self { $(Self::$rule => $sentence,)* }
            }
        }
    };
}

rules! {
    TypHeaderOther = "typ", "the header parameter `typ` is the type of another kind of token";
    IssOther = "iss", "the claim `iss` is not the identifier of the provider";
    TypOther = "typ", "the claim `typ` names another kind of token";
    TokenUseOther = "token_use", "the claim `token_use` names another kind of token";
    TokenTypeOther = "token_type", "the claim `token_type` names another kind of token";
    ClientOther = "aud", "the claim `aud` does not contain the client id";
    AudienceUntrusted = "aud", "the claim `aud` names another audience than the client, which the client does not trust";
    AzpMissing = "azp", "the token has several audiences, and the claim `azp` is missing";
    AzpOther = "azp", "the claim `azp` is not the client id";
    IatMissing = "iat", "the claim `iat` is missing";
    IatOld = "iat", "the time in `iat` is more than 10 minutes and the leeway ago";
    SubMissing = "sub", "the claim `sub` is missing";
    SubEmpty = "sub", "the claim `sub` is empty";
    SubLong = "sub", "the claim `sub` is longer than 255 characters";
    SubChanged = "sub", "the claim `sub` is not the subject that signed in";
    SidMalformed = "sid", "the claim `sid` is not a string, or is empty";
    NonceMissing = "nonce", "the claim `nonce` is missing";
    NonceOther = "nonce", "the claim `nonce` is not the nonce of the sign-in";
    HasEvents = "events", "the claim `events` shows that the token is a logout token or a security event";
    AtHashMalformed = "at_hash", "the claim `at_hash` is not a string";
    AtHashOther = "at_hash", "the claim `at_hash` is not the hash of the access token";
    HasNonce = "nonce", "the claim `nonce` shows that the token is an ID token";
    EventsMissing = "events", "the claim `events` is missing";
    EventsMalformed = "events", "the claim `events` is not an object";
    EventOther = "events", "the claim `events` does not have the back-channel logout event with an object as its value";
    JtiMissing = "jti", "the claim `jti` is missing";
    JtiEmpty = "jti", "the claim `jti` is empty";
    NobodyNamed = "sub", "the claims `sub` and `sid` are both missing";
}
