"""HTML forms of login pages."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from harness.web import Agent, Response


@dataclass
class Form:
    """The fields of a form with their values, and the buttons that submit it."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    checkboxes: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def submit(self, agent: Agent, page: Response, values: dict[str, str], button: str | None) -> Response:
        """Sends the form with the boxes ticked, the values filled in and one button pressed."""
        names = {name for name, _ in self.fields} | set(self.texts)
        filled = [(name, value) for name, value in self.fields if name not in values]
        filled += [(name, value) for name, value in values.items() if name in names]
        filled += self.checkboxes
        filled += [pair for pair in self.buttons if pair[0] and pair[1] == button][:1] or self.buttons[:1]
        filled = [(name, value) for name, value in filled if name]
        url = urljoin(page.url, self.action)
        if self.method == "post":
            return agent.post_form(url, filled)
        return agent.get(urlunsplit(urlsplit(url)._replace(query=urlencode(filled))))


def forms(page: Response) -> list[Form]:
    """Returns the forms of a page."""
    parser = _Parser()
    parser.feed(page.text)
    return parser.forms


class _Parser(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms: list[Form] = []
        self._is_open = False

    def handle_starttag(self, tag, attributes):
        attribute = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(attribute.get("action", ""), attribute.get("method", "get").lower()))
            self._is_open = True
        elif self._is_open and tag in ("input", "button"):
            self._control(tag, attribute)

    def handle_endtag(self, tag):
        self._is_open = self._is_open and tag != "form"

    def _control(self, tag: str, attribute: dict[str, str]) -> None:
        form, name = self.forms[-1], attribute.get("name", "")
        kind = attribute.get("type", "submit" if tag == "button" else "text").lower()
        if kind in ("submit", "image"):
            form.buttons.append((name, attribute.get("value", "")))
        elif kind == "checkbox":
            form.checkboxes.append((name, attribute.get("value", "on")))
        elif kind == "hidden":
            form.fields.append((name, attribute.get("value", "")))
        elif kind == "radio":
            if "checked" in attribute:
                form.fields.append((name, attribute.get("value", "on")))
        elif kind not in ("button", "reset"):
            form.texts.append(name)
