"""Which channel a command goes out by: its medium, and where its member is known."""

from collections.abc import Sequence
from typing import Protocol


class Way(Protocol):
    """What routing asks of a channel."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def serves(self) -> frozenset[str]:
        """The media that it carries."""

    @property
    def platform(self) -> str:
        """The prefix of member ids that it knows by itself, "" for any."""


class Router:
    """The channels of a deployment, in the order of preference; all its processes have the same.

    Of the channels that serve a command's medium: the one of the platform that the member's id names
    (`town/slack:U1`: slack); else the first that is bound to no platform; else, for an id of no platform that is in use,
    the first, which then needs a noted address. For in_app the order of preference comes before the platform.
    """

    def __init__(self, ways: Sequence[Way]) -> None:
        self._ways = tuple(ways)

    @property
    def home(self) -> str:
        """The channel that ends what no channel takes, and records that are no commands."""
        return self._ways[0].name

    def way(self, member: str, medium: str) -> str | None:
        """Return the name of the channel, None where no channel takes it."""
        serving = [one for one in self._ways if medium in one.serves]
        platform = platform_of(member)
        own = [one for one in serving if one.platform and one.platform == platform]
        free = [one for one in serving if not one.platform]
        others = serving if platform not in {one.platform for one in self._ways} else []
        if (
            medium == "in_app"
        ):  # a place of its own, or a stand-in on the member's platform: the deployment's order decides
            own, free = [one for one in serving if one in own or one in free], []
        return next((one.name for one in (*own, *free, *others)), None)


def platform_of(member: str) -> str:
    """Return the prefix of a member's id `<community>/<platform>:<id>`, "" where it has none."""
    platform, mark, _ = member.partition("/")[2].partition(":")
    return platform if mark else ""
