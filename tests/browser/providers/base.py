"""The interface between a deployment and the OpenID provider that signs its users in."""

from chromium.browser import Browser

# Seconds. The server renews a token before its end, by a fifth of this time.
LIFETIME = 3


class Provider:
    """An OpenID provider. Users log in at it on the host `127.0.0.1`."""

    name: str

    def environment(self, public_url: str, backchannel_url: str) -> dict[str, str]:
        """Registers an application, and returns the variables with which it starts."""
        raise NotImplementedError

    def log_in(self, browser: Browser) -> None:
        """Does at the pages of the provider what a user does. The browser is at the first one."""
        raise NotImplementedError

    def secrets(self) -> list[str]:
        """Returns the tokens that the provider has issued, as far as the test knows them."""
        return []
