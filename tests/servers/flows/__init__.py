"""The flows by which a client obtains tokens."""

from flows import authorization_code, client_credentials, device, refresh
from harness.flow_names import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, DEVICE, REFRESH

FLOWS = {
    CLIENT_CREDENTIALS: client_credentials.obtain,
    AUTHORIZATION_CODE: authorization_code.obtain,
    REFRESH: refresh.obtain,
    DEVICE: device.obtain,
}
