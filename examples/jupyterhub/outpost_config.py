"""JupyterHub with the OutpostSpawner, whose servers hub-functions starts, watches and stops in Outpost's place.

The hub needs `pip install jupyterhub-outpostspawner`, and this in its environment:

HUB_FUNCTIONS_URL            where the function `services` answers, without a slash at the end
HUB_FUNCTIONS_AUTHORIZATION  `Basic ...` or `Token ...`, as `hubfn credentials add` prints it; best from a Secret
HUB_CONNECT_URL              where pods reach the hub
HUB_DEFAULT_FLAVOR           flavor of who chooses none; needed as soon as the functions have flavors
"""

import os

c.JupyterHub.spawner_class = "outpostspawner.OutpostSpawner"
c.OutpostSpawner.request_url = os.environ["HUB_FUNCTIONS_URL"] + "/services"
c.OutpostSpawner.request_headers = {"Authorization": os.environ["HUB_FUNCTIONS_AUTHORIZATION"]}
# A start answers when the server runs, after `outpost.start_wait_seconds` of the function (40) at the latest.
c.OutpostSpawner.request_kwargs = {"connect_timeout": 10, "request_timeout": 60}
# The port of the description's Service, which the server listens on.
c.OutpostSpawner.custom_port = 8080


def custom_user_options(spawner, user_options):
    """`service` chooses the description, of this hub's credential only; `flavor` what the server may use, and how long."""
    defaults = {"service": "lab"}
    if "HUB_DEFAULT_FLAVOR" in os.environ:
        defaults["flavor"] = os.environ["HUB_DEFAULT_FLAVOR"]
    return {**defaults, **user_options}


c.OutpostSpawner.custom_user_options = custom_user_options
# The options go to the function as they are, which checks them.
c.Spawner.apply_user_options = lambda spawner, options: None

c.JupyterHub.hub_connect_url = os.environ.get("HUB_CONNECT_URL", "http://hub:8081")
c.JupyterHub.hub_ip = "0.0.0.0"
# From the answer to a start to the first answer of the server.
c.Spawner.http_timeout = 120
c.Spawner.start_timeout = 180
# Users see the progress page at once, not after ten seconds of nothing.
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0}

# In milliseconds. A gateway that restarts does not cost users their servers: only 404 means that a server is gone.
c.OutpostSpawner.custom_poll_interval = 30_000
c.OutpostSpawner.request_failed_poll_keep_running = True
c.OutpostSpawner.request_404_poll_keep_running = False
# Servers outlive a restart of the hub, which takes them up again.
c.JupyterHub.cleanup_servers = False
c.JupyterHub.allow_named_servers = True

# Yours to choose: who may log in (c.JupyterHub.authenticator_class), db_url, TLS, idle culler, network policies.
