"""The sample configuration of the OutpostSpawner against the functions on Knative, with what the test sets."""

import sys
from pathlib import Path

here = Path(__file__).resolve().parent
examples = here.parent.parent.parent / "examples" / "jupyterhub"
sys.path[:0] = [str(here), str(here.parent), str(examples)]
from cluster_address import cluster_address
from embedded_platform import local_settings
from hub_settings import test_settings

load_subconfig(str(examples / "outpost_config.py"))
local_settings(c)


async def find_address(spawner, address):
    """The hub stands on the node, which knows no cluster DNS."""
    host, port = address.split(":")
    name, namespace, _ = host.split(".")
    return f"{await cluster_address(namespace, name)}:{port}"


c.OutpostSpawner.update_start_response = find_address
c.Spawner.ip = "0.0.0.0"
test_settings(c)
c.OutpostSpawner.custom_poll_interval = 1_000
