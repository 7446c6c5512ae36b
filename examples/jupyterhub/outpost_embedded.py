"""The sample configuration of the OutpostSpawner on the embedded cluster of `npm start`, as embedded.py is for the other one.

jupyterhub -f examples/jupyterhub/outpost_embedded.py
"""

import os
import sys
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here))
from embedded_platform import authorization, local_settings, relay_address

os.environ.setdefault("HUB_CONNECT_URL", "http://127.0.0.1:8081")
os.environ["HUB_FUNCTIONS_AUTHORIZATION"] = authorization()
# The gateway has Outpost's paths below the function's name; `/services` itself leads to the Services of its cluster.
os.environ["HUB_FUNCTIONS_URL"] = os.environ.get("HUB_FUNCTIONS_URL", "http://127.0.0.1:8080") + "/function/services"

load_subconfig(str(here / "outpost_config.py"))


async def find_address(spawner, address):
    """What a real cluster's DNS would do."""
    host, port = address.split(":")
    name, namespace, _ = host.split(".")
    own_host, own_port = await relay_address(namespace, name, port)
    return f"{own_host}:{own_port}"


def listen_here(spawner, user_options, api_url):
    """OutpostSpawner lets servers listen on all addresses, which here are those of this machine."""
    return {"JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:8080{spawner.server.base_url}"}


c.OutpostSpawner.update_start_response = find_address
c.OutpostSpawner.custom_env = listen_here
local_settings(c)
