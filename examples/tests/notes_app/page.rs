//! Tests the page: its policy, its files, and what it shows without a session.

use super::app::App;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[tokio::test]
async fn documents_are_not_stored_and_run_no_script_but_that_of_their_file() {
    let app = App::start(&[]);
    let mut browser = app.browser();
    for (path, status) in [("/", 200), ("/print", 401)] {
        let page = browser.open(path).await;
        assert_eq!(page.status, status, "{page:?}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(page.header("content-security-policy"), POLICY);
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        let scripts = page.body.matches("<script").count();
        assert_eq!(scripts, page.body.matches("<script src=\"/notes.js\" defer></script>").count());
        for inline in ["style=", "onclick=", "http://", "https://", "//"] {
            assert!(!page.body.contains(inline), "{path}: {inline}");
        }
    }
}

#[tokio::test]
async fn the_files_of_the_page_load_nothing_from_other_origins() {
    let app = App::start(&[]);
    let mut browser = app.browser();
    for (path, content_type) in
        [("/notes.js", "text/javascript; charset=utf-8"), ("/notes.css", "text/css; charset=utf-8")]
    {
        let file = browser.open(path).await;
        assert_eq!((file.status, file.header("content-type")), (200, content_type));
        for foreign in ["http://", "https://", "import", "url(", "innerHTML", "eval"] {
            assert!(!file.body.contains(foreign), "{path}: {foreign}");
        }
    }
}

#[tokio::test]
async fn a_printed_page_without_a_session_leads_to_the_sign_in() {
    let app = App::start(&[]);
    let mut browser = app.browser();
    let page = browser.open("/print").await;
    assert!(page.body.contains("<a href=\"/login?return_to=%2Fprint\">Sign in</a>"), "{page:?}");
    assert!(page.header("www-authenticate").starts_with("Bearer"));
}
