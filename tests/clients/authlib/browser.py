"""The browser of the user."""

import re

import requests
from report import check


def sign_in(issuer, url):
    """Signs bob in as a browser would, and returns the parameters that lead back to the client."""
    form = requests.get(url, timeout=10).text
    ticket = re.search('name="ticket" value="([^"]+)"', form)
    check(ticket, f"no sign-in page: {form}")
    answer = requests.post(
        f"{issuer}/consent",
        data={"ticket": ticket[1], "subject": "bob"},
        allow_redirects=False,
        timeout=10,
    )
    return answer.headers["location"]
