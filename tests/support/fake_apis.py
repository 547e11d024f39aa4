"""HubSpot, Kit and Circle on loopback: keys, limits and answers as they document them."""

from typing import Any

from aiohttp import web

from tests.support.fake_platform import Asked, FakePlatform

SECRET = "a key of the tests"


class FakeHubspot(FakePlatform):
    """Sends once for each sendId, takes an event once for each uuid, keeps properties by address."""

    def __init__(self) -> None:
        super().__init__()
        self.results: list[str] = []
        self.contacts: dict[str, dict[str, Any]] = {}

    async def authorised(self, asked: Asked) -> web.Response | None:
        valid = asked.headers.get("Authorization") == f"Bearer {SECRET}"
        return (
            None if valid else web.json_response({"status": "error", "category": "INVALID_AUTHENTICATION"}, status=401)
        )

    def busy(self) -> web.Response:
        return web.json_response(
            {"status": "error", "errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"}, status=429
        )

    async def answer(self, asked: Asked) -> web.Response:
        body = asked.body
        if asked.path == "/integrations/v1/me":
            return web.json_response({"portalId": 1})
        if asked.path.endswith("/single-send"):
            known = body["message"]["sendId"] in {one["message"]["sendId"] for one in self.seen}
            result = self.results.pop(0) if self.results else "IDEMPOTENT_IGNORE" if known else "SENT"
            if result == "SENT":
                self.seen.append(body)
            return web.json_response({"statusId": "1", "status": "COMPLETE", "sendResult": result})
        if asked.path.endswith("/events/v3/send"):
            if body["uuid"] not in {one["uuid"] for one in self.seen}:
                self.seen.append(body)
            return web.Response(status=204)
        for one in body["inputs"]:
            self.contacts.setdefault(one["id"], {}).update(one["properties"])
        return web.json_response({"status": "COMPLETE", "results": []})


class FakeKit(FakePlatform):
    """Keeps subscribers and what they were tagged with or added to; its 429 is plain text without a time."""

    def __init__(self) -> None:
        super().__init__()
        self.subscribers: set[str] = set()

    async def authorised(self, asked: Asked) -> web.Response | None:
        valid = asked.headers.get("X-Kit-Api-Key") == SECRET
        return None if valid else web.json_response({"errors": ["The access token is invalid"]}, status=401)

    def busy(self) -> web.Response:
        return web.Response(status=429, text="Retry later")

    async def answer(self, asked: Asked) -> web.Response:
        if asked.path == "/account":
            return web.json_response({"account": {"name": "Town"}})
        to = asked.body["email_address"]
        if asked.path == "/subscribers":
            self.subscribers.add(to)
            return web.json_response({"subscriber": {"id": 1}}, status=201)
        if to not in self.subscribers:
            return web.json_response({"errors": ["Subscriber not found"]}, status=404)
        if (asked.path, to) not in self.seen:
            self.seen.append((asked.path, to))
        return web.json_response({"subscriber": {"id": 1}}, status=201)


class FakeCircle(FakePlatform):
    """Admin API by one key, Headless API by another that gives tokens; `tokens` are those in force.

    `lists` are what the Admin API lists, by their last word, in the order in which it lists them; `spent` counts what the plan
    counts (all but 5xx), and beyond `plan` everything is 429.
    """

    def __init__(self, plan: int = 5000) -> None:
        super().__init__()
        self.tokens: list[str] = []
        self.lists: dict[str, list[dict[str, Any]]] = {}
        self.plan, self.spent = plan, 0

    def busy(self) -> web.Response:
        return web.Response(status=429)

    async def authorised(self, asked: Asked) -> web.Response | None:
        shown = asked.headers.get("Authorization", "").removeprefix("Bearer ")
        if asked.path.startswith("/api/admin"):
            return None if shown == SECRET else web.json_response({"message": "wrong type of token"}, status=403)
        if asked.path.endswith("/auth_token"):
            return None if shown == f"{SECRET} headless" else web.json_response({}, status=401)
        return None if shown in self.tokens else web.json_response({}, status=401)

    async def answer(self, asked: Asked) -> web.Response:
        if asked.method == "GET":
            return self._page(asked)
        if asked.path.endswith("/auth_token"):
            self.tokens.append(f"token-{len(self.tokens)}")
            return web.json_response({"access_token": self.tokens[-1], "community_member_id": 1})
        if asked.path.endswith("/headless/v1/messages"):
            return web.json_response({"chat_room": {"uuid": "room-1"}}, status=201)
        if asked.method == "DELETE":
            number = int(asked.path.rpartition("/")[2])
            known = number <= len(self.seen) and self.seen[number - 1] is not None
            if known:
                self.seen[number - 1] = None
            return web.Response(status=200 if known else 404)
        self.seen.append((asked.path, asked.body))
        return web.json_response({"id": len(self.seen)}, status=201)

    def _page(self, asked: Asked) -> web.Response:
        self.spent += 1
        if self.spent > self.plan:
            return self.busy()
        page, size = int(asked.query.get("page", 1)), int(asked.query.get("per_page", 10))
        known = self.lists.get(asked.path.rpartition("/")[2])
        if known is None:
            return web.json_response({"message": "not found"}, status=404)
        shown = known[(page - 1) * size : page * size]
        told = {"page": page, "per_page": size, "has_next_page": page * size < len(known), "count": len(known)}
        return web.json_response({**told, "page_count": len(shown), "records": shown})
