"""The sample configuration on the embedded cluster, with the ports, the token and the patience of the test."""

import sys
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent))
from hub_settings import test_settings

load_subconfig(str(here.parent.parent.parent / "examples" / "jupyterhub" / "embedded.py"))
test_settings(c)
c.BackendSpawner.poll_interval = 1_000
