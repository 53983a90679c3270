"""Addresses as people write them: `/connexion/`, `/ESPACE`. They lead to the page meant."""

from flask import current_app, request


def meant() -> str | None:
    """The page of ours whose address differs from the one asked for by capitals or a last slash
    alone, None where there is none. It is one of our routes, so that it leads to no other site;
    addresses that carry a key are left as they are."""
    if request.method not in ("GET", "HEAD"):
        return None
    near = request.path.rstrip("/").lower()
    known = any(
        rule.rule == near and "GET" in (rule.methods or ()) and not rule.arguments
        for rule in current_app.url_map.iter_rules()
    )
    return request.script_root + near if known and near != request.path else None
