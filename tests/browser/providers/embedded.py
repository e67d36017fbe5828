"""The authorization server that notes-app starts itself, without any configuration."""

from providers.base import LIFETIME, Provider


class Embedded(Provider):
    name = "embedded"

    def environment(self, public_url, backchannel_url):
        del public_url, backchannel_url
        return {"NOTES_APP_TOKEN_SECONDS": str(LIFETIME)}

    def log_in(self, browser):
        browser.click("button", "Allow")
