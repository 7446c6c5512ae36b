"""The sample configuration of the OutpostSpawner on the embedded cluster, with what the test sets."""

import sys
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent))
from hub_settings import test_settings

load_subconfig(str(here.parent.parent.parent / "examples" / "jupyterhub" / "outpost_embedded.py"))
test_settings(c)
c.OutpostSpawner.custom_poll_interval = 1_000
