"""A Slack workspace on loopback: answers 200 also for failures, as Slack does, and keeps what people see."""

from typing import Any

from aiohttp import web

from tests.support.fake_platform import Asked, FakePlatform

TOKEN = "a-token-of-the-tests"


class FakeSlack(FakePlatform):
    """`members` are known users; `pins` what is pinned; a message of `seen` has channel, ts and what was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.members = {"U1", "U2"}
        self.pins: list[tuple[str, str]] = []

    async def authorised(self, asked: Asked) -> web.Response | None:
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _no("invalid_auth")
        if asked.method == "POST" and "application/json" not in asked.headers.get("Content-Type", ""):
            return _no("invalid_post_type")
        return None

    def busy(self) -> web.Response:
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})

    async def answer(self, asked: Asked) -> web.Response:
        body = asked.body if asked.method == "POST" else asked.query
        method = getattr(self, asked.path.strip("/").replace(".", "_").lower(), None)
        answer: web.Response = _no("unknown_method") if method is None else method(body)
        return answer

    def auth_test(self, _body: dict[str, Any]) -> web.Response:
        return _yes(user_id="U0BOT", team_id="T1")

    def conversations_open(self, body: dict[str, Any]) -> web.Response:
        user = body.get("users", "")
        return _yes(channel={"id": f"D{user}"}) if user in self.members else _no("user_not_found")

    def chat_postmessage(self, body: dict[str, Any]) -> web.Response:
        if not body.get("channel", "").startswith(("C", "D")):
            return _no("channel_not_found")
        if not body.get("text") and not body.get("blocks"):
            return _no("no_text")
        self.seen.append({**body, "ts": f"{1700000000 + len(self.seen)}.000100"})
        return _yes(channel=body["channel"], ts=self.seen[-1]["ts"])

    def chat_postephemeral(self, body: dict[str, Any]) -> web.Response:
        if body.get("user") not in self.members:
            return _no("user_not_in_channel")
        self.seen.append({**body, "ephemeral": True})
        return _yes(message_ts="1700000000.000100")

    def chat_delete(self, body: dict[str, Any]) -> web.Response:
        left = [one for one in self.seen if (one["channel"], one.get("ts")) != (body["channel"], body["ts"])]
        if len(left) == len(self.seen):
            return _no("message_not_found")
        self.seen = left
        return _yes()

    def pins_add(self, body: dict[str, Any]) -> web.Response:
        where = (body["channel"], body["timestamp"])
        if where in self.pins:
            return _no("already_pinned")
        self.pins.append(where)
        return _yes()

    def conversations_history(self, query: dict[str, Any]) -> web.Response:
        return self._page([one for one in self.seen if one["channel"] == query["channel"]], query)

    def conversations_replies(self, query: dict[str, Any]) -> web.Response:
        threads = [
            one for one in self.seen if (one["channel"], one.get("thread_ts")) == (query["channel"], query["ts"])
        ]
        return self._page(threads, query)

    def _page(self, messages: list[dict[str, Any]], query: dict[str, Any]) -> web.Response:
        begin, most = int(query.get("cursor") or 0), int(query.get("limit", 100))
        more = str(begin + most) if begin + most < len(messages) else ""
        shown = [
            {"ts": one.get("ts"), "metadata": one.get("metadata", {})} for one in messages[::-1][begin : begin + most]
        ]
        return _yes(messages=shown, has_more=bool(more), response_metadata={"next_cursor": more})


def _yes(**body: Any) -> web.Response:
    return web.json_response({"ok": True, **body})


def _no(error: str) -> web.Response:
    return web.json_response({"ok": False, "error": error})
