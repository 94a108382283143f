"""Gunicorn's settings, for `make run` and for a server alike; the environment changes them.

One process with eight threads suits SQLite (one writer) and a laptop.  With PostgreSQL set
WEB_PROCESSES to the number of cores.
"""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from app.shared.logs import CONFIG  # noqa: E402 - found only now

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
worker_class = "app.web.serving.PatientWorker"  # gthread, but no thread for half a request
workers = int(os.environ.get("WEB_PROCESSES") or 1)
threads = int(os.environ.get("WEB_THREADS") or 8)

# A photo chunk over a weak village signal may take a minute; gthread's heartbeat goes on meanwhile.
timeout = 120
graceful_timeout = 25
keepalive = 5

# The heartbeat file must not sit on a disk that may stall (gunicorn FAQ, "blocking os.fchmod").
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

# No access log here: it would write whole addresses down.  The application has its own, which
# names routes and ids (app/web/request_log.py); what gunicorn says goes the same way.
accesslog = None
errorlog = "-"
logconfig_dict = CONFIG

# The longest address of ours has some hundred characters; cookies and a phone's headers are small.
# The application refuses more than 32 KiB of headers in all (app/web/edges.py).
limit_request_line = 4_094
limit_request_fields = 60
limit_request_field_size = 8_190

# Whoever begins a request and does not go on takes no thread and is closed after ten seconds
# (app/web/serving.py); so many may wait at once.  In front of the public stands a proxy that reads
# requests whole before it passes them on (docs/operations.md).
worker_connections = 1_000
backlog = 512

# Who speaks for a client is settled by LAKTHAN_TRUSTED_PROXIES alone, in the application.
forwarded_allow_ips = ""
forwarder_headers = ""

# Where /metrics is asked for, every process counts into a file of its own; who is asked adds up.
# A private folder of this start: what an earlier start counted is not counted again.
if os.environ.get("LAKTHAN_METRICS_TOKEN") or os.environ.get("LAKTHAN_METRICS_TOKEN_FILE"):
    _counts = tempfile.TemporaryDirectory(prefix="lakthan-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = _counts.name


def child_exit(_server, worker):
    """Forget the gauges of a process that is gone; what it counted stays."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


control_socket_disable = True  # it would write to the home folder
