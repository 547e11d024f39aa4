"""The demo's history: made as said, without addresses and quotes, small, in time order."""

import gzip
import io
import re
import tarfile
from pathlib import Path

import orjson
import pytest

from resource_catalog.histories.convert import convert, main, own_words, pseudonym, pseudonyms, write
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


def test_the_words_keep_their_last_line_and_lose_the_name_under_them() -> None:
    """A short last line is the author's; a name, a nick apart from the words, and a closing are not."""
    assert own_words("It stops here,\nany ideas?\n\nCheers,\n\nAnn", {"ann"}) == "It stops here,\nany ideas?"
    assert own_words("Try the other cable.\n\nkq", set()) == "Try the other cable."


def test_what_others_wrote_goes_with_its_attribution() -> None:
    """Broken attribution lines, copied headers and mails forwarded below the author's words are dropped."""
    broken = "On Tue, Aug 20, 2002 at 10:00, Ann\nSmith of somewhere wrote :\n> an old line\n\nNew words."
    assert own_words(broken, set()) == "New words."
    assert (
        own_words("See below, please.\n\n-----Original Message-----\nFrom: Bo\nOld words", set())
        == "See below, please."
    )
    assert own_words("   Date: today\n   From: Bo Berg\n\n  | old\n\nNew words.", set()) == "New words."


def test_names_are_found_without_accents_and_in_lower_case() -> None:
    """People write each other's names as they like; common words that are in a display name stay."""
    assert own_words("Ask Zoë or bo berg about Linux tomorrow.", {"zoe", "bo berg"}) == (
        "Ask somebody or somebody about Linux tomorrow."
    )


def test_two_addresses_never_share_a_pseudonym() -> None:
    """Where two hashes agree, one takes the next number, whatever the order of the addresses."""
    seen: dict[str, str] = {}
    first, second = next(
        (seen[name], address)
        for address in (f"{number}@example.org" for number in range(100_000))
        if (name := pseudonym(address)) in seen or seen.update({name: address})
    )
    given = pseudonyms([second, first])
    assert len(set(given.values())) == 2
    assert given == pseudonyms([first.upper(), second])


def test_an_absurd_date_gives_way_to_the_time_of_receipt(tmp_path: Path) -> None:
    """A mail dated 1999 is taken at the time it was last received, in UTC; one without either is left out."""
    mail = MAIL.format(subject="A clock", name="one", more="", hour=1, text="Which day is it?").replace("2002", "1999")
    received = mail.replace("To:", "Received: by a server; Thu, 22 Aug 2002 12:34:53 +0100\nTo:").replace(
        "one@", "two@"
    )
    assert [one["ts"] for one in convert(package(tmp_path / "p.tgz", mail, received))] == ["2002-08-22T11:34:53Z"]


def test_the_same_package_gives_the_same_bytes(tmp_path: Path) -> None:
    """Nothing of the clock or the order of files is in the output."""
    mails = [MAIL.format(subject=f"S{n}", name=f"m{n}", more="", hour=n, text=f"Number {n}?") for n in range(3)]
    write(package(tmp_path / "a.tgz", *mails), tmp_path / "a.gz")
    write(package(tmp_path / "b.tgz", *reversed(mails)), tmp_path / "b.gz")
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


def test_too_many_arguments_are_answered_with_the_usage() -> None:
    """A wrong call says how it is right."""
    with pytest.raises(SystemExit, match="usage"):
        main(["a", "b", "c"])


def test_the_shipped_history_is_what_it_says() -> None:
    """About 1,550 messages by about 440 people, in time order, small, with no address in it."""
    raw = SHIPPED_HISTORY.read_bytes()
    messages = [orjson.loads(line) for line in gzip.decompress(raw).splitlines()]
    assert len(raw) < 2_000_000
    assert len(messages) > 1400
    assert len({one["author"] for one in messages}) > 350
    assert [one["ts"] for one in messages] == sorted(one["ts"] for one in messages)
    assert not any("@" in one["text"] for one in messages)
