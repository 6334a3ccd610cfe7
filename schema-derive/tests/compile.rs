//! Programs that must not compile, with what rustc says about them, and programs that must.

#[test]
fn compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/fail/*.rs");
    cases.pass("tests/pass/*.rs");
}
