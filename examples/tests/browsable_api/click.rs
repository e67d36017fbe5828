//! From the click on *Authorize* to 201, in a browser.

use std::sync::Arc;

use super::program::browsable_api;
use super::webdriver::Browser;

/// Has the page send the request of an operation that is open, and waits for this answer to it.
async fn execute(browser: &Browser, operation: &str, status: u16) {
    let button = format!("{operation}//button[contains(@class, 'execute')]");
    browser.click(&button).await;
    let answer = format!(
        "{operation}//table[contains(@class, 'live-responses-table')]\
         //td[contains(@class, 'response-col_status')][starts-with(normalize-space(), '{status}')]"
    );
    browser.find(&answer).await;
}

/// Opens an operation to be tried.
async fn try_out(browser: &Browser, operation: &str) {
    for button in ["opblock-summary-control", "try-out__btn"] {
        let path = format!("{operation}//button[contains(@class, '{button}')]");
        browser.click(&path).await;
    }
}

/// Presses *Authorize*, asks for one scope, and agrees in the window of the issuer.
async fn authorize(browser: &Browser, scope: &str) {
    let page = browser.window().await;
    let dialog = "//div[contains(@class, 'dialog-ux')]";
    browser
        .click("//div[contains(@class, 'auth-wrapper')]/button[contains(@class, 'authorize')]")
        .await;
    let client = format!("{dialog}//input[@data-name='clientId']");
    assert_eq!(browser.text_in(&client).await, "swagger-ui");
    browser.click(&format!("{dialog}//label[starts-with(@for, '{scope}-')]")).await;
    browser.click(&format!("{dialog}//button[.='Authorize']")).await;

    browser.switch_to(&browser.other_than(&page).await).await;
    browser.find(&format!("//li[.='{scope}']")).await;
    browser.click("//button[.='Allow']").await;

    // That window closes itself.
    browser.switch_to(&page).await;
    browser.find(&format!("{dialog}//button[.='Logout']")).await;
    browser.click(&format!("{dialog}//button[.='Close']")).await;
}

async fn click_through(browser: &Browser, page: &str) {
    let create = "//div[contains(@class, 'opblock-post')]";
    let list = "//div[contains(@class, 'opblock-get')][.//*[@data-path='/api/items']]";

    browser.open(page).await;
    try_out(browser, create).await;
    execute(browser, create, 401).await;

    authorize(browser, "items:write").await;
    execute(browser, create, 201).await;

    // The other scope was not asked for.
    try_out(browser, list).await;
    execute(browser, list, 403).await;
}

#[tokio::test]
#[ignore = "needs chromedriver: see README"]
async fn from_click_to_201() {
    let (_program, page) = browsable_api();
    let browser = Arc::new(Browser::start().await);
    let clicking = Arc::clone(&browser);
    let outcome = tokio::spawn(async move { click_through(&clicking, &page).await }).await;
    // It would outlive the test that fails.
    Arc::into_inner(browser).unwrap().quit().await;
    outcome.unwrap();
}
