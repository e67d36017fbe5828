//! The language of policies, through the router: who gets in, who does not, and with what answer.

mod api;
mod checks;
mod demands;
mod routes;
