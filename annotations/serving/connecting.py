"""The prediction server made known to a project: asked for predictions, told of annotations. Twice is once."""

from __future__ import annotations

from typing import Any

from annotations.serving.guard import USER
from annotations.studio.client import Studio
from annotations.studio.errors import StudioError

TITLE = "Nianbao"
_ACTIONS = ["ANNOTATION_CREATED", "ANNOTATIONS_CREATED"]

Record = dict[str, Any]


def connect(studio: Studio, project: Record, url: str, secret: str) -> str:
    """Connect the server at ``url`` with the project; the version of the model it announces.

    Raises StudioError where Label Studio cannot reach the server, or the server refuses its secret.
    """
    number, address = project["id"], url.rstrip("/")
    # The webhook goes first: with the connection Label Studio makes one by itself, without secret and for all events.
    webhook = {
        "url": f"{address}/webhook",
        "project": number,
        "send_payload": True,
        "send_for_all_actions": False,
        "actions": _ACTIONS,
        "headers": {"Authorization": f"Token {secret}"},
        "is_active": True,
    }
    _put(studio, "/api/webhooks/", number, webhook)
    backend = {
        "url": address,
        "project": number,
        "title": TITLE,
        "auth_method": "BASIC_AUTH",
        "basic_auth_user": USER,
        "basic_auth_pass": secret,
        "is_interactive": True,
        "timeout": 100,
    }
    try:
        connected = _put(studio, "/api/ml/", number, backend)
    except StudioError as error:
        raise StudioError(
            "backend.not_reached",
            f"Label Studio at {studio.access.url} cannot work with the prediction server at {address}: "
            f"{error.message} Start it (python -m annotations.backend serve) where Label Studio can reach it. A Label "
            "Studio that was not started by make studio calls no local address unless it is started with "
            "ML_BLOCK_LOCAL_IP=false and SSRF_PROTECTION_ENABLED=false.",
        ) from error
    return str(connected.get("model_version") or "")


def _put(studio: Studio, path: str, project: int, wanted: Record) -> Record:
    """Make the record, or bring the one with this address up to date; others with it are removed."""
    end = "/" if "webhooks" in path else ""
    query = {"project": project}
    same = [one["id"] for one in studio.call("GET", path, params=query) if one["url"] == wanted["url"]]
    for extra in same[1:]:
        studio.call("DELETE", f"{path}{extra}{end}")
    if same:
        studio.call("PATCH", f"{path}{same[0]}{end}", json=wanted)
        number = same[0]
    else:
        number = studio.call("POST", path, json=wanted)["id"]
    # The answers above are as things were before Label Studio asked the server.
    return next(one for one in studio.call("GET", path, params=query) if one["id"] == number)
