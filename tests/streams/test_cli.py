"""Good and bad use of the command line: one clear message, a documented exit code, no traceback."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from kafka.errors import KafkaTimeoutError

from processors.version import VERSION
from streams import cli
from streams.errors import EXIT_CODES, EXIT_CODES_TOLD, INTERRUPTED, NO, UNREACHABLE, WRONG
from streams.settings import child_environment
from tests.support import fake_slack
from tests.support.fake_platform import in_a_thread
from tests.support.tree import ROOT

NOBODY = "127.0.0.1:9"  # the discard port: nobody listens
KEY = "a control key for tests"
# However long this process waits for its turn, the command has not given up before it is interrupted.
# Ctrl-C is set by hand: a suite that runs in the background inherits that it is ignored.
PATIENT = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from streams import cli; from streams.servers import log_reader; log_reader.BOOTSTRAP_MS = 600_000; cli.main()"
)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `lotse WORDS` as its entry point does, with no broker there; return exit code, output and errors."""

    def lotse(*words: str, **environment: str) -> tuple[int, str, str]:
        for name, value in {
            "LOTSE_BOOTSTRAP": NOBODY,
            "LOTSE_CONTROL_KEY": KEY,
            "COLUMNS": "200",
            **environment,
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["lotse", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return lotse


@pytest.mark.parametrize(
    "words",
    [
        "verify", "verify --json", "explain town/ann", "state show town/ann", "state snapshot {tmp}/s.gz", "topics plan",
        "topics apply", "topics tail decisions.v1", "topics tail decisions.v1 --member town/ann", "dlq ls", "dlq ls --json",
        "dlq show community.activity.v1.dlq 0", "catalog publish",
    ],
)  # fmt: skip
def test_without_a_broker_each_command_says_so_in_one_line(run: Run, tmp_path: Path, words: str) -> None:
    """At once, without Kafka's own complaints, and nothing on standard output."""
    code, out, err = run(*words.format(tmp=tmp_path).split())
    assert (code, out) == (UNREACHABLE, "")
    assert (
        err
        == f"lotse: no broker answers at {NOBODY} (ConnectionRefusedError); is it running, is LOTSE_BOOTSTRAP right?\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("explain ann", "'ann': expected <community>/<member>"),
        ("state show /ann", "expected <community>/<member>"),
        ("topics tail decisions.v1 --member ann", "expected <community>/<member>"),
        ("topics tail desicions.v1", "no topic that is shown; expected one of"),
        ("topics tail safety.v1", "no topic that is shown"),
        ("topics tail decisions.v1 --max 0", "greater than or equal to 1"),
        ("dlq show decisions.v1 0", "no dead-letter topic; expected one of"),
        ("dlq show community.activity.v1.dlq x", "should be a valid integer"),
        ("verify --from {tmp}/none.gz", "none.gz does not exist"),
        ("verify --form x", "No such option"),
        ("state snapshot {tmp}", "expected the name of a file"),
        ("explain", "Missing argument"),
        ("explian town/ann", "No such command"),
        ("catalog lint --catalog {tmp}/none", "expected a directory"),
        ("playbooks test --catalog {tmp}/none", "expected a directory"),
        ("catalog publish --catalog {tmp}/none", "expected a directory"),
    ],
)
def test_wrong_use_is_said(run: Run, tmp_path: Path, words: str, said: str) -> None:
    """What was wrong, and what was expected."""
    code, out, err = run(*words.format(tmp=tmp_path).split())
    assert (code, out) == (WRONG, "")
    assert said.lower() in err.lower()
    assert "Traceback" not in err


def test_a_broken_file_is_said(run: Run, tmp_path: Path) -> None:
    """No snapshot, but something else."""
    (tmp_path / "s.gz").write_text("not gzip")
    code, _, err = run("verify", "--from", str(tmp_path / "s.gz"))
    assert (code, err) == (WRONG, f"lotse: {tmp_path / 's.gz'} is no snapshot of lotse, or a damaged one\n")


@pytest.mark.parametrize(
    "command", ["verify", "doctor", "config show", "topics plan", "catalog lint", "explain town/ann"]
)
def test_all_bad_settings_are_told_at_once_by_every_command(run: Run, command: str) -> None:
    """And a password in one of them is not."""
    code, _, err = run(
        *command.split(), LOTSE_PARTITIONS="none", LOTSE_TICKS="1", LOTSE_REDIS="user:" + "hunter22@host"
    )
    assert code == WRONG
    assert [name for name in ("LOTSE_PARTITIONS", "LOTSE_TICKS", "LOTSE_REDIS") if name not in err] == []
    assert "hunter22" not in err


def test_a_broker_that_goes_away_under_way_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever Kafka's client raises then is one line."""

    def app() -> None:
        raise KafkaTimeoutError("gone")

    monkeypatch.setattr(cli, "_run", app)
    code, out, err = run()
    assert (code, out) == (UNREACHABLE, "")
    assert err == "lotse: the broker did not do what was asked (KafkaTimeoutError); try: lotse doctor\n"


@pytest.mark.parametrize(
    ("channels", "more", "found"),
    [
        ("", {}, "well      channels: none named"),
        ("console", {}, "well      channels: console: all have their settings"),
        ("console,slack", {}, "well      channels: the slack channel needs LOTSE_SLACK_TOKEN\n          see that lotse deliver is told"),
        ("webhook", {"LOTSE_WEBHOOK_URL": "http://x"}, "not well  channels: the webhook channel needs LOTSE_WEBHOOK_SECRET"),
        ("slak", {}, "not well  channels: LOTSE_CHANNELS: no channel 'slak'; did you mean slack?"),
        ("console,ga4", {"LOTSE_GA4_SECRET": "x"}, "not well  channels: the ga4 channel needs LOTSE_GA4_MEASUREMENT"),
        ("webhook", {"LOTSE_WEBHOOK_URL": "http://x", "LOTSE_WEBHOOK_SECRET": "whsec_?"}, "not well  channels: LOTSE_WEBHOOK_SECRET:"),
    ],
)  # fmt: skip
def test_doctor_says_what_a_delivery_would_not_begin_with(
    run: Run, channels: str, more: dict[str, str], found: str
) -> None:
    """Before it is started: settings of a channel that lack a part, and a name of none. All of them may be for the delivery's eyes alone."""
    code, out, _ = run("doctor", LOTSE_CHANNELS=channels, **more)
    assert code == NO, "no broker is there either"
    assert found in out


@pytest.mark.parametrize(
    ("token", "found"),
    [
        (fake_slack.TOKEN, "well      platform of slack: answers, and takes our keys"),
        ("wrong", "not well  platform of slack: refuses us (invalid_auth)\n          see LOTSE_SLACK_TOKEN"),
    ],
)
def test_doctor_asks_platforms_where_it_is_told_to(run: Run, token: str, found: str) -> None:
    """A key that is wrong is found before a member's message is; without being told to it asks nobody."""
    with in_a_thread(fake_slack.FakeSlack()) as slack:
        more = {"LOTSE_SLACK_TOKEN": token, "LOTSE_SLACK_URL": slack.url, "LOTSE_CHANNELS": "console,slack,webhook"}
        more |= {"LOTSE_WEBHOOK_URL": "http://127.0.0.1:1", "LOTSE_WEBHOOK_SECRET": "a secret of the tests"}
        _, out, _ = run("doctor", **more)
        assert "platform of" not in out
        assert slack.asked == []
        _, out, _ = run("doctor", "--ask", **more)
        assert found in out
        assert "well      platform of webhook: cannot be asked without sending something" in out
        assert "platform of console" not in out
        _, out, _ = run("doctor", "--ask", "--json", **more)
        assert [one["well"] for one in json.loads(out) if one["what"] == "platform of slack"] == [
            token == fake_slack.TOKEN
        ]
        assert slack.seen == []


def test_ctrl_c_ends_a_command_quietly() -> None:
    """While it waits for a broker that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        environment = child_environment(LOTSE_BOOTSTRAP=f"127.0.0.1:{silent.getsockname()[1]}")
        command = [sys.executable, "-c", PATIENT, "topics", "tail", "decisions.v1"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            silent.accept()[0].close()  # the look whether anybody listens
            with silent.accept()[0] as waiting:
                waiting.recv(1)  # Kafka's client has said its first word
                process.send_signal(signal.SIGINT)
                assert process.communicate(timeout=60) == (b"", b"")
        finally:
            process.kill()
    assert process.returncode == INTERRUPTED


def test_ctrl_c_while_modules_are_loaded_is_quiet() -> None:
    """Somebody changed their mind at once."""
    sitecode = "import sys, signal, os; sys.meta_path.insert(0, type('At', (), {'find_spec': lambda self, name, *rest: os.kill(os.getpid(), signal.SIGINT) if name == 'streams.commands' else None})())"
    program = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {sitecode}; from streams import cli; cli.main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "config", "show"], env=child_environment(), capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, b"", b"")


def test_the_version_is_told(run: Run) -> None:
    """That of the program, and that of the core, by which proofs go."""
    assert run("--version") == (0, f"lotse {version('lotse')}, core {VERSION}\n", "")


@pytest.mark.parametrize(
    ("words", "content", "told"),
    [
        ("map cloudevents - --json", '{"specversion": "1.0", "id": "1", "source": "/x", "type": "post.read", "subject": "community/ann", "data": {}}', '"post.read"'),
        ("addresses import -", "name,address\n", "/dev/stdin: expected the first line member,kind,address"),
        ("calendar sync -", "no calendar", "-: no iCalendar"),
        ("check-events -", '{"id": 1}', "-:1: "),
        ("replay - --offline", "[1]", "-:1: expected a JSON object"),
    ],
)  # fmt: skip
def test_a_dash_is_standard_input(words: str, content: str, told: str) -> None:
    """Wherever one file is read."""
    command = [sys.executable, "-m", "streams.cli", *words.split()]
    environment = child_environment(LOTSE_BOOTSTRAP=NOBODY, LOTSE_CONTROL_KEY=KEY)
    done = subprocess.run(command, env=environment, input=content, text=True, capture_output=True, check=False)
    assert told in done.stdout + done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_one_message() -> None:
    """Also where the output itself goes to a file there, and at the very end."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "streams.cli", "config", "show", "--json"]
        environment = child_environment() | {"PYTHONUNBUFFERED": ""}
        done = subprocess.run(command, env=environment, stdout=full, stderr=subprocess.PIPE, check=False)
    told = b"lotse: the output: cannot be read or written (No space left on device)\n"
    assert (done.returncode, done.stderr) == (WRONG, told)


def test_exit_codes_are_documented(run: Run) -> None:
    """The README's table and the end of `lotse --help` say what the code's list says."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\d+) \| (.+) \|$", readme, re.MULTILINE))
    assert rows == {str(code): meaning for code, meaning in EXIT_CODES.items()}
    assert set(EXIT_CODES) == {0, NO, WRONG, UNREACHABLE, INTERRUPTED}
    code, out, _ = run("--help")
    assert code == 0
    assert " ".join(EXIT_CODES_TOLD.split()) in " ".join(re.sub(r"[│╭╮╰╯─]", " ", out).split())


def test_every_setting_is_shown_with_its_source_and_no_secret(run: Run) -> None:
    """Keys, a password in an address, a path that is a token."""
    secrets = {
        "LOTSE_CONTROL_KEY": "hunter22" * 3, "LOTSE_REDIS": "redis://user:" + "hunter22@host:6379/0",
        "LOTSE_WEBHOOK_URL": "https://hooks.example.org/services/hunter22",
    }  # fmt: skip
    for form in ((), ("--json",)):
        code, out, _ = run("config", "show", "--redacted", *form, **secrets)
        assert code == 0
        assert "hunter22" not in out
        for shown in (
            "LOTSE_REDIS",
            "redis://(not shown)@host:6379/0",
            "https://hooks.example.org/(not shown)",
            "default",
            "(set)",
        ):
            assert shown in out
