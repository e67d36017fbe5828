//! The arguments of the program.

use std::ffi::OsString;

pub(crate) const USAGE: &str = "\
usage: items-api               serve the API
       items-api check-config  print the configuration, fetch the keys of each issuer once, connect to
                               Redis, exit

environment:
  ITEMS_API_ADDR    the address to listen on, by default 127.0.0.1:3000
  ITEMS_API_CONFIG  the path of a configuration file in TOML or JSON
  OAUTH_ISSUER, OAUTH_AUDIENCE and other variables of `ResourceServer::from_env`
                    a configuration without a file
  OAUTH_REVOCATION_REDIS
                    the URL of a Redis server through which several instances share revocations and
                    used proofs; in a file `revocation`
  OAUTH_REVOCATION_OUTAGE
                    `go_on` (default) or `refuse`: accept or refuse tokens while Redis is away
  OAUTH_REVOCATION_REQUIRED
                    `true`: do not start without Redis
  RUST_LOG          the events to log, by default info

Without a configuration the program starts its own development issuer.";

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Serve,
    CheckConfig,
    Help,
}

/// Returns the command, or the problem with the arguments.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut arguments = arguments.into_iter();
    let Some(first) = arguments.next() else { return Ok(Command::Serve) };
    let command = match first.to_str() {
        Some("check-config") => Command::CheckConfig,
        Some("--help" | "-h" | "help") => Command::Help,
        _ => return Err(unknown(&first)),
    };
    match arguments.next() {
        None => Ok(command),
        Some(second) => Err(unknown(&second)),
    }
}

fn unknown(argument: &OsString) -> String {
    format!("unknown argument `{}`", argument.to_string_lossy().escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_and_superfluous_arguments_are_errors() {
        let parse = |arguments: &[&str]| parse(arguments.iter().map(OsString::from));
        assert_eq!(parse(&[]), Ok(Command::Serve));
        assert_eq!(parse(&["check-config"]), Ok(Command::CheckConfig));
        assert_eq!(parse(&["--help"]), Ok(Command::Help));
        assert_eq!(parse(&["check"]), Err("unknown argument `check`".to_owned()));
        assert_eq!(parse(&[""]), Err("unknown argument ``".to_owned()));
        assert_eq!(parse(&["check-config", "\n"]), Err("unknown argument `\\n`".to_owned()));
    }
}
