"""What the test sets in any hub: ports, the token, and a proxy that the test runs and ends."""

import os


def test_settings(c):
    c.JupyterHub.bind_url = os.environ["HUB_TEST_URL"]
    c.JupyterHub.hub_bind_url = os.environ["HUB_CONNECT_URL"]
    # Its token is in CONFIGPROXY_AUTH_TOKEN for both.
    c.ConfigurableHTTPProxy.should_start = False
    c.ConfigurableHTTPProxy.api_url = os.environ["HUB_TEST_PROXY_API_URL"]
    c.JupyterHub.services = [{"name": "test", "api_token": os.environ["HUB_TEST_TOKEN"]}]
    scopes = ["admin:users", "admin:servers", "access:servers", "tokens"]
    c.JupyterHub.load_roles = [{"name": "test", "services": ["test"], "scopes": scopes}]
