"""JupyterHub whose users' servers run on Kubernetes, started, watched and stopped by hub-functions.

The hub needs `pip install jupyterhub-backendspawner async_generator`, the second because the first imports it without
declaring it, and this in its environment:

HUB_FUNCTIONS_URL            where the function `services` answers, without a slash at the end
HUB_FUNCTIONS_AUTHORIZATION  `Token ...` or `Basic ...`, as `hubfn credentials add` prints it; best from a Secret
HUB_FUNCTIONS_NAMESPACE      namespace of the services, as the function has it in DEPLOYMENT_NAMESPACE
HUB_CONNECT_URL              where pods reach the hub
"""

import asyncio
import html
import json
import os
from datetime import datetime

from jupyterhub.spawner import SpawnException
from tornado.httpclient import HTTPRequest

functions_url = os.environ["HUB_FUNCTIONS_URL"]
authorization = os.environ["HUB_FUNCTIONS_AUTHORIZATION"]
namespace = os.environ.get("HUB_FUNCTIONS_NAMESPACE", "default")

# ---------------------------------------------------------------------------------------------------------------------
# What is asked: POST, GET and DELETE, all of them with the slash at the end.


def server_name(spawner):
    """Unique in this hub, short, and never empty, which the name of a user's default server is."""
    return f"server-{spawner.orm_spawner.id}"


def server_url(spawner):
    return f"{functions_url}/api/services/{server_name(spawner)}/"


def request_headers(spawner):
    return {
        "Authorization": authorization,
        "Content-Type": "application/json",
        # Names the server that a POST starts; elsewhere it is only logged.
        "uuidcode": server_name(spawner),
    }


def user_options(spawner):
    """`service` chooses the description, of this hub's credential only: users may send any options to the hub."""
    return {"service": "lab", **spawner.user_options}


def request_body(spawner):
    return {
        "env": {**spawner.get_env(), "JUPYTERHUB_USER_ID": spawner.user.id},
        "user_options": user_options(spawner),
        "start_id": spawner.start_id,
    }


c.JupyterHub.spawner_class = "backendspawner.EventBackendSpawner"
c.BackendSpawner.request_url_start = f"{functions_url}/api/services/"
c.BackendSpawner.request_url_poll = server_url
c.BackendSpawner.request_url_stop = server_url
c.BackendSpawner.request_headers_start = request_headers
c.BackendSpawner.request_headers_poll = request_headers
c.BackendSpawner.request_headers_stop = request_headers
c.BackendSpawner.request_body_start = request_body
# A start answers within a minute, a function's own start included. Certificates are not verified unless told so.
c.BackendSpawner.request_kwargs = {"connect_timeout": 10, "request_timeout": 60, "validate_cert": True}

# The options go to the function as they are, which checks them.
c.Spawner.apply_user_options = lambda spawner, options: None

# ---------------------------------------------------------------------------------------------------------------------
# Where servers and hub find each other.


def service_address(spawner):
    """The Service of the description: `svc-<id>`."""
    return f"svc-{server_name(spawner)}-{spawner.start_id}.{namespace}.svc"


c.BackendSpawner.service_address = service_address
c.BackendSpawner.custom_port = 8080
# Address in the pod that a server listens on; the port is the one above.
c.Spawner.ip = "0.0.0.0"
c.JupyterHub.hub_connect_url = os.environ.get("HUB_CONNECT_URL", "http://hub:8081")
c.JupyterHub.hub_ip = "0.0.0.0"

# ---------------------------------------------------------------------------------------------------------------------
# What users see while their server starts, and why it did not.


def event(summary, details="", **more):
    """A line of the progress page, in the form that backendspawner gives its own; `details` is HTML."""
    now = datetime.now().strftime("%Y_%m_%d %H:%M:%S.%f")[:-3]
    return {"html_message": f"<details><summary>{now}: {html.escape(summary)}</summary>{details}</details>", **more}


def start_failed(summary, details, reason):
    """What progress page, error page and API tell: the page takes it from the attributes, the others from the rest."""
    message = f"{html.escape(summary)}<br>{details}"
    error = SpawnException(summary, reason=reason, message_html=message, status_code=500)
    error.jupyterhub_message = summary
    error.jupyterhub_html_message = message
    return error


def start_refused(spawner, error):
    """The answer to a refused start is `{error, detailed_error}`, the second of them as HTML."""
    try:
        answer = json.loads(error.response.body)
        summary, details = f"{answer['error']}: {user_options(spawner)['service']}", answer["detailed_error"]
    except (AttributeError, KeyError, TypeError, ValueError):
        summary, details = "The server could not be started.", html.escape(str(error))
    raise start_failed(summary, details, "StartRefused") from error


async def follow_start(spawner, started):
    """Part of the start: tells each step, and fails with the reason as soon as it is known and final."""
    told = None
    while (state := await read_state(spawner))["status"]["phase"] != "running":
        message = state["status"]["message"]
        if not state["running"]:
            details = state["details"]["detailed_error"]
            spawner.latest_events.append(event(message, details, progress=100, failed=True))
            raise start_failed(message, details, state["status"]["reason"])
        if message != told:
            spawner.latest_events.append(event(message, progress=50))
            told = message
        await asyncio.sleep(2)


async def read_state(spawner):
    """GET of the service: `running`, `details` and `status {phase, reason, message}`; tried again when it fails."""
    request = HTTPRequest(server_url(spawner), headers=request_headers(spawner), **spawner.get_request_kwargs())
    while True:
        try:
            return await spawner.send_request(request, action="follow")
        except Exception as error:
            if getattr(error, "code", None) == 404:
                raise start_stopped(spawner) from error
            await asyncio.sleep(2)


def start_stopped(spawner):
    """Whoever stopped it may have told the hub why, as the function `status` does."""
    told = next((each for each in reversed(spawner.latest_events) if each.get("failed")), {})
    return start_failed(told.get("message") or "The server was stopped.", "", told.get("reason", "Stopped"))


async def let_page_read(spawner):
    """When the hub is told of a failure, the spawner cancels the start; a progress page looks for news each second."""
    if spawner._spawn_future and not spawner._spawn_future.done():
        await asyncio.sleep(2 * spawner.yield_wait_seconds)


c.BackendSpawner.failed_spawn_request_hook = start_refused
c.BackendSpawner.post_spawn_request_hook = follow_start
c.Spawner.post_stop_hook = let_page_read
# Longer than `status_policy.startTimeoutSeconds` of the function (600), which knows the reason when it gives up.
c.Spawner.start_timeout = 660
# From a running container to the first answer of the server in it.
c.Spawner.http_timeout = 60
# Users see the progress page at once, not after ten seconds of nothing.
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0}

# ---------------------------------------------------------------------------------------------------------------------
# How servers are watched.

# In milliseconds, whatever its help text says.
c.BackendSpawner.poll_interval = 30_000
# A gateway that restarts must not cost users their servers. This counts for 404, too; but a server that ended by itself
# is told as such for an hour, so the hub learns of it.
c.BackendSpawner.request_failed_poll_keep_running = True
# Servers outlive a restart of the hub, which takes them up again.
c.JupyterHub.cleanup_servers = False
c.JupyterHub.allow_named_servers = True

# Yours to choose: who may log in (c.JupyterHub.authenticator_class), db_url, TLS, idle culler, network policies.
