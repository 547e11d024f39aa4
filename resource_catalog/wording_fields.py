"""Texts in several languages, tones and forms of address: `say`, `because`, and the `tones` of a resource."""

import re
from typing import Any

from processors.playbooks.compiled_playbook import STARTS
from processors.playbooks.wording import KEYS
from resource_catalog.condition_fields import event_fields, signal_fields, told_near
from resource_catalog.problems import Block

LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
PLACE = re.compile(r"\{([^{}]*)\}")
TEXT_MAX = 400
Lines = dict[str, dict[str, str]]


def read_lines(block: Block, field: str, sources: tuple[str, ...] | None) -> tuple[str, Lines]:
    """Return (text without a language, lines by language and tone): a text, or one a language, or one a tone of a language."""
    value = block.data.get(field)
    if value is None:
        return "", {}
    if isinstance(value, str):
        check_text(block, field, value, sources)
        return block.text(field), {}
    part = block.block(field)
    assert part is not None, "the field is there"  # noqa: S101
    lines: Lines = {}
    for name, line in part.data.items():
        if not LANGUAGE.fullmatch(str(name)):
            part.problem(name, f"{field}: expected a language such as en or de, found {name}")
        elif isinstance(line, str):
            lines[str(name)] = {"plain": part.text(name)}
            check_text(part, name, line, sources)
        else:
            lines[str(name)] = read_tones(part, str(name), sources)
    return "", lines


def read_because(block: Block, sources: tuple[str, ...] | None) -> tuple[str, Lines]:
    """Return (reason without a language, or the first there is; reasons by language and tone)."""
    text, lines = read_lines(block, "because", sources)
    reasons = {language: next(iter(tones.values()), "") for language, tones in lines.items()}
    if not text and not reasons:
        block.problem(
            "because" if "because" in block.data else None, "because: missing; the member sees it as the reason"
        )
    return text or reasons.get("en") or next(iter(reasons.values()), ""), lines


def read_tones(block: Block, field: str, sources: tuple[str, ...] | None = None) -> dict[str, str]:
    """Return lines by key of processors.playbooks.wording: plain, warm, playful, informal, formal, warm-formal and the like."""
    part = block.block(field)
    if part is None:
        return {}
    part.allow(*KEYS)
    for name, line in part.data.items():
        if not isinstance(line, str):
            part.problem(name, f"{name}: expected a text")
        else:
            check_text(part, name, line, sources)
    return {str(name): line.strip() for name, line in part.data.items() if isinstance(line, str) and name in KEYS}


def check_text(block: Block, field: Any, text: str, sources: tuple[str, ...] | None) -> None:
    """Note a text that is too long, and a place in it for which there is no fact; `sources` None: it has no places."""
    if len(text.strip()) > TEXT_MAX:
        block.problem(field, f"{field}: at most {TEXT_MAX} characters, found {len(text.strip())}")
    if "{" in (left := PLACE.sub("", text)) or "}" in left:
        block.problem(field, f"{field}: a brace alone; a fact stands between one of each: {{community.name}}")
    for place in PLACE.findall(text):
        path, without, words = place.partition("|")
        scope = path.partition(".")[0]
        if without and (not words.strip() or "|" in words):
            block.problem(field, f"{field}: {{{place}}}: expected words after one |, for when there is no such fact")
        known = event_fields(sources or ())
        if scope == "signal" and sources is not None:
            told = signal_fields(sources)
            if path not in told:
                block.problem(field, f"{field}: no fact for {{{path}}}{told_near(path, told)}")
            continue
        if sources is None or (path not in ("channel.name", "community.name", STARTS) and path not in known):
            there = ", ".join(f"{{{one}}}" for one in ("channel.name", "community.name", *known))
            block.problem(
                field, f"{field}: no fact for {{{path}}}" + ("" if sources is None else f"; there are {there}")
            )
