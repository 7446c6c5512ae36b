"""The sample configuration against the functions on Knative, with what the test sets."""

import sys
from pathlib import Path

from backendspawner import EventBackendSpawner

here = Path(__file__).resolve().parent
examples = here.parent.parent.parent / "examples" / "jupyterhub"
sys.path[:0] = [str(here), str(here.parent), str(examples)]
from cluster_address import cluster_address
from embedded_platform import local_settings
from hub_settings import test_settings

load_subconfig(str(examples / "jupyterhub_config.py"))
local_settings(c)


class ClusterSpawner(EventBackendSpawner):
    """The hub stands on the node, which knows no cluster DNS."""

    async def start(self):
        address, port = await super().start()
        name, namespace, _ = address.split(".")
        return await cluster_address(namespace, name), port


c.JupyterHub.spawner_class = ClusterSpawner
c.Spawner.ip = "0.0.0.0"
test_settings(c)
c.BackendSpawner.poll_interval = 1_000
