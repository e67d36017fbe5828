//! The guide: one page for each subject. Each page begins with an example that compiles.
//!
//! | page | subject |
//! |---|---|
//! | [`getting_started`] | a complete program, and the order of attributes |
//! | [`policies`] | scopes, roles, claims, checks, named policies, proofs |
//! | [`authorization_details`] | what exactly a user permitted: rich authorization requests |
//! | [`permissions`] | roles and permissions in a database, objects that checks load, caching |
//! | [`router`] | the router that rejects undeclared handlers, and its access table |
//! | [`openapi`] | the requirements in the OpenAPI document |
//! | [`refusals`] | status, challenge and body of each refusal |
//! | [`keys`] | fetching, rotation, outages, limits, remembered tokens |
//! | [`issuers`] | the trusted issuers, their providers, audiences and discovery |
//! | [`configuration`] | all settings, in code, files and the environment |
//! | [`networks`] | private certificate authorities, proxies, plain http, an HTTP client of your own |
//! | [`products`] | recipes: the index, and products without one |
//! | [`self_hosted_products`] | Keycloak, Spring, Zitadel, Hydra, Dex, AD FS and others |
//! | [`cloud_products`] | Auth0, Okta, Entra ID, Clerk, Supabase, Cognito and others |
//! | [`workload_products`] | Google, GitHub Actions, GitLab CI, Kubernetes |
//! | [`opaque_tokens`] | tokens that only the issuer can read: introspection |
//! | [`bound_tokens`] | tokens that are bound to a key of the client, and the proofs of possession |
//! | [`api_keys`] | API keys beside tokens: configured, or looked up in a database |
//! | [`browsers`] | tokens in cookies, requests of other sites, a backend for the front end |
//! | [`own_tokens`] | a program that signs the tokens of its users with a secret |
//! | [`resource`] | the identifier of the API, its metadata document, and tokens without TLS |
//! | [`revocation`] | refusing tokens before they expire |
//! | [`several_instances`] | revocations and DPoP proofs that all instances share |
//! | [`security_events`] | logouts of the issuer and events of other systems that revoke tokens |
//! | [`streams`] | server-sent events and websockets that end with their token |
//! | [`testing`] | an authorization server for tests, the access matrix, the snapshot |
//! | [`observability`] | health, logs, metrics, alerts |
//! | [`troubleshooting`] | each refusal code: its meaning, and the first place to look |
//! | [`security_model`] | promises, limits, and duties of the deployment |
//! | [`migrating`] | from a plain axum router, jsonwebtoken, jwt-authorizer, axum-keycloak-auth, tower-oauth2-resource-server |

// The pages link to each other by file name, for readers on a repository's page. `links.md` comes first, and of two
// definitions of a link the first counts, so rustdoc links to the items instead. The line of a failing example is
// counted from the first line of `links.md`.

#[doc = include_str!("links.md")]
#[doc = include_str!("getting_started.md")]
pub mod getting_started {}

#[doc = include_str!("links.md")]
#[doc = include_str!("policies.md")]
pub mod policies {}

#[doc = include_str!("links.md")]
#[doc = include_str!("authorization_details.md")]
pub mod authorization_details {}

#[doc = include_str!("links.md")]
#[doc = include_str!("permissions.md")]
pub mod permissions {}

#[doc = include_str!("links.md")]
#[doc = include_str!("router.md")]
pub mod router {}

#[doc = include_str!("links.md")]
#[doc = include_str!("openapi.md")]
pub mod openapi {}

#[doc = include_str!("links.md")]
#[doc = include_str!("refusals.md")]
pub mod refusals {}

#[doc = include_str!("links.md")]
#[doc = include_str!("keys.md")]
pub mod keys {}

#[doc = include_str!("links.md")]
#[doc = include_str!("issuers.md")]
pub mod issuers {}

#[doc = include_str!("links.md")]
#[doc = include_str!("networks.md")]
pub mod networks {}

#[doc = include_str!("links.md")]
#[doc = include_str!("configuration.md")]
pub mod configuration {}

#[doc = include_str!("links.md")]
#[doc = include_str!("products.md")]
pub mod products {}

#[doc = include_str!("links.md")]
#[doc = include_str!("self_hosted_products.md")]
pub mod self_hosted_products {}

#[doc = include_str!("links.md")]
#[doc = include_str!("cloud_products.md")]
pub mod cloud_products {}

#[doc = include_str!("links.md")]
#[doc = include_str!("workload_products.md")]
pub mod workload_products {}

#[doc = include_str!("links.md")]
#[doc = include_str!("own_tokens.md")]
pub mod own_tokens {}

#[doc = include_str!("links.md")]
#[doc = include_str!("api_keys.md")]
pub mod api_keys {}

#[doc = include_str!("links.md")]
#[doc = include_str!("opaque_tokens.md")]
pub mod opaque_tokens {}

#[doc = include_str!("links.md")]
#[doc = include_str!("bound_tokens.md")]
pub mod bound_tokens {}

#[doc = include_str!("links.md")]
#[doc = include_str!("browsers.md")]
pub mod browsers {}

#[doc = include_str!("links.md")]
#[doc = include_str!("resource.md")]
pub mod resource {}

#[doc = include_str!("links.md")]
#[doc = include_str!("revocation.md")]
pub mod revocation {}

#[doc = include_str!("links.md")]
#[doc = include_str!("security_events.md")]
pub mod security_events {}

#[doc = include_str!("links.md")]
#[doc = include_str!("several_instances.md")]
pub mod several_instances {}

#[doc = include_str!("links.md")]
#[doc = include_str!("streams.md")]
pub mod streams {}

#[doc = include_str!("links.md")]
#[doc = include_str!("testing.md")]
pub mod testing {}

#[doc = include_str!("links.md")]
#[doc = include_str!("observability.md")]
pub mod observability {}

#[doc = include_str!("links.md")]
#[doc = include_str!("troubleshooting.md")]
pub mod troubleshooting {}

#[doc = include_str!("links.md")]
#[doc = include_str!("security_model.md")]
pub mod security_model {}

#[doc = include_str!("links.md")]
#[doc = include_str!("migrating.md")]
pub mod migrating {}
