"""Pictures of the console for the README: `make pictures` fills one from a made-up community's three weeks, and writes deploy/pictures/console-*.webp.

The decisions are those that the shipped catalog makes of these events; only who the members are is made up.
"""

import base64
import random
import tempfile
import threading
import time
from pathlib import Path

import msgspec
import uvicorn
from playwright.sync_api import Page

from processors.commands import Command
from processors.decisions import Decision
from processors.events import Event
from processors.loop import Loop
from processors.playbooks.catalog import Catalog
from processors.playbooks.resources import Bundle
from processors.vocabulary import VOCABULARY, OutcomeData
from resource_catalog.loader import SHIPPED, load
from streams.console.accounts import Role
from tests.support.browser import running_chromium
from tests.support.consoles import NOW, PASSWORD, Operators
from tests.support.processes import wait_until
from tests.support.tree import ROOT

DAY = 86400.0
NAMES = ("amara", "bela", "chidi", "dana", "emil", "farid", "greta", "hanna", "ivo", "jun", "kofi", "lena", "mira", "nils", "olga", "pau",
         "quinn", "rosa", "sami", "tove", "uma", "vito", "wanda", "xenia", "yusuf", "zora")  # fmt: skip
WORDS = ("How do I report a spam post?", "Where can I find last week's recording?", "Thanks, that helped!", "Hello everybody, I am new here.",
         "How can I change my email address?", "I wrote up how we moved our archive, in case it helps.")  # fmt: skip
PAGES = {"overview": "/", "member": "", "over-triggering": "/noisy", "live": "/live"}
SIZE = {"width": 1280, "height": 800}
ENOUGH = 0.82  # quality of WebP
PACK = """async ([data, quality]) => {
  const image = new Image(); image.src = 'data:image/png;base64,' + data; await image.decode();
  const canvas = document.createElement('canvas'); canvas.width = image.width; canvas.height = image.height;
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL('image/webp', quality).split(',')[1];
}"""


def bundle() -> Bundle:
    """Return the shipped catalog with everything but support in distress switched on."""
    shipped = load(SHIPPED).bundle
    live = [one if one.lane == "safety" else msgspec.structs.replace(one, maturity="live") for one in shipped.playbooks]
    return msgspec.structs.replace(shipped, playbooks=tuple(live))


def life() -> list[Event]:
    """Return three weeks of a community, the same at each call."""
    dice, made = random.Random(3), []
    for name in NAMES:
        joined = NOW - 21 * DAY + dice.random() * 12 * DAY
        made.append((joined, name, "community.joined", {}))
        at = joined
        while (at := at + dice.expovariate(1 / (0.5 * DAY))) < NOW:
            kind = dice.choices(("post.read", "post.created", "search.performed", "reaction.added"), (6, 3, 2, 2))[0]
            fields = {"text": dice.choice(WORDS), "thread": f"t{len(made)}"} if kind == "post.created" else {}
            made.append(
                (at, name, kind, {"query": "recording", "results": 3} if kind == "search.performed" else fields)
            )
    return [
        Event(f"event-{number}", kind, f"town/{name}", at, VOCABULARY[kind](**fields))
        for number, (at, name, kind, fields) in enumerate(sorted(made, key=lambda one: one[0]))
    ]


def fill(console: Operators) -> str:
    """Let the community live through the core; return a member with a story."""
    dice, decisions, commands = random.Random(5), list[Decision](), list[Command]()
    loop = Loop(Catalog(bundle()), decisions.append, commands.append)
    loop.advance(NOW - 22 * DAY)
    told: list[Event] = []
    for event in life():
        before = len(commands)
        loop.feed(event)
        told.append(event)
        for command in commands[before:]:
            answers = ["delivered", *dice.choices(("clicked", "helpful", "dismissed", ""), (5, 3, 2, 6))]
            for at, kind in enumerate(filter(None, answers)):
                data = OutcomeData(command=command.id, playbook=command.playbook)
                outcome = Event(
                    f"{command.id}/{kind}", f"outcome.{kind}", command.member, event.time + 60 + 600 * at, data
                )
                loop.feed(outcome)
                told.append(outcome)
    console.store.take(decisions)
    console.store.take(events=told)
    sent = [one.member for one in commands]
    return max(NAMES, key=lambda name: sent.count(f"town/{name}"))


def pictured(page: Page, path: Path, packer: Page) -> None:
    """Write what a page shows as WebP, which Chromium packs."""
    shot = base64.b64encode(page.screenshot()).decode()
    path.write_bytes(base64.b64decode(packer.evaluate(PACK, [shot, ENOUGH])))


def main() -> None:
    """Write all pictures."""
    with tempfile.TemporaryDirectory() as folder, running_chromium() as browser:
        console = Operators(Path(folder), bundle(), bound=100_000)
        name = fill(console)
        console.now = NOW
        console.accounts.join(console.accounts.invite(Role.ADMIN), "ann", PASSWORD)
        account = console.accounts.account("ann")
        assert account
        server = uvicorn.Server(uvicorn.Config(console.app, port=0, log_level="critical"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        wait_until(lambda: server.started, 20, "the console", 0.02)
        base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        context = browser.new_context(viewport=SIZE, color_scheme="light", locale="en-US")  # type: ignore[arg-type]
        context.add_cookies([{"name": "lotse_console", "value": console.accounts.open_session(account), "url": base}])  # type: ignore[arg-type]
        page, packer = context.new_page(), browser.new_page()
        for title, path in PAGES.items():
            page.goto(base + (path or f"/members/{console.store.ref(f'town/{name}')}"), wait_until="load")
            pictured(page, ROOT / "deploy" / "pictures" / f"console-{title}.webp", packer)
        server.should_exit = True
        thread.join(10)
    print(
        f"{sum(one.stat().st_size for one in (ROOT / 'deploy' / 'pictures').glob('*.webp'))} bytes, at {time.strftime('%H:%M')}"
    )


if __name__ == "__main__":
    main()
