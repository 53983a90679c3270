"""gunicorn's defaults for the portal; any option on the command line wins."""

import gc
import os
import sys

import gunicorn
from gunicorn.glogging import Logger

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # wherever it is started from

from webapp.adapters import argon2, logs, malloc
from webapp.adapters.metrics import folder as metrics_folder
from webapp.setting_values import is_loopback
from webapp.settings import SettingsError, port, processes


class Quiet(Logger):
    """gunicorn's own messages alone: the portal writes a line a request itself, without addresses
    (web/request_log.py). Otherwise gunicorn puts a line together and drops it."""

    access_log_enabled = False

    def setup(self, cfg):
        """`--log-level` holds for the portal's lines too."""
        logs.hold_to(cfg.loglevel)
        super().setup(cfg)


gunicorn.SERVER = ""  # strangers need not know, and each answer is shorter for it
try:
    bind, workers = f"127.0.0.1:{port(os.environ)}", processes(os.environ)
except SettingsError as fault:
    print(fault, file=sys.stderr)
    sys.exit(2)
worker_class = "webapp.adapters.draining_worker.DrainingWorker"  # gthread that loses nobody
threads = 8
preload_app = True  # loaded once, shared by all workers
os.environ["PORTAL_FORKS"], os.environ[argon2.PROCESSES] = "1", str(workers)
malloc.share_blocks()
gc.disable()  # what is loaded stays: nothing to look for until the workers are there
timeout = 30
graceful_timeout = 20
keepalive = 5
limit_request_line = 2048
limit_request_field_size = 8190
control_socket_disable = True
logconfig_dict, logger_class = logs.CONFIG, Quiet
if os.environ.get("METRICS_TOKEN"):
    metrics_folder.make()


def is_demo():
    """Whether this is the demonstration."""
    return os.environ.get("DEMO", "").lower() in ("1", "true", "yes")


def on_starting(server):
    """The demonstration serves this machine alone, on a port that nobody else has."""
    if not is_demo():
        return
    for address in server.cfg.address:
        if not isinstance(address, tuple):
            continue
        if not is_loopback(address[0]):
            message = "DEMO=1 must be bound to a loopback address, for example 127.0.0.1:8000"
            print(message, file=sys.stderr)
            sys.exit(2)
        from demo import free_port

        if free_port.is_taken(*address[:2]):
            print(free_port.advice(address[1]), file=sys.stderr)
            sys.exit(2)


def when_ready(server):
    """The demonstration's letters and addresses come last, once they are true."""
    if is_demo() and server.app.app_uri == "wsgi:app":
        from demo import letters

        listening = [each for each in server.cfg.address if isinstance(each, tuple)]
        letters.show(listening, os.environ.get("DESK_BESIDE", ""))


def pre_fork(server, worker):
    """What is loaded stays: a collection that looked at it in a worker would copy its pages."""
    gc.freeze()
    malloc.trim()


def post_worker_init(worker):
    """From now on there is something to collect, and what argon2 took is given back."""
    gc.enable()
    malloc.give_back_when_quiet()


def on_exit(server):
    """The counts end with the server."""
    metrics_folder.remove()
