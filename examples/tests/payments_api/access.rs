//! Tests the access table, and every route with insufficient tokens.

use axum_protected_testing::assert_unchanged;

use super::payments;

#[test]
fn the_access_table_equals_the_reviewed_file() {
    assert_unchanged(payments::routes().access_table(), "payments-api/access.json");
}
