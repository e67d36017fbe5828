//! Checks the credentials of the server at the introspection endpoint.

use std::path::Path;

use crate::bounded_file::{BoundedFile, read_secret};
use crate::introspection::{
    Assertion, ClientAuthentication, ClientCredentials, Introspection, Secret, secret_of_content,
};
use crate::keys::HeaderFile;
use crate::server::Issuer;
use crate::server::validation::ok_or_report;
use crate::token::signature::SigningKey;

/// Largest accepted size of a file with a secret or a key, in bytes.
const FILE_LIMIT: u64 = 64 * 1024;

impl Issuer {
    /// Returns the credentials of the server at the endpoint.
    pub(super) fn client_credentials(
        &self,
        settings: &Introspection,
        problems: &mut Vec<String>,
    ) -> Option<ClientCredentials> {
        let methods = [
            ("client_secret", settings.client_secret.is_some()),
            ("client_secret_file", settings.client_secret_file.is_some()),
            ("private_key_jwt", settings.private_key_jwt.is_some()),
            ("bearer_file", settings.bearer_file.is_some()),
        ];
        let set: Vec<_> =
            methods.iter().filter(|(_, is_set)| *is_set).map(|(name, _)| name).collect();
        if set.len() != 1 {
            let all = methods.map(|(name, _)| format!("`introspection.{name}`")).join(", ");
            let number =
                if set.is_empty() { "has no credentials" } else { "has several credentials" };
            problems
                .push(self.problem("introspection", format_args!("{number}: set one of {all}")));
        }
        let has_secret = settings.client_secret.is_some() || settings.client_secret_file.is_some();
        if settings.client_authentication.is_some() && !has_secret {
            problems.push(self.problem(
                "introspection.client_authentication",
                "is the place of a secret, and there is none: remove it, or set \
                 `introspection.client_secret_file`",
            ));
        }
        let client_id = match settings.client_id.as_deref() {
            Some("") => {
                problems.push(self.problem("introspection.client_id", "is empty"));
                None
            }
            None if settings.bearer_file.is_none() => {
                let problem = "has no `client_id`: set `introspection.client_id`";
                problems.push(self.problem("introspection", problem));
                None
            }
            client_id => client_id.map(str::to_owned),
        };
        let place = settings.client_authentication.unwrap_or_default();
        self.only_credentials(settings, client_id, place, problems)
    }

    fn only_credentials(
        &self,
        settings: &Introspection,
        client_id: Option<String>,
        place: ClientAuthentication,
        problems: &mut Vec<String>,
    ) -> Option<ClientCredentials> {
        if let Some(path) = &settings.bearer_file {
            let setting = "introspection.bearer_file";
            ok_or_report(self.read_secret(setting, path), problems)?;
            let file = HeaderFile::new(path.clone(), "Bearer ".to_owned());
            return Some(ClientCredentials::Bearer(file));
        }
        if let Some(key) = &settings.private_key_jwt {
            let text = self.read_secret("introspection.private_key_jwt", &key.key_file);
            let text = ok_or_report(text, problems)?;
            let signing = SigningKey::from_pem(&text, key.algorithm).map_err(|problem| {
                let path = key.key_file.display();
                let problem = format!("cannot be used: the file `{path}` {problem}");
                self.problem("introspection.private_key_jwt", problem)
            });
            return Some(ClientCredentials::Assertion(Assertion {
                key: ok_or_report(signing, problems)?,
                client_id: client_id?,
                audience: self.identifier.clone(),
                kid: key.kid.clone(),
            }));
        }
        let secret = match (&settings.client_secret, &settings.client_secret_file) {
            (Some(secret), _) if secret.is_empty() => {
                problems.push(self.problem("introspection.client_secret", "is empty"));
                return None;
            }
            (Some(secret), _) => Secret::Text(secret.clone()),
            (None, Some(path)) => {
                let setting = "introspection.client_secret_file";
                ok_or_report(self.read_secret(setting, path), problems)?;
                Secret::File(BoundedFile::new(path.as_path(), FILE_LIMIT))
            }
            (None, None) => return None,
        };
        Some(ClientCredentials::Secret { client_id: client_id?, secret, place })
    }

    fn read_secret(&self, setting: &str, path: &Path) -> Result<String, String> {
        read_secret(path, FILE_LIMIT, secret_of_content)
            .map_err(|problem| self.problem(setting, format_args!("cannot be used: {problem}")))
    }
}
