//! Checks the client at the provider: its identifier and its secret.

use super::text_file;
use crate::client::Client;
use crate::settings::{BrowserBackendBuilder, ClientSecret};

impl BrowserBackendBuilder {
    /// Returns the client. Adds the problems of the settings to `problems`.
    pub(super) fn client(&self, problems: &mut Vec<String>) -> Option<Client> {
        let mut report = |problem: String| problems.push(problem);
        let id = match self.client_id.as_deref() {
            Some(id) if is_printable(id) => Some(id.to_owned()),
            Some(_) => {
                report(
                    "`client_id` is empty or contains characters outside printable ASCII"
                        .to_owned(),
                );
                None
            }
            None => {
                report(
                    "the application has no `client_id`: set the identifier that it has at the \
                     provider"
                        .to_owned(),
                );
                None
            }
        };
        let secret = self.client_secret.as_ref().map(secret).transpose().map_err(report).ok();
        if self.id_token_audiences.iter().any(String::is_empty) {
            problems.push("an `id_token_audience` is empty".to_owned());
        }
        let id_token_audiences = self.id_token_audiences.clone();
        Some(Client { id: id?, secret: secret?, id_token_audiences })
    }
}

fn secret(setting: &ClientSecret) -> Result<String, String> {
    let (name, text) = match setting {
        ClientSecret::Text(text) => ("client_secret", text.clone()),
        ClientSecret::File(path) => {
            let read = text_file::read(path);
            (
                "client_secret_file",
                read.map_err(|problem| format!("`client_secret_file` {problem}"))?,
            )
        }
    };
    if is_printable(&text) {
        return Ok(text);
    }
    Err(format!("`{name}` is empty or contains characters outside printable ASCII"))
}

/// Returns true for a text of `VSCHAR` (RFC 6749 appendix A) of a reasonable length.
fn is_printable(text: &str) -> bool {
    const LIMIT: usize = 4096;
    !text.is_empty()
        && text.len() <= LIMIT
        && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}
