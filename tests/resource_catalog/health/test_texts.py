"""Texts beside each other: the same twice, and languages in which one is missing."""

from pathlib import Path

from resource_catalog.health.texts import check, languages
from resource_catalog.loader import SHIPPED, load
from tests.support.catalogs import DAY, GUIDE, Content, content, told

PASSWORD = GUIDE.replace("A guide", "How do I change my password?").replace("It helps.", "In your profile.")
AGAIN = (
    GUIDE.replace("A guide", "Password").replace("It helps.", "Where it is.")
    + "answers: [How can I change my password?]\n"
)
INVOICE = GUIDE.replace("A guide", "Where do I find invoices?").replace("It helps.", "Under orders.")


def test_two_that_say_the_same_are_a_pair_told_once(tmp_path: Path) -> None:
    """By the words alone, or by what each would answer; another question is no duplicate."""
    found = content(tmp_path, password_en=PASSWORD, again_en=AGAIN, invoice_en=INVOICE, copy_en=INVOICE)
    duplicates = told(list(check(found)))
    assert [one.partition(" (")[0] for one in duplicates] == [
        "warning duplicate again: says the same as password",
        "warning duplicate copy: says the same as invoice",
    ]
    retired = content(tmp_path, again_en=AGAIN + "retired: true\n", copy_en=INVOICE + "retired: true\n")
    assert list(check(retired)) == []


def test_languages_are_expected_where_half_of_the_content_has_them(tmp_path: Path) -> None:
    """Or where a policy speaks it; `de-AT` is served by German."""
    one = content(tmp_path, password_en=PASSWORD, password_de=PASSWORD, invoice_en=INVOICE, stray_fr=GUIDE)
    assert languages(one) == ["en"]
    policy = '"*": {locale: en}\nwien: {locale: de-AT}\n'
    two = content(tmp_path, policy=policy)
    assert languages(two) == ["de-AT", "en"]
    assert told(list(check(two))) == [
        "warning missing-locale invoice: not in de-AT; members who read that get it in another language",
        "warning missing-locale stray: not in de-AT, en; members who read that get it in another language",
    ]


def test_the_shipped_content_is_whole_in_both_languages() -> None:
    """No duplicate, no language missing."""
    assert list(check(Content.of(load(SHIPPED), DAY))) == []
