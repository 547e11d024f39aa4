"""Which words can follow the one that a phrase begins with: read off its pattern, so that nearly all texts need no pattern at all."""

import re

_ANY, _OVER = "\0", "\1"  # in a way that a pattern may go: any word, and the end of a word
_GROUP = re.compile(r"\((?:\?:|(\?[=!<]))?")
_LETTERS = re.compile(r"\[(\w+)\]")
_SET = re.compile(r"\[\^?\]?[^\]]*\]")
_TIMES = re.compile(r"(\?|\*|\{0)|(\+|\{)")
_NONE_OF_WORDS = re.compile(r"\[[^\w\\^-]+\]")
_ENOUGH = re.compile(rf"(?>'\w*|(?!'))[^\w{_ANY}]*(?:\w*{_ANY}|\w+[^\w{_ANY}])")
_FIRST = re.compile(rf"(?>'\w*|(?!'))[^\w'{_ANY}]+(\w+)[^\w{_ANY}]")
_ESCAPED = {"b": _OVER, "W": " ", "s": " "}


def follows(end: str) -> frozenset[str] | None:
    """Return the words that can stand next behind the first, where a pattern says how a phrase ends; None where it may be any.

    An apostrophe ends a word, as in "can't", and what is behind it is none. Of `re` it reads what phrases are written in.
    """
    ways, _ = _alternatives(end, 0)
    found = [_FIRST.match(way) for way in ways]
    return None if not all(found) else frozenset(one[1] for one in found if one)


def _alternatives(pattern: str, at: int) -> tuple[set[str], int]:
    """Return the beginnings of all that a pattern or a group may be, and where it ends."""
    whole: set[str] = set()
    ways = {""}
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            whole, ways, at = whole | ways, {""}, at + 1
            continue
        more, at = _one(pattern, at)
        times = _TIMES.match(pattern, at)
        if times:
            at = pattern.index("}", at) + 1 if times[0].endswith(("{", "{0")) else times.end()
            at += pattern[at : at + 1] == "?"  # as few as may be
        ways = {_begun(way + one) for way in ways for one in more} | (ways if times and times[1] else set())
    return whole | ways, at


def _one(pattern: str, at: int) -> tuple[set[str], int]:
    """Return what a letter, a set or a group may be, and where it ends; what only looks around is nothing."""
    group, several = _GROUP.match(pattern, at), _SET.match(pattern, at)
    if group:
        ways, end = _alternatives(pattern, group.end())
        return ({""} if group[1] else ways), end + 1
    if several:
        letters = _LETTERS.fullmatch(several[0])
        return set(letters[1]) if letters else {" " if _NONE_OF_WORDS.fullmatch(several[0]) else _ANY}, several.end()
    if pattern[at] == "\\":
        return {_ESCAPED.get(pattern[at + 1], _ANY)}, at + 2
    return {{".": _ANY, "$": _OVER, "^": ""}.get(pattern[at], pattern[at])}, at + 1


def _begun(way: str) -> str:
    """Return a way up to where its first word ends."""
    enough = _ENOUGH.match(way)
    return enough[0] if enough else way
