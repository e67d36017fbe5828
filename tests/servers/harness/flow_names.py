"""The names of the flows, as the table writes them."""

CLIENT_CREDENTIALS = "client credentials"
AUTHORIZATION_CODE = "authorization code"
REFRESH = "refresh"
DEVICE = "device"
