use axum_protected::protected;

#[protected(role)]
async fn no_value() {}

#[protected(role = "")]
async fn empty_role() {}

#[protected(client = ["web", "app"])]
async fn two_clients() {}

#[protected(isuer = "acme")]
async fn misspelt_key() {}

#[protected(acr = "silver gold")]
async fn two_acr_values() {}

#[protected(acr = "silver\"")]
async fn quote_in_acr() {}

#[protected(max_age = 300)]
async fn number() {}

#[protected(max_age = "soon")]
async fn not_a_duration() {}

#[protected(max_age = "0s")]
async fn zero() {}

#[protected(max_age = "1.5s")]
async fn fraction_of_a_second() {}

#[protected(max_age = "2y")]
async fn two_years() {}

#[protected(claim = "tenant")]
async fn claim_without_parentheses() {}

#[protected(claim("tenant"))]
async fn claim_without_value() {}

#[protected(claim(tenant = "acme"))]
async fn claim_without_quotes() {}

#[protected(claim("realm..path" = "x"))]
async fn empty_segment() {}

#[protected(claim(["realm", ""] = "x"))]
async fn empty_key() {}

#[protected(claim("level" = 1.5))]
async fn fraction() {}

#[protected(claim("level" > 1))]
async fn comparison() {}

#[protected(claim("level" = [1, 2]))]
async fn several_values() {}

#[protected(claim("level" = 1, "tenant" = "acme"))]
async fn two_claims() {}

#[protected(check = "owns_order")]
async fn quoted_check() {}

#[protected(check = owns_order())]
async fn called_check() {}

#[protected(check = |id| async move { id == 7 })]
async fn argument_without_type() {}

#[protected(check = |headers: &HeaderMap, _: impl Clone| async { true })]
async fn unsupported_arguments() {}

#[protected(policy = "CanWriteItems")]
async fn quoted_policy() {}

#[protected(policy = Can<Write>)]
async fn generic_policy() {}

#[protected(all(
    check = a, check = b, check = c, check = d, policy = E, policy = F, policy = G, policy = H,
    check = i
))]
async fn nine_checks() {}

#[protected(client = "web", client = "app")]
async fn duplicate_key() {}

#[protected(check = a, check = b)]
async fn duplicate_check() {}

fn main() {}
