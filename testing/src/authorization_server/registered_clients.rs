//! Validates the clients and scopes of an authorization server.

use std::collections::HashSet;

use axum_protected::__testing::is_scope_token;

use super::back_channel::BackChannel;
use super::client::Client;
use super::redirect_uri::{RedirectUri, differs_only_in_loopback_port};

/// The scope with which a client requests an ID token (OpenID Connect Core section 3.1.2.1).
pub(super) const OPENID: &str = "openid";

/// The registered clients and scopes.
#[cfg_attr(test, derive(Debug))]
pub(super) struct Registration {
    clients: Vec<RegisteredClient>,
    /// The scopes that a client may request for itself.
    pub(super) scopes: Vec<String>,
    /// The scopes that a client may request from a user: those for itself and `openid`.
    pub(super) user_scopes: Vec<String>,
    /// The types of authorization details that a client may request.
    pub(super) authorization_details_types: Vec<String>,
    /// The classes of sign-ins, or none if each may be requested.
    pub(super) acr_values: Vec<String>,
}

#[cfg_attr(test, derive(Debug))]
pub(super) struct RegisteredClient {
    pub(super) id: String,
    /// The secret of the client, or `None` for a public client.
    pub(super) secret: Option<String>,
    pub(super) redirect_uris: Vec<RedirectUri>,
    pub(super) post_logout_redirect_uris: Vec<RedirectUri>,
    /// The receiver of the client's logout tokens.
    pub(super) back_channel: Option<BackChannel>,
    pub(super) opaque_access_tokens: bool,
    pub(super) dpop_bound_access_tokens: bool,
    pub(super) require_pushed_authorization_requests: bool,
}

impl Registration {
    /// Validates clients and scopes. Returns the messages of all problems if a client or a scope is
    /// invalid.
    pub(super) fn read(clients: Vec<Client>, scopes: Vec<String>) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        if clients.is_empty() && !scopes.is_empty() {
            problems.push("there are scopes but no client that could request them".to_owned());
        }
        for scope in scopes.iter().filter(|scope| !is_scope_token(scope)) {
            problems.push(format!("the scope {scope:?} is not a scope-token"));
        }
        for scope in repeated(&scopes) {
            problems.push(format!("the scope `{scope}` appears twice"));
        }
        let ids: Vec<String> = clients.iter().map(|client| client.id.clone()).collect();
        for id in repeated(&ids) {
            problems.push(format!("the client `{id}` is registered twice"));
        }
        let clients = clients
            .into_iter()
            .map(|client| RegisteredClient::read(client, &mut problems))
            .collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let scopes: Vec<String> = scopes.into_iter().filter(|scope| scope != OPENID).collect();
        let user_scopes = scopes.iter().cloned().chain([OPENID.to_owned()]).collect();
        Ok(Self {
            clients,
            scopes,
            user_scopes,
            authorization_details_types: Vec::new(),
            acr_values: Vec::new(),
        })
    }

    /// Adds the types of authorization details and the classes of sign-ins.
    pub(super) fn offering(self, types: Vec<String>, acr_values: Vec<String>) -> Self {
        Self { authorization_details_types: types, acr_values, ..self }
    }

    pub(super) fn client(&self, id: &str) -> Option<&RegisteredClient> {
        self.clients.iter().find(|client| client.id == id)
    }

    /// Returns the origins (RFC 6454) of all redirect URIs.
    pub(super) fn origins(&self) -> impl Iterator<Item = String> {
        let uris = self.clients.iter().flat_map(|client| &client.redirect_uris);
        uris.map(RedirectUri::origin)
    }
}

impl RegisteredClient {
    fn read(client: Client, problems: &mut Vec<String>) -> Self {
        let Client {
            id,
            secret,
            redirect_uris,
            post_logout_redirect_uris,
            backchannel_logout_uri,
            opaque_access_tokens,
            dpop_bound_access_tokens,
            require_pushed_authorization_requests,
        } = client;
        if !is_visible(&id) {
            problems.push(format!("the client id {id:?} is empty or not printable ASCII"));
        }
        if secret.as_deref().is_some_and(|secret| !is_visible(secret)) {
            problems
                .push(format!("the secret of the client `{id}` is empty or not printable ASCII"));
        }
        if secret.is_none() && redirect_uris.is_empty() {
            problems.push(format!(
                "the client `{id}` has neither a redirect URI nor a secret: it cannot get a token"
            ));
        }
        if redirect_uris.is_empty()
            && (!post_logout_redirect_uris.is_empty() || backchannel_logout_uri.is_some())
        {
            problems.push(format!(
                "the client `{id}` has a logout URI but no redirect URI: it has no users"
            ));
        }
        Self {
            id,
            secret,
            redirect_uris: uris(redirect_uris, problems),
            post_logout_redirect_uris: uris(post_logout_redirect_uris, problems),
            back_channel: backchannel_logout_uri.and_then(|uri| {
                BackChannel::read(&uri).map_err(|problem| problems.push(problem)).ok()
            }),
            opaque_access_tokens,
            dpop_bound_access_tokens,
            require_pushed_authorization_requests,
        }
    }

    /// Returns the requested redirect URI if it is registered. A public client may be a program that
    /// gets its port from the operating system. If it registered a loopback address without a port,
    /// any port is permitted (RFC 8252 section 7.3, RFC 9700 section 2.1). A page in a browser
    /// registers its port, and another port is another origin.
    pub(super) fn redirect_uri(&self, text: &str) -> Option<RedirectUri> {
        if let Some(uri) = self.redirect_uris.iter().find(|uri| uri.text == text) {
            return Some(uri.clone());
        }
        let is_on_other_port = self.secret.is_none()
            && self.redirect_uris.iter().any(|uri| differs_only_in_loopback_port(&uri.text, text));
        if is_on_other_port { RedirectUri::read(text.to_owned()).ok() } else { None }
    }
}

fn uris(texts: Vec<String>, problems: &mut Vec<String>) -> Vec<RedirectUri> {
    for uri in repeated(&texts) {
        problems.push(format!("the redirect URI `{uri}` appears twice"));
    }
    let mut read_uris = Vec::new();
    for text in texts {
        match RedirectUri::read(text) {
            Ok(uri) => read_uris.push(uri),
            Err(problem) => problems.push(problem),
        }
    }
    read_uris
}

/// Returns true if a text matches `1*VSCHAR` (RFC 6749 appendices A.1 and A.2).
pub(super) fn is_visible(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, 0x20..=0x7E))
}

pub(super) fn repeated(values: &[String]) -> impl Iterator<Item = &String> {
    let mut seen = HashSet::new();
    values.iter().filter(move |value| !seen.insert(*value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALLBACK: &str = "http://127.0.0.1:3000/callback";

    fn problems(clients: &[Client], scopes: &[&str]) -> Vec<String> {
        let scopes = scopes.iter().map(ToString::to_string).collect();
        Registration::read(clients.to_vec(), scopes).err().unwrap_or_default()
    }

    #[test]
    fn all_problems_are_reported_together() {
        let page = Client::public("page").redirect_uri(CALLBACK);
        let batch = Client::confidential("batch", "secret");
        let good = [page.clone(), batch.clone()];
        assert_eq!(problems(&good, &["items:read", "items:write"]), [""; 0]);
        assert_eq!(problems(&good, &[]), [""; 0]);
        assert_eq!(problems(&[], &[]), [""; 0]);

        assert_eq!(
            problems(&[], &["items:read"]),
            ["there are scopes but no client that could request them"]
        );
        assert_eq!(
            problems(&good, &["", "a b", "c", "c"]),
            [
                "the scope \"\" is not a scope-token",
                "the scope \"a b\" is not a scope-token",
                "the scope `c` appears twice",
            ]
        );
        let bad = [
            batch.clone(),
            batch,
            Client::public("lonely"),
            Client::public("é\n").redirect_uri(CALLBACK),
            Client::confidential("open", ""),
            page.redirect_uri(CALLBACK),
            Client::confidential("job", "secret").post_logout_redirect_uri("/signed-out"),
            Client::confidential("task", "secret").backchannel_logout_uri("https://h/logout"),
        ];
        assert_eq!(
            problems(&bad, &[]),
            [
                "the client `batch` is registered twice",
                "the client `lonely` has neither a redirect URI nor a secret: it cannot get a token",
                "the client id \"é\\n\" is empty or not printable ASCII",
                "the secret of the client `open` is empty or not printable ASCII",
                "the redirect URI `http://127.0.0.1:3000/callback` appears twice",
                "the client `job` has a logout URI but no redirect URI: it has no users",
                "the redirect URI \"/signed-out\" is not an https URL",
                "the client `task` has a logout URI but no redirect URI: it has no users",
                "the back-channel logout URI of a client is not http on loopback",
            ]
        );
    }
}
