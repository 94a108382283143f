"""Gunicorn's settings, for `make run` and for a server alike; the environment changes them.

One process with eight threads suits SQLite (one writer) and a laptop.  With PostgreSQL set
WEB_PROCESSES to the number of cores.
"""

import os
from pathlib import Path

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES") or 1)
threads = int(os.environ.get("WEB_THREADS") or 8)

# A photo chunk over a weak village signal may take a minute; gthread's heartbeat goes on meanwhile.
timeout = 120
graceful_timeout = 25
keepalive = 5

# The heartbeat file must not sit on a disk that may stall (gunicorn FAQ, "blocking os.fchmod").
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

# No access log here: the application writes its own, without personal data.
accesslog = None
errorlog = "-"

control_socket_disable = True  # it would write to the home folder
