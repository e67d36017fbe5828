//! Sends the `curl` requests that an example program prints.

use reqwest::{Client, Method};

use super::program::Running;

/// Sends the printed requests up to and including the request of the public route. Asserts that
/// each response has the printed status, and returns the statuses.
pub(crate) async fn answers(program: &mut Running) -> Vec<u16> {
    assert!(program.line().starts_with("listening on http://127.0.0.1:"));
    let mut answers = Vec::new();
    loop {
        let line = program.line();
        let Some(expectation) = line.strip_prefix("# ") else {
            continue;
        };
        let answer = status_of(&program.line()).await;
        assert!(expectation.starts_with(&format!("{answer}: ")), "{answer}, {expectation}");
        answers.push(answer);
        if expectation.ends_with(": public") {
            return answers;
        }
    }
}

/// Splits a printed `curl` command into its arguments and removes the quotes.
fn arguments(line: &str) -> Vec<String> {
    let mut arguments = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => arguments.push(String::new()),
            letter => arguments.last_mut().unwrap().push(letter),
        }
    }
    arguments
}

/// Sends the request of `curl -i URL [-X METHOD] [-H HEADER]... [-d BODY]` and returns the status.
async fn status_of(line: &str) -> u16 {
    let arguments = arguments(line);
    let [curl, flag, url, options @ ..] = arguments.as_slice() else { panic!("{line}") };
    assert_eq!([curl, flag], ["curl", "-i"]);
    let mut request = Client::new().request(method(options), url);
    for pair in options.chunks(2) {
        request = match (pair[0].as_str(), pair[1].split_once(": ")) {
            ("-H", Some((name, value))) => request.header(name, value),
            ("-d", _) => request.body(pair[1].clone()),
            ("-X", _) => request,
            _ => panic!("{pair:?}"),
        };
    }
    request.send().await.unwrap().status().as_u16()
}

fn method(options: &[String]) -> Method {
    let mut pairs = options.chunks(2);
    match pairs.find(|pair| pair[0] == "-X") {
        Some(pair) => pair[1].parse().unwrap(),
        None if options.iter().any(|option| option == "-d") => Method::POST,
        None => Method::GET,
    }
}
