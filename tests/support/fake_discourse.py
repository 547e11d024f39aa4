"""A Discourse forum on loopback: keys, validation and redirects as Discourse's, and what people see."""

from typing import Any

from aiohttp import web

from tests.support.fake_platform import Asked, FakePlatform

KEY, BOT = "a key of the tests", "pilot"


class FakeDiscourse(FakePlatform):
    """`users` by number; a topic of `topics` has posts; `external` says whether messages keep an external id."""

    retry_after = ""

    def __init__(self) -> None:
        super().__init__()
        self.users = {"17": "ann", "18": "bob"}
        self.topics: dict[int, dict[str, Any]] = {7: {"title": "A question", "posts": [], "deleted": False}}
        self.banner: int | None = None
        self.external = True

    async def authorised(self, asked: Asked) -> web.Response | None:
        if asked.headers.get("Api-Key") != KEY or asked.headers.get("Api-Username") != BOT:
            return web.json_response({"errors": ["You are not permitted"], "error_type": "invalid_access"}, status=403)
        return None

    def busy(self) -> web.Response:
        return web.json_response({"errors": ["slow down"], "extras": {"wait_seconds": 33}}, status=429)

    async def answer(self, asked: Asked) -> web.Response:
        parts = asked.path.strip("/").removesuffix(".json").split("/")
        match asked.method, parts:
            case "POST", ["posts"]:
                return self._post(asked.body)
            case "GET", ["u", name] if name == BOT:
                return web.json_response({"user": {"username": name}})
            case "GET", ["admin", "users", number] if number in self.users:
                return web.json_response({"id": int(number), "username": self.users[number]})
            case "GET", ["t", "external_id", identifier]:
                found = [
                    number
                    for number, one in self.topics.items()
                    if one.get("external_id") == identifier and not one["deleted"]
                ]
                return (
                    web.Response(status=301, headers={"Location": f"{self.url}/t/slug/{found[0]}"})
                    if found
                    else _none()
                )
            case "GET", ["posts", number]:
                posts = [post for one in self.topics.values() for post in one["posts"] if str(post["id"]) == number]
                return web.json_response(posts[0]) if posts else _none()
            case "GET", ["topics", "private-messages-sent", user] if user == BOT:
                sent = [
                    {"id": number, "title": one["title"], "created_at": one["posts"][0]["created_at"]}
                    for number, one in self.topics.items()
                    if one.get("to")
                ]
                return web.json_response({"topic_list": {"topics": sent}})
            case _, ["t", number, *rest] if number.isdigit() and int(number) in self.topics:
                return self._topic(asked, int(number), rest)
            case "DELETE", ["posts", number]:
                for one in self.topics.values():
                    one["posts"] = [post for post in one["posts"] if str(post["id"]) != number]
                return web.json_response({})
        return _none()

    def _topic(self, asked: Asked, number: int, rest: list[str]) -> web.Response:
        topic = self.topics[number]
        if topic["deleted"]:
            return _none()
        match asked.method, rest:
            case "GET", []:
                stream = [one["id"] for one in topic["posts"]]
                return web.json_response(
                    {"id": number, "post_stream": {"stream": stream, "posts": topic["posts"][:20]}}
                )
            case "GET", ["posts"]:
                return web.json_response({"post_stream": {"posts": topic["posts"][-20:]}})
            case "PUT", ["status"]:
                topic["pinned"] = asked.body["enabled"] == "true"
                return web.json_response({"success": "OK"})
            case "PUT", ["make-banner"]:
                self.banner = number
                return web.json_response({"success": "OK"})
            case "PUT", ["remove-banner"]:
                self.banner = None
                return web.json_response({"success": "OK"})
            case "DELETE", []:
                topic["deleted"] = True
                return web.json_response({})
        return _none()

    def _post(self, body: dict[str, Any]) -> web.Response:
        if not body.get("raw"):
            return web.json_response({"errors": ["Body can't be blank"]}, status=422)
        if "topic_id" in body:
            number = body["topic_id"]
            if number not in self.topics:
                return web.json_response({"errors": ["not found"]}, status=403)
        else:
            if not body.get("title"):
                return web.json_response({"errors": ["Title can't be blank"]}, status=422)
            recipients = body.get("target_recipients")
            if body.get("archetype") == "private_message" and recipients not in self.users.values():
                return web.json_response({"errors": ["You must select a valid user."]}, status=422)
            number = max(self.topics) + 1
            self.topics[number] = {"title": body["title"], "posts": [], "deleted": False, "to": recipients}
            if "external_id" in body and (self.external or not recipients):
                self.topics[number]["external_id"] = body["external_id"]
        post = {
            "id": 1000 + sum(len(one["posts"]) for one in self.topics.values()), "topic_id": number, "raw": body["raw"],
            "username": BOT, "created_at": "2026-01-01T00:00:00.000Z",
        }  # fmt: skip
        self.topics[number]["posts"].append(post)
        self.seen.append(body)
        return web.json_response(post)


def _none() -> web.Response:
    return web.json_response({"errors": ["The requested URL or resource could not be found."]}, status=404)
