"""The index finds exactly the members whom a scan of all would find, in order, from any place on."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from processors.member.index import MemberIndex, profile_of
from processors.member.state import MemberState, Pending, Sent, encode_state
from processors.vocabulary import Item

VALUES = st.lists(st.sampled_from(("a", "b", "c")), max_size=2, unique=True).map(tuple)
KEYS = st.sampled_from([f"{town}/{name}" for town in ("x", "y") for name in "klmn"])


@dataclass
class Profile:
    """What a member says of themselves."""

    interests: tuple[str, ...] = ()
    role: str = ""
    region: str = ""


@dataclass
class Model:
    """The same as the index, as a plain table."""

    members: dict[str, Profile] = field(default_factory=dict)

    def after(self, community: str, audience: Item, key: str, most: int) -> list[str]:
        """Scan all."""
        return sorted(name for name in self.members if name > key and self._fits(name, community, audience))[:most]

    def _fits(self, name: str, community: str, audience: Item) -> bool:
        profile = self.members[name]
        said = {"interests": profile.interests, "roles": (profile.role,), "regions": (profile.region,)}
        asked = {field: getattr(audience, field) for field in said if getattr(audience, field)}
        return name.startswith(f"{community}/") and all(set(asked[field]) & set(said[field]) for field in asked)


PROFILES = st.builds(Profile, VALUES, st.sampled_from(("", "a", "b")), st.sampled_from(("", "a")))


@given(
    st.lists(st.tuples(KEYS, PROFILES), max_size=20), st.lists(KEYS, max_size=3, unique=True),
    st.builds(Item, interests=VALUES, roles=VALUES, regions=VALUES), KEYS | st.just(""), st.integers(1, 4),
)  # fmt: skip
def test_it_finds_what_a_scan_finds(
    changes: list[tuple[str, Profile]], before: list[str], audience: Item, behind: str, most: int
) -> None:
    """Whatever profiles became meanwhile."""
    index = MemberIndex([key.encode() for key in before])
    model = Model({key: Profile() for key in before})
    for key, profile in changes:
        index.add(key.encode())
        index.profile(key.encode(), profile)
        model.members[key] = profile
    found = index.after("x", audience, behind.encode(), most)
    assert [key.decode() for key in found] == model.after("x", audience, behind, most)


@given(st.lists(st.text(min_size=1, max_size=4), unique=True))
def test_stored_keys_are_in_the_order_of_their_names(names: list[str]) -> None:
    """Of whatever script they are; a walk that was begun over names goes on over keys."""
    keys = [key for name in names if "/#" not in (key := f"x/{name}")]
    index = MemberIndex([key.encode() for key in keys])
    assert [key.decode() for key in index.after("x", Item(), b"", 99)] == sorted(keys)


def test_threads_are_no_members() -> None:
    """Addressees of another kind have states too, and are never told."""
    index = MemberIndex([b"x/#thread", b"x/ann"])
    index.add(b"x/#other")
    assert index.after("x", Item(), b"", 9) == [b"x/ann"]


def test_only_the_profile_is_read_from_a_stored_state() -> None:
    """Wherever its fields lie, and whatever else the state holds."""
    state = MemberState(interests=("fern", "moss"), role="guide", region="north", posts=7)
    state.sends = [Sent(1, "c", "p", "r", "t", "proactive")]
    state.pending = [Pending("p", "e", 1, 2, 0, "t", {"a": 1.5})]
    for one in (state, MemberState()):
        read = profile_of(encode_state(one))
        assert (read.interests, read.role, read.region) == (one.interests, one.role, one.region)
