"""What an editor may offer: fields and values that the schema and the catalog have."""

from pathlib import Path

from resource_catalog.completions import all_values, completions
from resource_catalog.layers import load_layered
from resource_catalog.playbook_file import FIELDS, LIMITS, MATURITIES
from tests.support.own_catalog import own_catalog


def test_fields_and_values_of_the_schema_and_of_the_catalog(tmp_path: Path) -> None:
    """By where they stand; what only this catalog has too."""
    bundle = load_layered(own_catalog(tmp_path)).bundle
    found = completions(bundle)
    assert set(found["fields"][""]) == set(FIELDS)
    assert set(found["fields"]["limits"]) == set(LIMITS)
    assert {"resource", "channels", "say"} <= set(found["fields"]["offer"])
    assert "member.posts" in found["fields"]["if"]
    assert {"by", "resource"} <= set(found["fields"]["expect"])
    assert set(found["values"]["maturity"]) == set(MATURITIES)
    assert "post.created" in found["values"]["event"]
    assert "true" in found["values"]["cheerful"]
    assert {one.id for one in bundle.resources} < set(found["values"]["resource"])
    assert "theme/welcome" in found["values"]["best_of"]
    assert all_values(found, "maturity", "maturity", "none") == sorted(MATURITIES)
