//! Tests the page in a browser, from the click on *Authorize* to the response 201.

use std::sync::Arc;

use super::program::browsable_api;
use super::webdriver::Browser;

/// Clicks *Execute* in an opened operation and waits for a response with this status.
async fn execute(browser: &Browser, operation: &str, status: u16) {
    let button = format!("{operation}//button[contains(@class, 'execute')]");
    browser.click(&button).await;
    let answer = format!(
        "{operation}//table[contains(@class, 'live-responses-table')]\
         //td[contains(@class, 'response-col_status')][starts-with(normalize-space(), '{status}')]"
    );
    browser.find(&answer).await;
}

/// Opens an operation and clicks *Try it out*.
async fn try_out(browser: &Browser, operation: &str) {
    for button in ["opblock-summary-control", "try-out__btn"] {
        let path = format!("{operation}//button[contains(@class, '{button}')]");
        browser.click(&path).await;
    }
}

/// Clicks *Authorize*, requests one scope, and consents in the window of the issuer.
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

    // The window of the issuer closes itself.
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

    // The token has only the write scope, so the API refuses the list operation.
    try_out(browser, list).await;
    execute(browser, list, 403).await;
}

#[tokio::test]
#[ignore = "needs chromedriver: see README"]
async fn a_click_on_authorize_leads_to_a_created_item() {
    let (_program, page) = browsable_api();
    let browser = Arc::new(Browser::start().await);
    let clicked_browser = Arc::clone(&browser);
    let outcome = tokio::spawn(async move { click_through(&clicked_browser, &page).await }).await;
    // Quits the browser before the test checks the result, because a failed assertion would leave
    // the browser open.
    Arc::into_inner(browser).unwrap().quit().await;
    outcome.unwrap();
}
