//! Notes in a browser, whose scripts never see a token: `cargo run --bin notes-app`.
//!
//! The program serves a page, signs its users in at an OpenID provider, keeps their tokens in
//! sessions on the server, and renews them. The page has an `HttpOnly` cookie and nothing else.
//!
//! Read the files in this order:
//!
//! 1. `notes/handlers.rs` has the handlers. Their attributes are the same as without a backend.
//! 2. `notes/print.rs` is a page that the server renders for the user: its attribute says `page`, so
//!    that links of other sites may lead to it.
//! 3. `notes/changes.rs` is a websocket that ends with the session.
//! 4. `notes/mod.rs` is the router: the routes of the application, then those of the backend, then
//!    its layer. `tests/notes_app` compares the access table with `access.json`.
//! 5. `notes/page` has the page: HTML, a script and a style sheet. The page asks `/session` if
//!    somebody is signed in, calls the API with `fetch`, navigates to `/login` to sign in, and posts
//!    to `/logout` to sign out.
//! 6. `sign_in.rs` builds the backend.
//!
//! Without configuration the program runs its own OpenID provider, which signs in anybody. For
//! another provider, register this program there:
//!
//! | setting | value |
//! |---|---|
//! | redirect URI | `http://localhost:3000/callback` |
//! | post-logout redirect URI | `http://localhost:3000/` |
//! | back-channel logout URI | `http://127.0.0.1:3000/backchannel-logout`, as the provider reaches this machine |
//! | scopes | `notes:read` and `notes:write`, in the claim `scope` of the access token |
//! | audience of the access token | the value of `OAUTH_AUDIENCE` |
//!
//! | variable | value |
//! |---|---|
//! | `OAUTH_ISSUER`, `OAUTH_AUDIENCE` and the others of `ResourceServer::from_env` | the provider |
//! | `OAUTH_CLIENT_ID`, `OAUTH_CLIENT_SECRET` | this program at the provider; a public client has no secret |
//! | `NOTES_APP_ADDR` | the address to listen on, by default `127.0.0.1:3000` |
//! | `NOTES_APP_PUBLIC_URL` | the origin in the address bar, by default `http://localhost` with the port |
//! | `NOTES_APP_SCOPES` | the scopes that a sign-in requests, by default `notes:read notes:write` |
//! | `NOTES_APP_SESSIONS` | `memory`, or `sealed` for sessions in the cookie |
//! | `NOTES_APP_SEALING_KEY` | the key of `sealed`: 32 octets in base64url |
//! | `NOTES_APP_TOKEN_SECONDS` | the lifetime of the embedded provider's tokens, by default 60 |
//! | `RUST_LOG` | the events to log, by default `info` |
//!
//! The routes require the scopes in any case. Keycloak refuses a sign-in that requests scopes which
//! it does not know: create both as client scopes of this client. If they are default scopes there,
//! a sign-in need not request them, and `NOTES_APP_SCOPES=profile` will do. A user whose token lacks
//! the scopes sees that the account has no access.

mod configuration;
mod notes;
mod sign_in;
mod variables;

use std::env;
use std::error::Error;
use std::process::ExitCode;

use serving::Listening;

use self::configuration::{Configuration, Provider};
use self::sign_in::SignIn;
use self::variables::Variables;

#[tokio::main]
async fn main() -> ExitCode {
    serving::exit_code(run()).await
}

async fn run() -> Result<(), Box<dyn Error>> {
    let mut variables = Variables::new(env::vars_os());
    let configuration = Configuration::read(&mut variables);
    let expected_url = sign_in::public_url(&configuration, configuration.address);
    let configured = SignIn::at_configured(&configuration, &mut variables, &expected_url);
    variables.result()?;

    let listening = Listening::open(configuration.address).await?;
    let public_url = sign_in::public_url(&configuration, listening.address());
    let embedded = match configuration.provider {
        Provider::Embedded { token_lifetime } => {
            let address = listening.address();
            Some(sign_in::embedded_provider(&public_url, address, token_lifetime).await?)
        }
        Provider::Configured { .. } => None,
    };
    let sign_in = match (configured, &embedded) {
        (Some(sign_in), _) => sign_in,
        (None, Some(provider)) => SignIn::at_embedded(provider, &configuration, &public_url)?,
        (None, None) => return Err("there is no provider".into()),
    };
    let app = notes::app(sign_in.server, &sign_in.backend)?;
    listening.announce();
    println!("open {public_url}/");
    if let Some(provider) = &embedded {
        println!("the provider {} signs in anybody, for example `alice`", provider.issuer());
    }
    listening.serve(app).await
}
