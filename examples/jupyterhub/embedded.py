"""The sample configuration on the embedded cluster of `npm start`: a hub on this machine, for this machine only.

jupyterhub -f examples/jupyterhub/embedded.py

Everyone may log in under any name, so it listens on 127.0.0.1. HUB_FUNCTIONS_STATE names the state folder of
`npm start` if it is not the one in this checkout, HUB_FUNCTIONS_URL its gateway if that has another port than 8080.
"""

import os
import sys
from pathlib import Path

from backendspawner import EventBackendSpawner

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here))
from embedded_platform import authorization, local_settings, relay_address

os.environ.setdefault("HUB_FUNCTIONS_URL", "http://127.0.0.1:8080")
os.environ.setdefault("HUB_CONNECT_URL", "http://127.0.0.1:8081")
os.environ["HUB_FUNCTIONS_AUTHORIZATION"] = authorization()

load_subconfig(str(here / "jupyterhub_config.py"))


class EmbeddedSpawner(EventBackendSpawner):
    """Finds the address that a real cluster's DNS would."""

    async def start(self):
        address, port = await super().start()
        name, namespace, _ = address.split(".")
        return await relay_address(namespace, name, port)


c.JupyterHub.spawner_class = EmbeddedSpawner
local_settings(c)
