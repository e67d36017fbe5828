//! Tests of `proof = ...`.

use expect_test::expect;
use quote::quote;

use super::messages::protected;
use super::policies::requirement;
use super::requirements::assert_messages;

#[test]
fn a_proof_is_a_variant() {
    requirement(
        quote!(proof = dpop, any(proof = mtls, role = "a")),
        &expect![[r#"
        const REQUIREMENT: Requirement = ::axum_protected::policy::Requirement::All(
            &[
                ::axum_protected::policy::Requirement::One(
                    ::axum_protected::policy::Demand::Proof(::axum_protected::Proof::Dpop),
                ),
                ::axum_protected::policy::Requirement::Any(
                    &[
                        ::axum_protected::policy::Requirement::One(
                            ::axum_protected::policy::Demand::Proof(
                                ::axum_protected::Proof::Mtls,
                            ),
                        ),
                        ::axum_protected::policy::Requirement::One(
                            ::axum_protected::policy::Demand::Role("a"),
                        ),
                    ],
                ),
            ],
        );
    "#]],
    );
}

#[test]
fn proofs_can_be_combined() {
    for args in [
        "proof = dpop",
        "proof = mtls",
        "any(proof = dpop, proof = mtls)",
        "all(proof = dpop, proof = mtls)",
        "scope = \"payments:write\", proof = dpop, acr = \"gold\"",
    ] {
        assert_eq!(protected(args), <[&str; 0]>::default(), "{args}");
    }
}

#[test]
fn mistakes_name_their_fix() {
    assert_messages(
        &[
            "proof",
            "proof =",
            "proof dpop",
            "proof = \"dpop\"",
            "proof = \"DPoP\"",
            "proof = 1",
            "proof = dpopp",
            "proof = DPoP",
            "proof = tls",
            "proof = token",
            "proof = Proof::Dpop",
            "proof == dpop",
            "proof(dpop)",
            "proof(dpop, mtls)",
            "proof()",
            "proof = any(dpop, mtls)",
            "proof = (dpop, mtls)",
            "proof = [dpop, mtls]",
            "proof = dpop | mtls",
            "proof = dpop + mtls",
            "proof = dpop mtls",
            "proof = dpop, proof = mtls",
            "proofs = dpop",
        ],
        &expect![[r#"
            proof
                `proof` needs a value: write `proof = dpop`
            proof =
                `proof` needs a value: write `proof = dpop`
            proof dpop
                `=` is missing after `proof`: write `proof = dpop`
            proof = "dpop"
                the value must be a word without quotes: write `proof = dpop`
            proof = "DPoP"
                the value must be a word without quotes: write `proof = dpop`
            proof = 1
                the value must be one of the words `dpop` and `mtls`: write `proof = dpop`
            proof = dpopp
                unknown proof `dpopp`: did you mean `dpop`?
            proof = DPoP
                unknown proof `DPoP`: did you mean `dpop`?
            proof = tls
                unknown proof `tls`: did you mean `mtls`?
            proof = token
                unknown proof `token`: write one of `dpop`, `mtls`
            proof = Proof::Dpop
                the value must be one of the words `dpop` and `mtls`: write `proof = dpop`
            proof == dpop
                the value must be one of the words `dpop` and `mtls`: write `proof = dpop`
            proof(dpop)
                `proof` takes its value after `=`: write `proof = dpop`
            proof(dpop, mtls)
                `proof` takes one proof: write `all(proof = dpop, proof = mtls)` or `any(proof = dpop, proof = mtls)`
            proof()
                `proof` takes one proof: write `all(proof = dpop, proof = mtls)` or `any(proof = dpop, proof = mtls)`
            proof = any(dpop, mtls)
                `proof` takes one proof: write `all(proof = dpop, proof = mtls)` or `any(proof = dpop, proof = mtls)`
            proof = (dpop, mtls)
                `proof` takes one proof: write `all(proof = dpop, proof = mtls)` or `any(proof = dpop, proof = mtls)`
            proof = [dpop, mtls]
                `proof` takes one proof: write `all(proof = dpop, proof = mtls)` or `any(proof = dpop, proof = mtls)`
            proof = dpop | mtls
                `proof` takes one proof: write `all(proof = dpop, proof = mtls)` or `any(proof = dpop, proof = mtls)`
            proof = dpop + mtls
                `proof` takes one proof: write `all(proof = dpop, proof = mtls)` or `any(proof = dpop, proof = mtls)`
            proof = dpop mtls
                missing comma: write one before `mtls`
                unknown key `mtls`: write one of `scope`, `role`, `client`, `issuer`, `acr`, `claim`, `max_age`, `proof`, `details`, `check`, `policy`, `all`, `any`, `crate`, `page`
            proof = dpop, proof = mtls
                duplicate key `proof`: write `all(...)` to require both or `any(...)` to require one of them
                duplicate key `proof`: write `all(...)` to require both or `any(...)` to require one of them
            proofs = dpop
                unknown key `proofs`: did you mean `proof`?
        "#]],
    );
}
