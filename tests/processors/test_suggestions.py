"""Suggestions: what waits for a person's yes, and what each answer makes of it."""

from tests.support.stories import Story, catalog, event, playbook

POST = event("post.created", 0, text="Good morning")


def test_a_suggestion_waits_for_a_person() -> None:
    """Sent as it is, in other words, or dropped; without an answer it is stale; an answer to nothing changes nothing."""
    suggest = playbook(maturity="suggest")

    def suggested(kind: str, **fields: object) -> Story:
        story = Story(catalog(suggest)).tell(POST)
        waits = story.decisions[-1]
        assert (str(waits.reason), bool(waits.command)) == ("suggestion_waits", True)
        story.tell(event(kind, 5, **{"command": waits.command, "author": "mod", **fields}))
        return story

    sent, edited = suggested("suggestion.sent"), suggested("suggestion.edited", text="Hello Ann")
    assert (sent.reasons[-1], sent.commands[0].text) == ("sent", "It helps.")
    assert sent.commands[0].id == sent.decisions[0].command
    assert (edited.reasons[-1], edited.commands[0].text) == ("sent", "Hello Ann")
    assert suggested("suggestion.dropped").wait(3 * 24 * 60).reasons == ["suggestion_waits", "suggestion_declined"]
    assert suggested("suggestion.sent", command="another").reasons == ["suggestion_waits"]
    assert Story(catalog(suggest)).tell(POST).wait(3 * 24 * 60).reasons == ["suggestion_waits", "event_stale"]


def test_what_a_person_approved_still_obeys_the_member() -> None:
    """An opt-out in the meantime counts more than the team's yes."""
    story = Story(catalog(playbook(maturity="suggest"))).tell(POST, event("preference.opted_out", 1, kind="all"))
    story.tell(event("suggestion.sent", 5, command=story.decisions[0].command, author="mod"))
    assert story.reasons == ["suggestion_waits", "opted_out"]
