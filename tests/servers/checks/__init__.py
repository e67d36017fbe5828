"""The checks. Each returns the text of its cells in the table."""

from checks import (
    accepted, algorithms, audience, expiry, introspection, missing_scope, networks, new_keys, other_tokens, outage,
    possession, rotation, token_kinds,
)

# Checks of the tokens of each flow: name, observation, preparation for all flows.
TOKEN_CHECKS = (
    ("accepted", accepted.observe, None),
    ("missing scope", missing_scope.observe, None),
    ("expired", expiry.observe, expiry.prepare),
    ("other audience", audience.observe, None),
    ("ID token", other_tokens.observe_id_token, None),
    ("ID token, client is API", other_tokens.observe_id_token_of_client, None),
    ("RFC 9068 only", other_tokens.observe_rfc9068, None),
    ("refresh token", other_tokens.observe_refresh_token, None),
)

# Checks of the server, in the order in which they run: names of the cells, observation.
SERVER_CHECKS = (
    (("algorithms",), algorithms.observe),
    (("two new keys",), new_keys.observe),
    (("rotation", "withdrawal"), rotation.observe),
    (("outage and restart", "API first"), outage.observe),
    (("private CA",), networks.observe_private_ca),
    (("service name",), networks.observe_service_name),
    (("issuer with path",), networks.observe_path),
)

# Checks of the kinds of tokens, by client credentials: name, observation. They run last, and the server has TLS then.
KIND_CHECKS = (
    ("issued", token_kinds.observe_issued),
    ("answer", token_kinds.observe_answer),
    ("accepted", possession.observe_accepted),
    ("missing scope", possession.observe_missing_scope),
    ("no proof", possession.observe_no_proof),
    ("other key", possession.observe_other_key),
    ("other scheme", possession.observe_other_scheme),
    ("proof again", possession.observe_proof_again),
    ("other audience", possession.observe_other_audience),
    ("no audience", introspection.observe_no_audience),
    ("JWT", introspection.observe_jwt),
    ("revoked", introspection.observe_revoked),
    ("signed answer", introspection.observe_signed_answer),
)
