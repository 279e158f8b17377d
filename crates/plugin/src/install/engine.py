"""Becomes raas-plugin, beside this Salt master. Written by `raas-plugin install`; settings are in master.d/raas.conf.

Salt runs start() in a process of its own. That process becomes the plugin, so Salt starts it again when it ends and ends
it with the master. The master's own options go along in an unnamed file, so that both agree on them.
"""

import json
import logging
import os

import salt.version

__virtualname__ = "raas"

log = logging.getLogger(__name__)

OPTIONS = (
    "id",
    "user",
    "root_dir",
    "pki_dir",
    "cachedir",
    "sock_dir",
    "interface",
    "ret_port",
    "publish_port",
    "transport",
    "ipc_mode",
    "tcp_master_pub_port",
    "cluster_id",
    "cluster_pki_dir",
    "extension_modules",
    "keys.cache_driver",
    "hash_type",
    "max_event_size",
    "log_file",
)


# For the C library: what is large goes back to the system as soon as it is done with, and threads share what is small. The
# plugin's most memory under load is 16 MiB so, and 20 without (bench ingest). Whoever sets these for Salt is heard.
MEMORY = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_ARENA_MAX": "1"}


def __virtual__():
    return __virtualname__


def start(plugin, config_dir):
    options = {key: __opts__[key] for key in OPTIONS if key in __opts__}
    options["__version__"] = str(salt.version.__version__)
    handle = os.memfd_create("raas-options")
    os.write(handle, json.dumps(options, default=str).encode())
    os.lseek(handle, 0, os.SEEK_SET)
    os.set_inheritable(handle, True)
    arguments = [plugin, "run", "--config-dir", config_dir, "--options-fd", str(handle)]
    try:
        os.execve(plugin, arguments, {**MEMORY, **os.environ})
    except OSError as error:
        os.close(handle)
        log.error("raas-plugin cannot be started as %s: %s; run raas-plugin install again", plugin, error)
        raise
