"""The flows by which a client obtains tokens."""

from flows import authorization_code, client_credentials, device, refresh

CLIENT_CREDENTIALS, AUTHORIZATION_CODE = "client credentials", "authorization code"
REFRESH, DEVICE = "refresh", "device"

FLOWS = {
    CLIENT_CREDENTIALS: client_credentials.obtain,
    AUTHORIZATION_CODE: authorization_code.obtain,
    REFRESH: refresh.obtain,
    DEVICE: device.obtain,
}
