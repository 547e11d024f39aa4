"""The generated schemas are those of the code, and hold for what the code writes."""

import msgspec
import orjson
import pytest
from jsonschema import Draft202012Validator

from streams.schemas import FOLDER, schemas, undented
from tests.support.stories import Story, catalog, event


def test_the_files_are_fresh() -> None:
    """Run python -m streams.schemas after changing a contract."""
    assert {path.name: path.read_bytes() for path in FOLDER.glob("*.json")} == schemas()


@pytest.mark.parametrize("name", sorted(schemas()))
def test_each_is_a_schema(name: str) -> None:
    """Draft 2020-12 accepts it."""
    Draft202012Validator.check_schema(orjson.loads(schemas()[name]))


def test_what_is_decided_fits_its_schema() -> None:
    """A real command and decision validate."""
    story = Story(catalog()).tell(event("post.created", 0, text="hello"))
    for name, value in (("command", story.commands[0]), ("decision", story.decisions[0])):
        Draft202012Validator(orjson.loads(schemas()[f"{name}.json"])).validate(orjson.loads(msgspec.json.encode(value)))


def test_descriptions_are_without_indentation() -> None:
    """The same on every Python; a property of that name is a property."""
    given = {
        "description": "One.\n\n    Two.",
        "properties": {"description": {"enum": [{"description": "A.\n    B."}]}},
    }
    assert undented(given) == {
        "description": "One.\n\nTwo.",
        "properties": {"description": {"enum": [{"description": "A.\nB."}]}},
    }
