"""The sample configuration on the embedded cluster, with the ports, the token and the patience of the test."""

import os
from pathlib import Path

checkout = Path(__file__).resolve().parent.parent.parent
load_subconfig(str(checkout / "examples" / "jupyterhub" / "embedded.py"))

c.JupyterHub.bind_url = os.environ["HUB_TEST_URL"]
c.JupyterHub.hub_bind_url = os.environ["HUB_CONNECT_URL"]
# The test runs the proxy, and ends it; its token is in CONFIGPROXY_AUTH_TOKEN for both.
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = os.environ["HUB_TEST_PROXY_API_URL"]
c.JupyterHub.services = [{"name": "test", "api_token": os.environ["HUB_TEST_TOKEN"]}]
c.JupyterHub.load_roles = [
    {"name": "test", "services": ["test"], "scopes": ["admin:users", "admin:servers", "access:servers"]}
]
c.BackendSpawner.poll_interval = 1_000
