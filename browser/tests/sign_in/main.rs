//! Signs in at an authorization server, over real HTTP.

mod application;
mod attacks;
mod browser;
mod flow;
