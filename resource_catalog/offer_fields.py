"""The field `offer`: which resource, in which variants, over which channels, in which words."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

from processors.commands import CHANNELS
from processors.playbooks.conditions import Definitions
from processors.playbooks.resources import Variant
from resource_catalog.condition_fields import read_conditions
from resource_catalog.problems import Block
from resource_catalog.wording_fields import Lines, read_lines

MATCHING = "matching"  # the resource that answers the question of the trigger
KNOW_A_QUESTION = ("asked", "asked_again", "asked_by_many", "help_requested", "helped")
VARIANT_BY = ("member.role", "member.region", "member.interests", "member.groups")
VARIANT_MARK = "--"  # between a resource's id and the role, region or interest that it is for
THEME = "theme/"
VARIANTS_MAX = 32
# What is never offered as the best of a theme: it has a place of its own.
NOT_BEST = ("helpline", "template")


class Shelf(NamedTuple):
    """The resources that there are: their themes and kinds by id."""

    themes: dict[str, str]
    kinds: dict[str, str]

    def missing(self, name: str) -> str:
        """Say that a resource is not there, with the nearest that is."""
        near = get_close_matches(name, (*self.themes, MATCHING), 1)
        return f"resource {name} is not in the catalog" + (f"; did you mean {near[0]}?" if near else "")


@dataclass(frozen=True)
class Offer:
    """What `offer` says."""

    resource: str = ""
    matching: bool = False
    best_of: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    channels: tuple[str, ...] = ()
    say: str = ""
    say_in: Lines = field(default_factory=dict)


def read_offer(
    offer: Block, when: Block | None, sources: tuple[str, ...], shelf: Shelf, definitions: Definitions
) -> Offer:
    """Read `offer`; problems are noted in the block."""
    offer.allow("resource", "otherwise", "best_of", "variants", "variant_by", "channels", "say")
    say, say_in = read_lines(offer, "say", sources)
    best_of = _best_of(offer, shelf)
    matching = offer.data.get("resource") == MATCHING
    if best_of and "resource" in offer.data:
        offer.problem("best_of", "best_of: expected either resource or best_of, not both")
    resource = "" if "best_of" in offer.data else _resource(offer)
    if matching and (when is None or when.data.get("signal") not in KNOW_A_QUESTION):
        offer.problem("resource", f"resource: {MATCHING} goes with one of the signals {', '.join(KNOW_A_QUESTION)}")
    if resource and resource not in shelf.themes:
        offer.problem("otherwise" if matching else "resource", shelf.missing(resource))
    variants = (*_variants(offer, sources, shelf, definitions), *_variant_by(offer, resource, shelf))
    return Offer(resource, matching, best_of, variants, _channels(offer), say, say_in)


def _resource(offer: Block) -> str:
    """Return the resource that is named; of those that match the question, what stands in where there is none."""
    name = offer.text("resource")
    if name == MATCHING:
        return offer.text("otherwise", "")
    if "otherwise" in offer.data:
        near = get_close_matches(name, (MATCHING,), 1)
        offer.problem(
            "otherwise",
            f"otherwise: goes with resource: {MATCHING} only" + (f"; did you mean {near[0]}?" if near else ""),
        )
    return name


def _best_of(offer: Block, shelf: Shelf) -> tuple[str, ...]:
    """Return the resources to choose from: those named, or all of `theme/<theme>`."""
    found: list[str] = []
    for name in offer.texts("best_of"):
        if not name.startswith(THEME):
            if name not in shelf.themes:
                offer.problem("best_of", shelf.missing(name))
            found.append(name)
            continue
        theme = name.removeprefix(THEME)
        of_theme = [
            one
            for one, its in shelf.themes.items()
            if its == theme and VARIANT_MARK not in one and shelf.kinds[one] not in NOT_BEST
        ]
        if not of_theme:
            near = get_close_matches(theme, sorted(set(shelf.themes.values())), 1)
            hint = f"; did you mean {THEME}{near[0]}?" if near else ""
            offer.problem("best_of", f"best_of: no resource has the theme {theme}{hint}")
        found += of_theme
    return tuple(dict.fromkeys(sorted(found)))


def _variants(offer: Block, sources: tuple[str, ...], shelf: Shelf, definitions: Definitions) -> list[Variant]:
    written = offer.data.get("variants", [])
    if not isinstance(written, list) or len(written) > VARIANTS_MAX:
        offer.problem("variants", f"variants: expected a list of at most {VARIANTS_MAX} variants")
        return []
    found = []
    for one in written:
        part = Block(offer.path, one, offer.problems, offer.offset, "variants")
        part.allow("if", "resource", "say")
        resource = part.text("resource", "")
        if resource and resource not in shelf.themes:
            part.problem("resource", shelf.missing(resource))
        text, lines = read_lines(part, "say", sources)
        if not resource and not text and not lines:
            part.problem(None, "variants: expected resource or say, or both")
        if "if" not in part.data:
            part.problem(None, "variants: expected if; the first variant whose condition holds is taken")
        conditions = read_conditions(part, definitions, sources)
        found.append(Variant(conditions, resource, lines or ({"en": {"plain": text}} if text else {})))
    return found


def _variant_by(offer: Block, resource: str, shelf: Shelf) -> list[Variant]:
    """Return a variant for each resource named `<id>--<value>` and each of the facts that may have that value."""
    found = []
    for path in offer.texts("variant_by"):
        if path not in VARIANT_BY:
            near = get_close_matches(path, VARIANT_BY, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            offer.problem("variant_by", f"variant_by: expected some of {', '.join(VARIANT_BY)}, found {path}{hint}")
        prefix = f"{resource}{VARIANT_MARK}"
        found += [
            Variant({path: {"named": one.removeprefix(prefix)}}, one)
            for one in sorted(shelf.themes)
            if one.startswith(prefix)
        ]
    if "variant_by" in offer.data and not found:
        offer.problem(
            "variant_by",
            f"variant_by: no resource is named {resource}{VARIANT_MARK}<role, region or interest>, so nothing varies",
        )
    return found


def _channels(offer: Block) -> tuple[str, ...]:
    channels = offer.texts("channels")
    for channel in channels:
        if channel not in CHANNELS:
            near = get_close_matches(channel, CHANNELS, 1)
            offer.problem(
                "channels",
                f"channels: expected {', '.join(CHANNELS)}, found {channel}"
                + (f"; did you mean {near[0]}?" if near else ""),
            )
    if not channels:
        offer.problem("channels", "channels: expected at least one")
    return channels
