//! What a project's own test suite says about its schema: `schema.sql` is current, and a snapshot for review.

// What is not used is not part of the test program.
use finance as _;

#[test]
fn schema_sql_is_current() {
    schema_core::assert_current!("migrations");
}

#[test]
fn the_declared_schema() {
    insta::assert_snapshot!(schema_core::declared_sql!());
}
