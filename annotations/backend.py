"""The prediction server: Label Studio asks it for proposals and tells it of annotations.

python -m annotations.backend serve [--port 9090] [--retrain-after N]    runs until it is stopped
python -m annotations.backend connect [--title TITLE | --project NUMBER]  makes it known to the project

It listens on this machine alone, and to those alone who know its secret: NIANBAO_BACKEND_SECRET, or what lies in
.studio/backend.json (mode 600), made on first use. With --retrain-after N, every N annotations start
python -m annotations.pull and make retrain in the background.
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from annotations.setup import project_options
from annotations.studio.access import find_access
from annotations.studio.client import Studio
from annotations.studio.errors import StudioError
from annotations.studio.home import DEFAULT_HOME, Home
from annotations.studio.project import need_project
from annotations.studio.reviewed import REVIEWED
from extraction.errors import NianbaoError

PORT = 9090
SECRET = "NIANBAO_BACKEND_SECRET"
_SHORTEST = 16  # characters of a secret that somebody chose
_AT_ONCE = 32  # connections


def find_secret(home: Home = Home(), environment: Mapping[str, str] = os.environ) -> str:
    """What opens the prediction server. Raises StudioError for one that is too short or cannot be sent."""
    secret = environment.get(SECRET) or home.backend_secret()
    if len(secret) < _SHORTEST or not (secret.isascii() and secret.isprintable()) or " " in secret:
        raise StudioError(
            "backend.bad_secret", f"{SECRET} needs {_SHORTEST} or more ASCII characters without a space."
        )
    return secret


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises StudioError where that cannot be."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise StudioError(
            "backend.no_port",
            f"{host}:{port} cannot be listened on ({error.strerror}). Is the server running already? Choose another "
            "with --port, and connect with --url.",
        ) from error


def serve(chosen: argparse.Namespace) -> None:
    """Run the server until it is interrupted."""
    import logging

    import uvicorn

    from annotations.serving.app import make_app
    from annotations.serving.proposing import Proposer
    from annotations.serving.retraining import Plan, Retraining
    from extraction.narrative.shipped import shipped_model

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    model = shipped_model()
    if model is None:
        raise StudioError(
            "backend.no_model",
            "There is no model to propose with. Train one (make train, or make retrain), or name its folder in "
            "NIANBAO_MODEL.",
        )
    proposer = Proposer(model.folder)
    plan = Plan(
        after=chosen.retrain_after, arguments=chosen.retrain_arguments,
        reviewed=chosen.reviewed.absolute(), state=chosen.home.absolute() / "backend-count.json",
    )  # fmt: skip
    app = make_app(proposer, Retraining(plan), find_secret(Home(chosen.home)))
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, ws="none", lifespan="on",
        limit_concurrency=_AT_ONCE, timeout_keep_alive=5, timeout_graceful_shutdown=10,
    )  # fmt: skip
    with listen(chosen.host, chosen.port) as ear:
        host, port = ear.getsockname()[:2]
        if not ipaddress.ip_address(host).is_loopback:
            print("Others can reach it, and what they send is not encrypted: put a TLS proxy before it.")
        place = f"[{host}]" if ":" in host else host
        print(f"{proposer.version} answers at http://{place}:{port}", flush=True)
        print("Next, in another terminal: .venv/bin/python -m annotations.backend connect", flush=True)
        uvicorn.Server(config).run(sockets=[ear])


def connect(chosen: argparse.Namespace) -> None:
    """Make the server known to the project."""
    from annotations.serving.connecting import connect as connect_project

    with Studio(find_access()) as studio:
        project = need_project(studio, chosen.title, chosen.project)
        version = connect_project(studio, project, chosen.url, find_secret(Home(chosen.home)))
    print(f"project {project['id']} asks {chosen.url}, which answers with {version}")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of annotations")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m annotations.backend",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--home", type=Path, default=DEFAULT_HOME, help="folder of the secret (.studio)")
    commands = parser.add_subparsers(required=True, metavar="serve|connect")
    serving = commands.add_parser("serve", help="run the server")
    serving.add_argument("--host", default="127.0.0.1", help="an address of this machine (127.0.0.1)")
    serving.add_argument("--port", type=_port, default=PORT, help=f"({PORT})")
    serving.add_argument(
        "--retrain-after", type=_count, metavar="N", help="retrain after every N annotations (never)"
    )
    serving.add_argument("--retrain-arguments", default="", metavar="WORDS", help="of training.retrain")
    serving.add_argument("--reviewed", type=Path, default=REVIEWED, help="where annotations are pulled to")
    serving.set_defaults(run=serve)
    connecting = commands.add_parser("connect", help="make it known to a project")
    project_options(connecting)
    connecting.add_argument(
        "--url", default=f"http://127.0.0.1:{PORT}", help=f"of the server (http://127.0.0.1:{PORT})"
    )
    connecting.set_defaults(run=connect)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 0, or 2 with a message."""
    chosen = _parser().parse_args(arguments)
    try:
        chosen.run(chosen)
    except NianbaoError as error:
        print(f"backend: {error.message} [{error.code}]", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
