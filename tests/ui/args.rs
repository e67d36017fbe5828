use axum_protected::protected;

#[protected(scope)]
async fn no_value() {}

#[protected(scope =)]
async fn no_value_after_equals() {}

#[protected(scope = 1)]
async fn number() {}

#[protected(scope = items)]
async fn without_quotes() {}

#[protected(scope = b"items:read")]
async fn byte_string() {}

#[protected(scope = "items:read"read)]
async fn suffix() {}

#[protected(scope("items:read"))]
async fn parentheses_for_equals() {}

#[protected(any = "items:read")]
async fn equals_for_parentheses() {}

#[protected(any)]
async fn bare_group() {}

#[protected("items:read")]
async fn bare_string() {}

#[protected(scopes = "items:read")]
async fn misspelt_key() {}

#[protected(tenant = "acme")]
async fn unknown_key() {}

#[protected(scope = "")]
async fn empty_scope() {}

#[protected(scope = "items:read items:write")]
async fn two_scopes_in_one() {}

#[protected(scope = "items\\read")]
async fn backslash() {}

#[protected(scope = "größe")]
async fn beyond_ascii() {}

#[protected(scope = "a", scope = "b")]
async fn duplicate_key() {}

#[protected(any(scope = "a", scope = "b"), any(scope = "c"))]
async fn duplicate_group() {}

#[protected(scope = ["a", "b"])]
async fn array() {}

#[protected(scope = ("a", "b"))]
async fn tuple() {}

#[protected(scope = "a" | "b")]
async fn alternatives() {}

#[protected(any())]
async fn empty_any() {}

#[protected(all())]
async fn empty_all() {}

#[protected()]
async fn empty_parentheses() {}

#[cfg_attr(all(), protected())]
async fn empty_parentheses_behind_cfg() {}

#[protected(scope = "a" scope = "b")]
async fn missing_comma() {}

#[protected(scope = "a"; scope = "b")]
async fn semicolon() {}

#[protected(, scope = "a")]
async fn leading_comma() {}

#[protected(scope = "a",, any(scope = "b"))]
async fn two_commas() {}

#[protected(any(any(any(any(any(any(any(any(any(any(any(any(any(any(any(any(any(
    scope = "a"
))))))))))))))))))]
async fn too_deep() {}

#[protected(scope = "a", crate = axum_protected)]
async fn relative_path() {}

#[protected(scope = "a", crate = "axum_protected")]
async fn quoted_path() {}

#[protected(any(scope = "a", crate = ::axum_protected))]
async fn path_in_a_group() {}

#[protected(scop = "a" any(), all(scope = 1, scope = "b c", role("x")), crate = axum_protected)]
async fn several_mistakes() {}

macro_rules! handler {
    ($name:ident, $scope:expr, [$($args:tt)*]) => {
        #[protected(scope = $scope)]
        async fn $name() {}

        mod $name {
            #[::axum_protected::protected($($args)*)]
            async fn empty() {}
        }
    };
}

handler!(from_a_macro, 1, []);

fn main() {}
