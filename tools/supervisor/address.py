"""Where the web server listens: HOST and PORT, checked before anything is started."""

import errno
import http.client
import os
import socket
from dataclasses import dataclass

from tools.setup.trouble import Trouble

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8000
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (only compared with)


@dataclass(frozen=True)
class Address:
    """A host and a port of this machine."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Return the address as a person opens it on this machine."""
        host = _ANYWHERE.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def status(self, path: str, timeout_s: float = 5) -> int | None:
        """Ask for `path`; return the HTTP status, None if nothing answers.  Uses no proxy."""
        host = _ANYWHERE.get(self.host, self.host)
        # nosemgrep: calls-an-address - our own server, whose address this is
        connection = http.client.HTTPConnection(host, self.port, timeout=timeout_s)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


def chosen_address() -> Address:
    """Read HOST and PORT from the environment.

    Raises:
        Trouble: PORT is not a port number.
    """
    host, port = os.environ.get("HOST") or DEFAULT_HOST, os.environ.get("PORT") or DEFAULT_PORT
    try:
        number = int(port)
    except ValueError:
        number = 0
    if not 0 < number < 65536:
        raise Trouble(f"PORT={port} is not a port number", "Choose one, as in: make run PORT=8001")
    return Address(host, number)


def check_free(address: Address) -> None:
    """Refuse an address that the web server would not get.

    Raises:
        Trouble: the port is in use, needs root, or the host is not this machine's.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
            probe.listen(1)
        except OSError as error:
            raise _refusal(address, error) from None


def _refusal(address: Address, error: OSError) -> Trouble:
    other = address.port + 1 if address.port >= 1024 else DEFAULT_PORT
    todo = f"Stop the other program, or choose another port: make run PORT={other}"
    if error.errno == errno.EADDRINUSE:
        thai = f"พอร์ต {address.port} มีโปรแกรมอื่นใช้อยู่: สั่ง make run PORT={other}"
        return Trouble(f"Port {address.port} is in use", todo, thai)
    if error.errno == errno.EACCES:
        todo = f"Choose a port above 1023: make run PORT={other}"
        return Trouble(f"Port {address.port} is reserved for the administrator", todo)
    todo = "Leave HOST out for this machine only, or use HOST=0.0.0.0 for the local network"
    return Trouble(f"HOST={address.host} is not an address of this machine", todo)
