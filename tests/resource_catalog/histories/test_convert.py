"""The demo's history: made as said, without addresses and quotes, small, in time order."""

import gzip
import io
import re
import tarfile
from pathlib import Path

import orjson

from resource_catalog.histories.convert import convert, pseudonym
from resource_catalog.loader import SHIPPED

MAIL = """From: Ann Smith <ann@example.org>
To: ilug@linux.ie
Subject: [ILUG] {subject}
Message-ID: <{name}@example.org>
{more}Date: Thu, 22 Aug 2002 1{hour}:00:00 +0100

{text}

> an earlier line
Call 555 123 4567 or write to bob@example.org

Ann
--
Ann Smith
"""
SHIPPED_HISTORY = SHIPPED / "histories" / "mailing-lists-2002.jsonl.gz"


def package(path: Path, *mails: str) -> Path:
    """Write a package as npm gives it."""
    with tarfile.open(path, "w:gz") as archive:
        for number, mail in enumerate(mails):
            info = tarfile.TarInfo(f"package/data/easy-ham-1/{number:05d}.txt")
            info.size = len(mail.encode())
            archive.addfile(info, io.BytesIO(mail.encode()))
    return path


def test_mails_become_messages_of_pseudonyms(tmp_path: Path) -> None:
    """Threads are joined, addresses, numbers, names and quotes are gone; other mail is left out."""
    first = MAIL.format(subject="A printer", name="one", more="", hour=1, text="Does anyone have a printer?")
    reply = MAIL.format(
        subject="Re: A printer", name="two", more="In-Reply-To: <one@example.org>\n", hour=2, text="I do, says Smith."
    )
    other = first.replace("ilug@linux.ie", "friends@example.org").replace("one@", "three@")
    messages = convert(package(tmp_path / "p.tgz", reply, first, other))
    assert [one["thread"] for one in messages] == [messages[0]["id"]] * 2
    assert messages[0]["text"].startswith("A printer")
    assert messages[0]["author"] == pseudonym("ANN@example.org")
    text = " ".join(one["text"] for one in messages)
    assert not re.search(r"@|555|Smith|earlier|Ann", text)


def test_the_shipped_history_is_what_it_says() -> None:
    """About 1,550 messages by about 440 people, in time order, small, with no address in it."""
    raw = SHIPPED_HISTORY.read_bytes()
    messages = [orjson.loads(line) for line in gzip.decompress(raw).splitlines()]
    assert len(raw) < 2_000_000
    assert len(messages) > 1400
    assert len({one["author"] for one in messages}) > 350
    assert [one["ts"] for one in messages] == sorted(one["ts"] for one in messages)
    assert not any("@" in one["text"] for one in messages)
