"""The sample configuration on the embedded cluster of `npm start`: a hub on this machine, for this machine only.

jupyterhub -f examples/jupyterhub/embedded.py

Everyone may log in under any name, so it listens on 127.0.0.1. HUB_FUNCTIONS_STATE names the state folder of
`npm start` if it is not the one in this checkout, HUB_FUNCTIONS_URL its gateway if that has another port than 8080.
"""

import base64
import json
import os
import ssl
from pathlib import Path

import yaml
from backendspawner import EventBackendSpawner
from tornado.httpclient import AsyncHTTPClient

here = Path(__file__).resolve().parent
checkout = here.parent.parent
state = Path(os.environ.get("HUB_FUNCTIONS_STATE", checkout / ".hub-functions")).resolve()
credential = "jupyterhub:" + (state / "password").read_text().strip()

os.environ.setdefault("HUB_FUNCTIONS_URL", "http://127.0.0.1:8080")
os.environ.setdefault("HUB_CONNECT_URL", "http://127.0.0.1:8081")
os.environ["HUB_FUNCTIONS_AUTHORIZATION"] = "Basic " + base64.b64encode(credential.encode()).decode()

load_subconfig(str(here / "jupyterhub_config.py"))


async def relay_address(namespace, name, port):
    """Where a Service of the embedded cluster answers on this machine, which knows no cluster DNS."""
    kubeconfig = yaml.safe_load((state / "cluster" / "kubeconfig").read_text())
    cluster, user = kubeconfig["clusters"][0]["cluster"], kubeconfig["users"][0]["user"]
    authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
    answer = await AsyncHTTPClient().fetch(
        f"{cluster['server']}/api/v1/namespaces/{namespace}/services/{name}",
        headers={"Authorization": f"Bearer {user['token']}"},
        ssl_options=ssl.create_default_context(cadata=authority),
    )
    addresses = json.loads(answer.body)["metadata"]["annotations"]["embedded.hub-functions/address"]
    host, own_port = json.loads(addresses)[str(port)].split(":")
    return host, int(own_port)


class EmbeddedSpawner(EventBackendSpawner):
    """Finds the address that a real cluster's DNS would."""

    async def start(self):
        address, port = await super().start()
        name, namespace, _ = address.split(".")
        return await relay_address(namespace, name, port)


c.JupyterHub.spawner_class = EmbeddedSpawner
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.hub_ip = "127.0.0.1"
c.Spawner.ip = "127.0.0.1"
c.ConfigurableHTTPProxy.command = [str(checkout / "node_modules" / ".bin" / "configurable-http-proxy")]
# Gone with the cluster when `npm start` begins anew.
c.JupyterHub.db_url = f"sqlite:///{state / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(state / "jupyterhub_cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(state / "jupyterhub-proxy.pid")
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
