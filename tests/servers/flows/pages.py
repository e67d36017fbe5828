"""Acts as a user at the pages of a server: logs in, consents, follows redirects."""

from harness.forms import Form, forms
from harness.process import Failure
from harness.web import Agent, Response
from servers.base import REDIRECT_URI, Server

_PAGES = 25


def walk(server: Server, agent: Agent, page: Response, values: dict[str, str] | None = None) -> str:
    """Fills in every form until the server redirects to the client, and returns that address.

    A page without a form ends the walk of a device, which has no callback. The address of that page
    is returned then.
    """
    is_device = values is not None
    typed = server.login_values() | (values or {})
    for _ in range(_PAGES):
        location = page.location
        if location and location.startswith(REDIRECT_URI):
            return location
        if location:
            page = agent.get(location)
        elif form := _form(page):
            page = form.submit(agent, page, typed, server.consent_button())
        elif following := server.next_page(agent, page):
            page = following
        elif is_device and page.status == 200:
            return page.url
        else:
            raise Failure(f"the page {page.url.split('?')[0]} has status {page.status} and no form")
    raise Failure(f"no callback after {_PAGES} pages; the last is {page.url.split('?')[0]}")


def _form(page: Response) -> Form | None:
    """Returns the form to submit: a POST form or one with texts, or else one with a button."""
    offered = forms(page)
    sending = [form for form in offered if form.method == "post" or form.texts]
    return next(iter(sending + [form for form in offered if form.buttons]), None)
