"""What a hub on this machine knows about the platform of `npm start`: its folder, its credential, its addresses."""

import base64
import json
import os
import ssl
from pathlib import Path

import yaml
from tornado.httpclient import AsyncHTTPClient

checkout = Path(__file__).resolve().parent.parent.parent
state = Path(os.environ.get("HUB_FUNCTIONS_STATE", checkout / ".hub-functions")).resolve()


def authorization():
    credential = "jupyterhub:" + (state / "password").read_text().strip()
    return "Basic " + base64.b64encode(credential.encode()).decode()


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


def local_settings(c):
    """Everyone may log in under any name, so the hub listens on 127.0.0.1."""
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
