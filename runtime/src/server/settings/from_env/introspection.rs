//! The environment variables of introspection.

use super::value;
use super::variable::{Need, Variable};

pub(super) const INTROSPECTION: [Variable; 7] = [
    Variable {
        name: "OAUTH_INTROSPECTION_ENDPOINT",
        field: "introspection.endpoint",
        subject: "the introspection endpoint ",
        need: Need::Optional,
        set: |draft, text| value::text(text).map(|url| draft.introspection().endpoint = Some(url)),
    },
    Variable {
        name: "OAUTH_INTROSPECTION_CLIENT_ID",
        field: "introspection.client_id",
        subject: "the introspection client ",
        need: Need::Optional,
        set: |draft, text| value::text(text).map(|id| draft.introspection().client_id = Some(id)),
    },
    Variable {
        name: "OAUTH_INTROSPECTION_CLIENT_SECRET",
        field: "introspection.client_secret",
        subject: "the introspection secret ",
        need: Need::Optional,
        set: |draft, text| {
            draft.introspection().client_secret = Some(text.to_owned());
            Ok(())
        },
    },
    Variable {
        name: "OAUTH_INTROSPECTION_CLIENT_SECRET_FILE",
        field: "introspection.client_secret_file",
        subject: "the introspection secret file ",
        need: Need::Optional,
        set: |draft, text| {
            let path = value::secret_path(text)?;
            draft.introspection().client_secret_file = Some(path);
            Ok(())
        },
    },
    Variable {
        name: "OAUTH_INTROSPECTION_BEARER_FILE",
        field: "introspection.bearer_file",
        subject: "the introspection token file ",
        need: Need::Optional,
        set: |draft, text| {
            let path = value::secret_path(text)?;
            draft.introspection().bearer_file = Some(path);
            Ok(())
        },
    },
    Variable {
        name: "OAUTH_INTROSPECTION_MODE",
        field: "introspection.mode",
        subject: "the introspection mode ",
        need: Need::Optional,
        set: |draft, text| value::mode(text).map(|mode| draft.introspection().mode = Some(mode)),
    },
    Variable {
        name: "OAUTH_INTROSPECTION_CACHE_SECONDS",
        field: "introspection.cache_seconds",
        subject: "the introspection cache ",
        need: Need::Optional,
        set: |draft, text| {
            let period = value::seconds(text)?;
            draft.introspection().cache_seconds = Some(period.as_secs());
            Ok(())
        },
    },
];
