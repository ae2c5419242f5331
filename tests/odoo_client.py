"""A person at the web client, without the screen: the calls that the backend's own pages make."""

import requests


class Client:
    """A logged-in session.

    :param url: address of the server
    """

    def __init__(self, url, database, login, password=None):
        self.url = url
        self.session = requests.Session()
        answer = self._post("/web/session/authenticate", {"db": database, "login": login, "password": password or login})
        self.uid = answer["uid"]

    def call(self, model, method, *args, **kwargs):
        """Call a method as the web client does and return its result."""
        return self._post("/web/dataset/call_kw", {"model": model, "method": method, "args": list(args), "kwargs": kwargs})

    def read(self, model, domain, fields, **kwargs):
        return self.call(model, "search_read", domain, fields, **kwargs)

    def _post(self, path, params):
        response = self.session.post(f"{self.url}{path}", json={"jsonrpc": "2.0", "params": params}, timeout=120)
        answer = response.json()
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["debug"])
        return answer["result"]
