"""Where a Service of the cluster answers: this machine is its node, but does not know its DNS."""

import asyncio


async def cluster_address(namespace, name):
    process = await asyncio.create_subprocess_exec(
        *["kubectl", "--namespace", namespace, "get", "service", name, "--output", "jsonpath={.spec.clusterIP}"],
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"kubectl does not know the address of {name}")
    return output.decode()
