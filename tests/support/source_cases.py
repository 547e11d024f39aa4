"""Small payloads of our own writing, one or more for each source and kind, with what they must give."""

from typing import Any

T = "2026-01-31T12:00:00.500Z"
AT = 1769860800.5
MS = 1769860800500
SLACK_AT = "1769860800.500000"
POST = {"id": 14, "user_id": 2, "username": "ann", "topic_id": 10, "post_number": 1, "raw": "How do I begin?", "created_at": T, "version": 1,
        "post_type": 1, "category_slug": "help", "topic_title": "Beginning", "topic_archetype": "regular", "hidden": False, "deleted_at": None}  # fmt: skip
HERE = {"channel": "help", "thread": "10"}
TOPIC = {
    "id": 10,
    "user_id": 2,
    "title": "Beginning",
    "category_id": 4,
    "created_at": T,
    "closed": False,
    "archetype": "regular",
}
USER = {"id": 5, "username": "bob", "email": "bob@example.org", "created_at": T, "locale": "de"}
REVIEW = {"id": 8, "type": "ReviewableFlaggedPost", "topic_id": 10, "post_id": 14, "created_by_id": 3, "target_created_by_id": 2, "status": 0,
          "category_id": 4, "created_at": T, "raw": "Buy now"}  # fmt: skip
FLAGGED = {"channel": "4", "thread": "10", "post": "14", "author": "town/discourse:2", "text": "Buy now"}
CHAT = {
    "message": {"id": 6, "message": "hello", "created_at": T, "user": {"id": 2}},
    "channel": {"slug": "lounge", "chatable_type": "Category"},
}


def discourse(event: str, kind: str, body: Any, *expected: Any) -> tuple[str, dict[str, str], Any, list[Any]]:
    """Return a case of a webhook with its headers."""
    return (
        "discourse",
        {"x-discourse-event-type": kind, "x-discourse-event": event, "x-discourse-event-id": "7"},
        {kind: body},
        list(expected),
    )


def slack(event: dict[str, Any], *expected: Any) -> tuple[str, dict[str, str], Any, list[Any]]:
    """Return a case of the Events API."""
    body = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event_time": 1769860800, "event": event}
    return "slack", {}, body, list(expected)


def plain(source: str, body: Any, *expected: Any) -> tuple[str, dict[str, str], Any, list[Any]]:
    """Return a case without headers."""
    return source, {}, body, list(expected)


MESSAGE = {
    "type": "message",
    "channel": "C1",
    "user": "U1",
    "text": "A &amp; B? <@U2> <https://x.example|here>",
    "ts": SLACK_AT,
}
SAID = {"channel": "C1", "thread": f"C1:{SLACK_AT}", "post": f"C1:{SLACK_AT}", "text": "A & B? @U2 here"}
PRESS = {"type": "block_actions", "user": {"id": "U1"}, "channel": {"id": "C1"}, "trigger_id": "1.2"}
AS = {
    "@context": "https://www.w3.org/ns/activitystreams",
    "id": "https://a.example/1",
    "actor": "https://a.example/ann",
    "published": T,
}
ANN = "town/activitystreams:https://a.example/ann"
NOTE = {"type": "Note", "id": "https://a.example/n", "content": "<p>Hello <b>all</b></p>"}
CLUB = {"type": "Group", "id": "https://a.example/g", "name": "Club"}
STATEMENT = {"id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee", "actor": {"mbox": "mailto:ann@example.org"}, "timestamp": T,
             "object": {"id": "https://x.example/course", "definition": {"name": {"de": "Kurs", "en": "Course"}}}}  # fmt: skip
LEARNER = "town/xapi:6168d27d1f76f1fd61099f4e24f911dbae8314dc"  # SHA-1 of mailto:ann@example.org
CHANGE = {"portalId": 1, "subscriptionId": 2, "objectId": 9, "occurredAt": MS, "eventId": 3}
CE = {"specversion": "1.0", "id": "e1", "source": "/site", "time": T, "type": "search.performed", "subject": "town/m1"}
CALL = {
    "mixpanel_cohort_id": "20",
    "mixpanel_cohort_name": "Quiet",
    "mixpanel_session_id": "s",
    "members": [{"mixpanel_distinct_id": "m1"}, {}],
}


def verb(name: str) -> dict[str, Any]:
    """Return a statement with this verb."""
    return {**STATEMENT, "verb": {"id": f"http://adlnet.gov/expapi/verbs/{name}"}}


def kit(kind: str, **data: Any) -> dict[str, Any]:
    """Return a delivery of one event."""
    return {
        "delivery_id": 1,
        "events": [{"id": "k1", "type": kind, "created": T, "data": {"subscriber": {"id": 4}, **data}}],
    }


def tracked(event: str, **properties: Any) -> dict[str, Any]:
    """Return a track call."""
    return {
        "type": "track",
        "event": event,
        "userId": "m1",
        "messageId": "g1",
        "timestamp": T,
        "properties": properties,
    }


CASES: list[Any] = [
    discourse("post_created", "post", POST, ("post.created", "town/discourse:2", AT, {**HERE, "post": "14", "text": "How do I begin?", "title": "Beginning"})),
    plain("discourse", {"post": {**POST, "id": "14"}}, ("post.created", "town/discourse:2", AT, {**HERE, "post": "14", "text": "How do I begin?", "title": "Beginning"})),
    discourse("post_created", "post", {**POST, "post_number": 2, "raw": '[quote="ann"]\nold\n[/quote]\nThis way', "reply_to_user": {"id": 3}},
              ("post.replied", "town/discourse:2", AT, {**HERE, "post": "14", "text": "> old\n\nThis way", "to": "town/discourse:3"})),
    discourse("post_created", "post", {**POST, "raw": None, "cooked": "<blockquote><p>old</p></blockquote><p>A &lt; B<br>c</p>", "topic_title": None},
              ("post.created", "town/discourse:2", AT, {**HERE, "post": "14", "text": "> old\n\nA < B\nc"})),
    discourse("post_edited", "post", {**POST, "version": 2, "updated_at": T}, ("post.edited", "town/discourse:2", AT, {**HERE, "post": "14", "text": "How do I begin?", "title": "Beginning"})),
    discourse("post_destroyed", "post", {**POST, "deleted_at": T}, ("post.deleted", "town/discourse:2", AT, {**HERE, "post": "14"})),
    discourse("topic_created", "topic", TOPIC, ("thread.opened", "town/discourse:2", AT, {"channel": "4", "thread": "10", "title": "Beginning"})),
    discourse("topic_closed_status_updated", "topic", {**TOPIC, "closed": True}, ("thread.changed", "town/discourse:2", None, {"channel": "4", "thread": "10", "title": "Beginning", "status": "closed"})),
    discourse("topic_closed_status_updated", "topic", TOPIC, ("thread.changed", "town/discourse:2", None, {"channel": "4", "thread": "10", "title": "Beginning", "status": "open"})),
    discourse("topic_destroyed", "topic", {**TOPIC, "deleted_at": T}, ("thread.changed", "town/discourse:2", AT, {"channel": "4", "thread": "10", "title": "Beginning", "status": "deleted"})),
    discourse("user_created", "user", USER, ("community.joined", "town/discourse:5", AT, {}), ("profile.changed", "town/discourse:5", AT, {"locale": "de"})),
    discourse("user_updated", "user", {**USER, "user_option": {"timezone": "europe/berlin"}, "watched_tags": ["ferns"], "location": "Kiel"},
              ("profile.changed", "town/discourse:5", None, {"locale": "de", "timezone": "Europe/Berlin", "interests": ["ferns"], "region": "Kiel"})),
    discourse("user_logged_in", "user", {**USER, "last_seen_at": T}, ("presence.seen", "town/discourse:5", AT, {})),
    discourse("user_destroyed", "user", USER, ("community.left", "town/discourse:5", None, {})),
    discourse("user_promoted", "user_promoted", {**USER, "trust_level": 2, "last_seen_at": T}, ("milestone.reached", "town/discourse:5", AT, {"name": "trust_level_2", "title": "Trust level 2"})),
    discourse("user_badge_granted", "user_badge", {"id": 1, "badge_id": 3, "user_id": 5, "granted_at": T}, ("milestone.reached", "town/discourse:5", AT, {"name": "badge_3"})),
    discourse("user_added_to_group", "group_user", {"id": 1, "group_id": 41, "user_id": 5, "created_at": T}, ("group.joined", "town/discourse:5", AT, {"name": "group_41"})),
    discourse("user_removed_from_group", "group_user", {"id": 1, "group_id": 41, "user_id": 5}, ("group.left", "town/discourse:5", None, {"name": "group_41"})),
    discourse("post_liked", "like", {"post": POST, "user": {"id": 5}}, ("reaction.added", "town/discourse:5", None, {**HERE, "post": "14", "reaction": "like"})),
    discourse("accepted_solution", "solved", POST, ("answer.accepted", "town/discourse:2", None, {**HERE, "by": "town/discourse:2"})),
    discourse("unaccepted_solution", "solved", POST, ("answer.unaccepted", "town/discourse:2", None, {**HERE, "by": "town/discourse:2"})),
    discourse("reviewable_created", "reviewable", REVIEW, ("content.flagged", "town/discourse:3", AT, FLAGGED)),
    discourse("reviewable_transitioned_to", "reviewable", {**REVIEW, "status": 1}, ("content.moderated", "town/discourse:2", None, FLAGGED)),
    discourse("chat_message_created", "chat_message", CHAT, ("post.created", "town/discourse:2", AT, {"channel": "lounge", "post": "chat_6", "text": "hello"})),
    discourse("chat_message_trashed", "chat_message", CHAT, ("post.deleted", "town/discourse:2", None, {"channel": "lounge", "post": "chat_6"})),
    discourse("topic_upvote", "topic_voting", {"topic_id": 10, "voter_id": 5}, ("reaction.added", "town/discourse:5", None, {"thread": "10", "reaction": "vote"})),
    slack(MESSAGE, ("post.created", "town/slack:U1", AT, SAID)),
    slack({**MESSAGE, "type": "app_mention"}, ("post.created", "town/slack:U1", AT, SAID)),
    slack({**MESSAGE, "thread_ts": "1769860000.000100", "parent_user_id": "U2"},
          ("post.replied", "town/slack:U1", AT, {**SAID, "thread": "C1:1769860000.000100", "to": "town/slack:U2"})),
    slack({"type": "message", "subtype": "message_changed", "channel": "C1", "message": {"user": "U1", "text": "b", "ts": "1.2", "edited": {"ts": SLACK_AT}}, "previous_message": {"text": "a"}},
          ("post.edited", "town/slack:U1", AT, {"channel": "C1", "thread": "C1:1.2", "post": "C1:1.2", "text": "b"})),
    slack({"type": "message", "subtype": "message_deleted", "channel": "C1", "deleted_ts": "1.2", "ts": SLACK_AT, "previous_message": {"user": "U1", "ts": "1.2"}},
          ("post.deleted", "town/slack:U1", AT, {"channel": "C1", "thread": "C1:1.2", "post": "C1:1.2"})),
    slack({"type": "team_join", "user": {"id": "U1", "tz": "Europe/Berlin", "locale": "de-DE"}},
          ("community.joined", "town/slack:U1", 1769860800.0, {}), ("profile.changed", "town/slack:U1", 1769860800.0, {"timezone": "Europe/Berlin", "locale": "de-DE"})),
    slack({"type": "user_change", "user": {"id": "U1", "deleted": True}, "event_ts": SLACK_AT}, ("community.left", "town/slack:U1", AT, {})),
    slack({"type": "member_joined_channel", "user": "U1", "channel": "C1", "event_ts": SLACK_AT}, ("channel.joined", "town/slack:U1", AT, {"channel": "C1"})),
    slack({"type": "member_left_channel", "user": "U1", "channel": "C1"}, ("channel.left", "town/slack:U1", 1769860800.0, {"channel": "C1"})),
    slack({"type": "reaction_added", "user": "U1", "reaction": "tada", "item": {"channel": "C1", "ts": "1.2"}, "event_ts": SLACK_AT}, ("reaction.added", "town/slack:U1", AT, {"channel": "C1", "post": "C1:1.2", "reaction": "tada"})),
    slack({"type": "reaction_removed", "user": "U1", "reaction": "tada", "item": {"channel": "C1", "ts": "1.2"}, "event_ts": SLACK_AT}, ("reaction.removed", "town/slack:U1", AT, {"channel": "C1", "post": "C1:1.2", "reaction": "tada"})),
    slack({"type": "app_home_opened", "user": "U1", "channel": "D1", "event_ts": SLACK_AT}, ("presence.seen", "town/slack:U1", AT, {"channel": "D1"})),
    slack({"type": "subteam_members_changed", "subteam_id": "S1", "added_users": ["U1"], "removed_users": ["U2"], "event_ts": SLACK_AT},
          ("group.joined", "town/slack:U1", AT, {"name": "S1"}), ("group.left", "town/slack:U2", AT, {"name": "S1"})),
    plain("slack", {"envelope_id": "x", "type": "events_api", "payload": {"type": "event_callback", "event": MESSAGE}}, ("post.created", "town/slack:U1", AT, SAID)),
    plain("slack", {**PRESS, "actions": [{"action_id": "a", "action_ts": SLACK_AT}]}, ("presence.seen", "town/slack:U1", AT, {"channel": "C1"})),
    plain("slack", {"payload": '{"type": "shortcut", "user": {"id": "U1"}, "action_ts": "1769860800.5"}'}, ("presence.seen", "town/slack:U1", AT, {})),
    ("slack", {"x-slack-request-timestamp": "1769860800"}, {"command": "/lotse", "text": "reset password", "user_id": "U1", "channel_id": "C1", "trigger_id": "1"},
     [("help.requested", "town/slack:U1", 1769860800.0, {"channel": "C1", "text": "reset password"})]),
    plain("slack", {"command": "/lotse", "text": "stop", "user_id": "U1", "trigger_id": "1"}, ("preference.opted_out", "town/slack:U1", None, {})),
    plain("circle", {"event": "Member joined community", "id": 3, "member": {"id": 8}, "created_at": T}, ("community.joined", "town/circle:8", AT, {})),
    plain("circle", {"event": "new_post", "data": {"id": 3, "name": "Hello", "body": "<p>I am new</p>", "space": {"slug": "start"}, "user_id": 8, "created_at": T}},
          ("post.created", "town/circle:8", AT, {"channel": "start", "thread": "3", "post": "3", "title": "Hello", "text": "I am new"})),
    plain("circle", {"event": "comment.created", "id": 4, "post_id": 3, "body": "Welcome", "user_id": 9, "created_at": T}, ("post.replied", "town/circle:9", AT, {"thread": "3", "post": "comment_4", "text": "Welcome"})),
    plain("circle", {"event": "space_member_created", "id": 5, "user_id": 9, "space_slug": "start", "created_at": T}, ("channel.joined", "town/circle:9", AT, {"channel": "start"})),
    plain("circle", {"event": "course_completed", "id": 6, "user_id": 9, "course": {"id": 2, "name": "Basics"}}, ("task.completed", "town/circle:9", None, {"name": "2", "title": "Basics"})),
    plain("circle", {"event": "Post created", "post": {"id": 3, "name": "Hello", "space_id": 5, "user_id": 8, "published_at": "2026-01-31 12:00:00 UTC",
                     "tiptap_body": {"body": {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "I am "}, {"type": "text", "text": "new"}]}, {"type": "paragraph"}]}}}},
          ("post.created", "town/circle:8", 1769860800.0, {"channel": "5", "thread": "3", "post": "3", "title": "Hello", "text": "I am new"})),
    plain("circle", {"event": "comment_created", "data": {"comment": {"id": 4, "body": {"body": "<p>Welcome</p>"}, "user": {"id": 9}, "created_at": T}, "post": {"id": 3, "space": {"slug": "start"}}}},
          ("post.replied", "town/circle:9", AT, {"channel": "start", "thread": "3", "post": "comment_4", "text": "Welcome"})),
    plain("zapier", {"type": "event.registered", "member": "m1", "id": "z1", "time": T, "name": "meetup", "starts": T}, ("event.registered", "town/m1", AT, {"name": "meetup", "starts": AT})),
    plain("zapier", {"type": "post.replied", "member": 17, "timestamp": MS, "data": {"text": "yes", "to": "m2", "thread": 5}}, ("post.replied", "town/17", AT, {"text": "yes", "to": "town/m2", "thread": "5"})),
    plain("zapier", {"type": "feature.announced", "id": "z2", "time": T, "name": "search"}, ("feature.announced", "town", AT, {"name": "search"})),
    plain("hubspot", [{**CHANGE, "subscriptionType": "contact.propertyChange", "propertyName": "hs_timezone", "propertyValue": "europe_slash_berlin"},
                      {**CHANGE, "eventType": "contact.creation"}, {**CHANGE, "subscriptionType": "contact.privacyDeletion"},
                      {**CHANGE, "subscriptionType": "contact.propertyChange", "propertyName": "hs_email_optout", "propertyValue": "true"}],
          ("profile.changed", "town/hubspot:9", AT, {"timezone": "Europe/Berlin"}), ("community.joined", "town/hubspot:9", AT, {}),
          ("consent.withdrawn", "town/hubspot:9", AT, {}), ("community.left", "town/hubspot:9", AT, {}), ("preference.opted_out", "town/hubspot:9", AT, {})),
    plain("hubspot", {"vid": 9, "properties": {"jobtitle": {"value": "Gardener"}, "lastmodifieddate": {"value": str(MS)}}}, ("profile.changed", "town/hubspot:9", AT, {"role": "Gardener"})),
    plain("kit", kit("subscriber.created"), ("community.joined", "town/kit:4", AT, {})),
    plain("kit", kit("subscriber.unsubscribed"), ("preference.opted_out", "town/kit:4", AT, {})),
    plain("kit", kit("subscriber.tag_added", tag={"id": 3, "name": "Ferns"}), ("group.joined", "town/kit:4", AT, {"name": "tag_3", "title": "Ferns"})),
    plain("kit", kit("subscriber.sequence_completed", sequence={"id": 2}), ("task.completed", "town/kit:4", AT, {"name": "sequence_2"})),
    plain("kit", {"subscriber": {"id": 4, "state": "active", "created_at": T}}, ("community.joined", "town/kit:4", AT, {})),
    plain("kit", {"subscriber": {"id": 4, "state": "cancelled", "created_at": T}}, ("preference.opted_out", "town/kit:4", None, {})),
    plain("mixpanel", {"action": "add_members", "parameters": CALL}, ("group.joined", "town/m1", None, {"name": "cohort_20", "title": "Quiet"})),
    plain("mixpanel", {"action": "remove_members", "parameters": CALL}, ("group.left", "town/m1", None, {"name": "cohort_20", "title": "Quiet"})),
    plain("mixpanel", {"event": "Sign Up", "properties": {"distinct_id": "m1", "time": MS // 1000, "$insert_id": "i"}}, ("community.joined", "town/m1", 1769860800.0, {})),
    plain("ga4", {"event_name": "search", "event_timestamp": str(MS * 1000), "user_id": "m1", "event_params": [{"key": "search_term", "value": {"string_value": "moss", "int_value": None}}]},
          ("search.performed", "town/m1", AT, {"query": "moss"})),
    plain("ga4", {"client_id": "1.2", "timestamp_micros": MS * 1000, "events": [{"name": "page_view"}, {"name": "export_used"}]},
          ("presence.seen", "town/anonymous:1.2", AT, {}), ("feature.used", "town/anonymous:1.2", AT, {"name": "export_used"})),
    plain("segment", tracked("Products Searched", query="moss", results=0), ("search.performed", "town/m1", AT, {"query": "moss", "results": 0})),
    plain("segment", tracked("linkClicked", url="https://x.example/a"), ("link.clicked", "town/m1", AT, {"url": "https://x.example/a"})),
    plain("segment", {"batch": [{"type": "identify", "userId": "m1", "messageId": "i", "timestamp": T, "traits": {"address": {"country": "DE"}, "birthday": "1990-05-01"}, "context": {"locale": "de-DE"}},
                                {"type": "group", "anonymousId": "q", "groupId": "g", "messageId": "j", "timestamp": T, "traits": {"name": "Club"}}]},
          ("profile.changed", "town/m1", AT, {"region": "DE", "birth_year": 1990, "locale": "de-DE"}), ("group.joined", "town/anonymous:q", AT, {"name": "g", "title": "Club"})),
    plain("cloudevents", {**CE, "data": {"query": "moss", "results": 3, "extra": 1}}, ("search.performed", "town/m1", AT, {"query": "moss", "results": 3})),
    plain("cloudevents", {**CE, "subject": "m1", "data_base64": "eyJxdWVyeSI6ICJtb3NzIn0="}, ("search.performed", "town/m1", AT, {"query": "moss"})),
    plain("cloudevents", {**CE, "type": "event.announced", "subject": "town", "data": {"name": "meetup"}}, ("event.announced", "town", AT, {"name": "meetup"})),
    plain("activitystreams", {**AS, "type": "Create", "object": NOTE}, ("post.created", ANN, AT, {"post": "https://a.example/n", "text": "Hello all"})),
    plain("activitystreams", {**AS, "type": "Create", "object": {**NOTE, "inReplyTo": "https://a.example/q"}}, ("post.replied", ANN, AT, {"post": "https://a.example/n", "text": "Hello all", "thread": "https://a.example/q"})),
    plain("activitystreams", {**AS, "type": "Like", "object": NOTE}, ("reaction.added", ANN, AT, {"post": "https://a.example/n", "reaction": "like"})),
    plain("activitystreams", {**AS, "type": "Undo", "object": {"type": "Like", "object": NOTE}}, ("reaction.removed", ANN, AT, {"post": "https://a.example/n", "reaction": "like"})),
    plain("activitystreams", {**AS, "type": ["Join"], "object": CLUB}, ("channel.joined", ANN, AT, {"channel": "Club"})),
    plain("activitystreams", {**AS, "type": "Leave", "actor": [{"name": "Ann"}, {"id": "b"}], "object": CLUB}, ("channel.left", "town/activitystreams:~Ann", AT, {"channel": "Club"}), ("channel.left", "town/activitystreams:b", AT, {"channel": "Club"})),
    plain("activitystreams", {**AS, "type": "Accept", "object": {"type": "Event", "id": "https://a.example/e", "name": "Walk"}}, ("event.registered", ANN, AT, {"name": "https://a.example/e", "title": "Walk"})),
    plain("activitystreams", {**AS, "type": "Flag", "object": {**NOTE, "attributedTo": "b"}}, ("content.flagged", ANN, AT, {"post": "https://a.example/n", "author": "town/activitystreams:b", "text": "Hello all"})),
    plain("xapi", {**verb("attempted"), "result": {"completion": True}}, ("task.completed", LEARNER, AT, {"name": "https://x.example/course", "title": "Course"})),
    plain("xapi", verb("completed"), ("task.completed", LEARNER, AT, {"name": "https://x.example/course", "title": "Course"})),
    plain("xapi", {"statements": [{**verb("commented"), "result": {"response": "Nice"}}]}, ("post.replied", LEARNER, AT, {"thread": "https://x.example/course", "text": "Nice"})),
    plain("xapi", {**verb("attended"), "actor": {"objectType": "Group", "member": [{"account": {"homePage": "https://x.example", "name": "17"}}, {"openid": "https://o.example/1"}]}},
          ("event.attended", "town/xapi:17@https://x.example", AT, {"name": "https://x.example/course", "title": "Course"}),
          ("event.attended", "town/xapi:https://o.example/1", AT, {"name": "https://x.example/course", "title": "Course"})),
]  # fmt: skip

IGNORED: list[Any] = [
    ("discourse", {}, {"ping": "OK"}, "a ping"),
    ("discourse", {}, {"post": {**POST, "topic_archetype": "private_message"}}, "private"),
    ("discourse", {}, {"post": {**POST, "user_id": -1}}, "own account"),
    ("discourse", {}, {"post": {**POST, "post_type": 4}}, "whisper"),
    ("discourse", {"x-discourse-event": "post_recovered"}, {"post": POST}, "post_recovered"),
    ("discourse", {"x-discourse-event-type": "category"}, {"category": {"id": 1}}, "type category"),
    ("discourse", {"x-discourse-event": "user_suspended"}, {"user": USER}, "user_suspended"),
    ("discourse", {}, {"chat_message": {**CHAT, "channel": {"chatable_type": "DirectMessage"}}}, "direct message"),
    ("slack", {}, {"type": "url_verification", "challenge": "c"}, "challenge"),
    ("slack", {}, {"type": "event_callback", "event": {**MESSAGE, "bot_id": "B1"}}, "bot"),
    ("slack", {}, {"type": "event_callback", "event": {**MESSAGE, "channel_type": "im"}}, "direct message"),
    ("slack", {}, {"type": "event_callback", "event": {**MESSAGE, "subtype": "channel_topic"}}, "channel_topic"),
    ("slack", {}, {"type": "event_callback", "event": {"type": "tokens_revoked"}}, "about the app"),
    ("slack", {}, {"type": "event_callback", "event": {"type": "emoji_changed"}}, "emoji_changed"),
    ("slack", {}, {"type": "hello"}, "connection"),
    ("slack", {}, {**PRESS, "actions": [{"action_id": "lotse:open"}]}, "no signed token"),
    ("circle", {}, {"records": [], "page": 1}, "Admin API"),
    ("circle", {}, {"event": "Invoice paid"}, "mapping file"),
    ("zapier", {}, {"hello": 1}, "mapping file"),
    ("hubspot", {}, {**CHANGE, "subscriptionType": "deal.creation"}, "not about a contact"),
    ("hubspot", {}, {**CHANGE, "subscriptionType": "contact.propertyChange", "propertyName": "hs_email_optout", "propertyValue": "false"}, "hs_email_optout"),
    ("hubspot", {}, {"subscriptionType": "contact.merge", "primaryObjectId": 5, "mergedObjectIds": [6], "newObjectId": 7, "occurredAt": MS}, "identity table"),
    ("hubspot", {}, {"subscriptionType": "contact.associationChange", "fromObjectId": 5, "occurredAt": MS}, "says nothing"),
    ("kit", {}, kit("subscriber.bounced"), "bounced"),
    ("kit", {}, {"id": 1, "transaction_id": "x"}, "purchase"),
    ("mixpanel", {}, {"action": "rename", "parameters": {}}, "rename"),
    ("ga4", {}, {"event_name": "resource_delivered", "user_id": "m1"}, "Lotse itself"),
    ("ga4", {}, {"validationMessages": []}, "neither"),
    ("segment", {}, {"type": "alias", "userId": "a"}, "alias"),
    ("segment", {}, {"type": "page"}, "no member"),
    ("cloudevents", {}, {**CE, "type": "com.example.x"}, "outside the vocabulary"),
    ("cloudevents", {}, {"title": "a schema"}, "no CloudEvent"),
    ("activitystreams", {}, {**AS, "type": "Create", "object": NOTE, "to": ["https://b.example/bob"]}, "public"),
    ("activitystreams", {}, {**AS, "type": "Leave", "object": {"type": "Place"}}, "no group"),
    ("activitystreams", {}, NOTE, "type Note"),
    ("xapi", {}, verb("voided"), "voided"),
    ("xapi", {}, {"mbox": "mailto:a@example.org"}, "no statement"),
]  # fmt: skip

INVALID: list[Any] = [
    *((source, 7, "expected a JSON object, found a number") for source in ("discourse", "slack", "xapi")),
    ("discourse", {"post": {"user_id": 2}}, "post.id: expected an id, found nothing"),
    ("discourse", {"like": {"post": {"id": 1}}}, "like.user.id"),
    ("slack", {"type": "event_callback", "event": 3}, "event: expected an object"),
    ("slack", {"payload": "{"}, "payload: no JSON"),
    ("hubspot", [{"subscriptionType": "contact.creation"}, {"subscriptionType": "contact.creation"}], "[0]: objectId"),
    ("kit", {"events": [{"type": "subscriber.created", "data": {}}]}, "events[0]: data.subscriber.id"),
    ("mixpanel", {"action": "members", "parameters": {}}, "parameters.mixpanel_cohort_id"),
    ("ga4", {"client_id": "1", "events": [{"name": "_bad"}]}, "events[0]: name: expected a letter"),
    ("segment", {"type": "track", "userId": "a"}, "event: expected a name"),
    ("cloudevents", {"specversion": "0.3"}, "specversion: expected 1.0"),
    ("cloudevents", {**CE, "id": ""}, "id: expected a text"),
    ("cloudevents", {**CE, "time": "2026-01-01T00:00:00"}, "time: expected RFC 3339 with a zone"),
    ("cloudevents", {**CE, "subject": "city/m1"}, "another community"),
    ("cloudevents", {**CE, "data": {"results": "many"}}, "data: Expected"),
    ("cloudevents", {**CE, "type": "outcome.seen"}, "only the deployment itself"),
    ("zapier", {"type": "tick", "member": "a"}, "only the deployment itself"),
    ("zapier", {"type": "absence.announced", "member": "a"}, "needs until"),
    ("xapi", {**STATEMENT}, "verb: expected"),
    ("xapi", {**verb("completed"), "actor": {"name": "Ann"}}, "actor: expected one of mbox"),
]  # fmt: skip
