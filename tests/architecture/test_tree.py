"""The shape of the tree: sizes, names, docstrings, what is registered, what is used, what is tested where."""

import ast
import re
from pathlib import Path, PurePath

import grimp
import pytest

from processors.detectors import DETECTORS
from processors.policy import NAMES
from sinks.channels import CHANNELS
from streams.commands import MODULES
from streams.gateway.sources import SOURCES
from tests.support.tree import PACKAGES, ROOT, dotted, kept_files, modules

OURS = modules()
ALL = modules(*PACKAGES, "tests")
TESTS = [path for path in modules("tests") if path.name.startswith("test_")]
FILE_LINES_MAX, FUNCTION_LINES_MAX = 400, 70
BANNED = {"utils", "util", "common", "core", "helpers", "helper", "lib", "misc"}
ABOUT_THE_WHOLE = ("architecture", "benchmarks", "chaos", "contracts", "deploy", "integration", "scenarios", "support")
ABOUT_A_PACKAGE = {
    "processors/test_erasure.py",
    "streams/pages/test_in_browser.py",
    "streams/console/test_in_browser.py",
    "streams/console/test_by_keyboard.py",
    "streams/console/test_ways.py",
    "streams/console/test_pages.py",
    "processors/policy/test_care.py",
    "processors/policy/test_any_life.py",
    "processors/text/test_typed_forms.py",
}

# Modules that decide something and have no test file of their name: which other test holds them.
TESTED_ELSEWHERE = {
    "contracts/test_every_playbook.py": (  # scenarios that must fire, scenarios that must stay silent
        "processors/detectors/*", "processors/playbooks/catalog", "processors/loop", "resource_catalog/scenarios",
    ),
    "processors/policy/test_reasons.py": (  # a story for each reason, through the whole arbiter
        "processors/policy/*", "processors/policy/stages/*", "processors/member/changes", "processors/pipeline", "processors/playbooks/resources",
    ),
    "processors/test_recalls.py": ("processors/responses",),
    "processors/detectors/test_lost_or_frustrated.py": ("processors/member/remembered",),
    "processors/text/test_distress_ends.py": ("processors/text/distress_parts", "streams/evaluation/learning/ends"),
    "processors/text/test_distress_grammar.py": ("processors/text/distress_phrases", "processors/text/distress_trie"),
    "processors/detectors/test_distress_language.py": ("processors/platform_contracts",),
    "streams/evaluation/test_distress_tasks.py": (
        "streams/evaluation/distress_reading", "streams/evaluation/tasks/distress*", "streams/evaluation/learning/distress",
        "processors/text/distress_score",
    ),
    "processors/test_member_partition.py": ("processors/member/state", "processors/vocabulary"),
    "processors/test_community_partition.py": ("processors/community/entities",),
    "processors/text/test_similarity.py": ("processors/community/term_frequencies",),
    "processors/text/test_question.py": ("processors/text/question_inverted", "processors/text/question_model", "processors/text/question_phrases"),
    "processors/test_candidates.py": ("processors/playbooks/compiled_playbook",),
    "processors/playbooks/test_conditions.py": ("processors/member/facts",),
    "processors/playbooks/test_watches.py": ("processors/playbooks/hours",),
    "processors/playbooks/test_message.py": ("processors/usefulness", "processors/playbooks/wording"),
    "resource_catalog/test_playbook_file.py": (  # each field, right and wrong, from the file to the command
        "resource_catalog/change_file", "resource_catalog/condition_fields", "resource_catalog/definition_files",
        "resource_catalog/offer_fields", "resource_catalog/scenario_fields", "resource_catalog/trigger_fields",
        "resource_catalog/wording_fields",
    ),
    "streams/commands/test_authoring.py": (
        "resource_catalog/layers", "resource_catalog/starter", "streams/commands/journeys", "streams/catalog/preview",
    ),
    "integration/test_manager_path.py": ("streams/commands/suggestions",),
    "resource_catalog/lint/test_lint.py": ("resource_catalog/lint/*",),
    "resource_catalog/test_loader.py": ("resource_catalog/problems", "resource_catalog/yaml_text"),
    "streams/console/test_playbook_form.py": ("streams/console/form_values",),
    "streams/explanation/test_story.py": ("streams/explanation/german",),
    "streams/commands/test_catalog_health.py": ("resource_catalog/health/__init__", "resource_catalog/health/content"),
    "contracts/test_every_source.py": (  # what each source must give, ignore and refuse, and whatever else is sent
        "streams/gateway/sources/*", "streams/gateway/payloads", "streams/gateway/product_events",
    ),
    "streams/gateway/test_server.py": (  # the process, asked from outside
        "streams/gateway/answers", "streams/gateway/callers", "streams/gateway/cloud_event_requests",
        "streams/gateway/protocol", "streams/gateway/refusals", "streams/gateway/store", "streams/gateway/writer", "streams/commands/gateway",
        "streams/gateway/meter",
    ),
    "integration/test_doors.py": ("streams/gateway/openapi",),
    "streams/imports/test_formats.py": (  # each format, and whatever else a file holds
        "streams/imports/archives", "streams/imports/calendars", "streams/imports/discord",
        "streams/imports/discourse", "streams/imports/irc", "streams/imports/items", "streams/imports/mbox",
        "streams/imports/slack", "streams/imports/tables",
    ),
    "streams/calendars/test_sync.py": ("streams/commands/calendar",),
    "streams/gateway/test_mapping_file.py": ("streams/gateway/mapping",),
    "streams/commands/test_lazy.py": ("streams/commands/index",),
    "streams/history/test_offline.py": (
        "processors/measures", "streams/history/lines", "streams/history/reader",
        "streams/commands/history",
    ),
    "streams/history/test_online.py": ("streams/servers/embedded_broker", "streams/history/replayer", "streams/history/settling"),
    "streams/backtest/test_run.py": ("streams/backtest/tally",),
    "streams/report/test_build.py": ("streams/report/ledger", "streams/report/figures", "streams/report/page"),
    "streams/simulation/test_run.py": ("streams/simulation/community",),
    "streams/evaluation/test_recorded.py": (
        "streams/evaluation/tasks/__init__", "streams/evaluation/likeness", "streams/evaluation/chat_posts",
    ),
    "streams/evaluation/test_card.py": ("streams/evaluation/cards/__init__", "streams/evaluation/cards/write"),
    "streams/commands/test_evaluate.py": (
        "streams/evaluation/tasks/question", "streams/evaluation/tasks/reask", "streams/evaluation/tasks/unanswered",
        "streams/evaluation/tasks/similar_questions", "streams/evaluation/tasks/duplicate_pairs",
    ),
    "architecture/test_references.py": ("streams/reference/*",),
    "streams/test_cli.py": (
        "streams/commands/__init__", "streams/errors", "streams/commands/config", "streams/commands/publish",
    ),
    "streams/delivery/test_one_channel.py": (
        "streams/commands/deliver", "streams/telemetry/delivery_meter", "streams/delivery/reading",
        "streams/delivery/process",
    ),
    "streams/conformance/test_run.py": ("streams/conformance/cases", "streams/conformance/receiver", "streams/commands/conformance"),
    "streams/backup/test_migrating.py": ("streams/backup/restoring", "streams/backup/taking"),
    "sinks/channels/test_slack.py": ("sinks/platforms/slack",),
    "sinks/channels/test_discourse.py": ("sinks/platforms/discourse",),
    "sinks/channels/test_email.py": ("sinks/platforms/mail",),
    "streams/test_control.py": ("streams/commands/control",),
    "streams/telemetry/test_spans.py": ("streams/telemetry/collected_spans",),
    "streams/telemetry/test_metrics.py": ("streams/telemetry/health_server", "streams/telemetry/metrics_page"),
    "streams/pages/test_action_pages.py": ("streams/pages/app", "streams/pages/site", "streams/web/files", "streams/web/forms"),
    "streams/pages/test_inbox_door.py": ("streams/pages/inbox_watch",),
    "streams/pages/test_server.py": ("streams/pages/journal", "streams/commands/pages", "streams/web/serving"),
    "streams/console/test_pages.py": (
        "streams/console/app", "streams/console/desk", "streams/console/doors", "streams/console/member_pages", "streams/console/people_pages",
        "streams/console/pictures", "streams/console/noisy_pages", "streams/console/system_pages",
        "streams/console/sign_in_pages", "streams/console/stream_pages", "streams/console/words",
    ),
    "streams/console/test_editor_pages.py": ("streams/console/folder",),
    "streams/console/test_oidc.py": ("streams/console/oidc_pages",),
    "streams/console/test_trials.py": ("streams/backtest/apart", "streams/backtest/recorded"),
    "streams/console/test_publishing.py": (  # on a broker, in the browser's words
        "streams/console/promotion_pages", "streams/console/trying_pages", "streams/console/backtest_pages", "streams/catalog/publication", "streams/delivery/own_message",
    ),
    "resource_catalog/test_draft.py": ("resource_catalog/checks",),
    "streams/console/test_store.py": ("streams/console/lookups", "streams/console/sums", "streams/console/taking"),
    "streams/console/test_operating.py": ("streams/console/playbook_pages", "streams/console/suggestion_pages", "streams/catalog/ordering", "streams/console/letter_pages"),
    "streams/console/test_server.py": ("streams/commands/console",),
    "streams/console/test_follower.py": ("streams/console/counting", "streams/console/followed", "streams/console/what_if_pages", "streams/report/recorded"),
    "streams/commands/test_gaps.py": ("resource_catalog/gap_draft",),
    "integration/test_privacy.py": ("streams/commands/privacy", "streams/privacy/*"),  # each store, on a running deployment
    "streams/runtime/test_engine.py": ("streams/runtime/*",),  # its parts mean nothing without a broker
    "integration/test_catalog_in_force.py": ("streams/catalog/feed",),
    "integration/test_console.py": (  # each command as a process, on a running deployment
        "streams/commands/doctor", "streams/commands/inspect", "streams/commands/state",
    ),
    "streams/agents/test_member.py": ("streams/agents/records",),
    "integration/test_poison.py": ("streams/dead_letters",),
    "chaos/test_pipeline_chaos.py": ("streams/app",),  # workers as processes, under load and kills
}  # fmt: skip
# No test holds these yet: a debt. It may shrink; whoever adds to it says why.
UNTESTED = {
    "streams/evaluation/learning/chat_answers", "streams/evaluation/learning/question",
    "streams/telemetry/live_view",
}  # fmt: skip


def parsed(path: Path) -> ast.Module:
    """Return a module's syntax tree."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def own_test(module: Path) -> Path:
    """Return where a module's own test is, or would be."""
    return Path("tests", *module.parts[:-1], f"test_{module.name}")


def without_own_test() -> set[str]:
    """Return the modules that decide something (branch, loop, compare) and have no test file of their name."""
    logic = (ast.If, ast.For, ast.While, ast.IfExp, ast.Compare, ast.BoolOp, ast.comprehension, ast.Try, ast.Match)
    return {
        module.with_suffix("").as_posix()
        for module in OURS
        if not (ROOT / own_test(module)).exists() and any(isinstance(node, logic) for node in ast.walk(parsed(module)))
    }


def held(pattern: str, names: set[str]) -> set[str]:
    """Return the names that a pattern stands for; a star stays within its folder."""
    return {name for name in names if PurePath(name).match(pattern) and name.count("/") == pattern.count("/")}


@pytest.mark.parametrize("path", ALL, ids=str)
def test_a_module_is_small_and_says_what_it_is(path: Path) -> None:
    """A sentence first; at most 400 lines; no function above 70."""
    tree = parsed(path)
    assert ast.get_docstring(tree), "a module begins with a sentence that says what it is"
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= FILE_LINES_MAX
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [one.name for one in functions if (one.end_lineno or 0) - one.lineno >= FUNCTION_LINES_MAX]
    assert long == []


def test_no_name_is_a_heap() -> None:
    """A module is called by what it is."""
    assert [path for path in ALL if BANNED & {path.stem, *path.parts}] == []


@pytest.mark.parametrize("package", ["processors", "streams"])
def test_every_room_stands_in_the_plan_of_its_house(package: str) -> None:
    """The table of the package's README names each folder, and none that is gone."""
    rows = re.findall(r"^\| (`.*?) \|", (ROOT / package / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    named = [room for row in rows for room in re.findall(r"`(\w+)/`", row)]
    assert sorted(named) == sorted(
        {path.parts[1] for path in kept_files() if path.parts[0] == package and len(path.parts) > 2}
    )


def test_detectors_stages_channels_sources_and_commands_are_registered() -> None:
    """What lies in the folder is in the list, and the other way round."""

    def stems(folder: str) -> set[str]:
        return {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}

    assert stems("processors/detectors") == {str(module.__name__).rpartition(".")[2] for module in DETECTORS}  # type: ignore[attr-defined]
    assert stems("processors/policy/stages") == set(NAMES)
    assert stems("sinks/channels") == set(CHANNELS)
    assert stems("streams/gateway/sources") == set(SOURCES)
    assert stems("streams/commands") - {"lazy", "index", "options"} == set(MODULES)


def test_every_module_is_used() -> None:
    """What nobody imports and nobody runs is dead."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    programs = {path for path in OURS if '__name__ == "__main__"' in (ROOT / path).read_text(encoding="utf-8")}
    named = {Path(f"streams/commands/{name}.py") for name in MODULES}  # loaded by name, when called
    asked = [path for path in OURS if path.name != "__init__.py" and path not in programs | named]
    assert [path for path in asked if not graph.find_modules_that_directly_import(dotted(path))] == []


def test_tests_lie_where_their_module_lies() -> None:
    """tests/<package>/.../test_<module>.py, but for a few folders about the whole."""
    astray = [
        path
        for path in TESTS
        if path.parts[1] not in ABOUT_THE_WHOLE
        and path.relative_to("tests").as_posix() not in TESTED_ELSEWHERE.keys() | ABOUT_A_PACKAGE
        and not ROOT.joinpath(*path.parts[1:-1], path.name.removeprefix("test_")).exists()
    ]
    assert astray == []
    assert list((ROOT / "tests").rglob("__init__.py")) == [], "a package under tests/ would shadow ours"


def test_logic_is_tested_by_its_own_test_or_by_one_that_is_named() -> None:
    """No module that decides something goes without a test unseen."""
    without = without_own_test()
    named = set[str]().union(
        *(held(pattern, without) for patterns in TESTED_ELSEWHERE.values() for pattern in patterns)
    )
    assert without - named == UNTESTED
    assert not named & UNTESTED


def test_the_list_of_tests_elsewhere_does_not_outlive_its_reasons() -> None:
    """Each test that it names exists; each module that it names is there and has no test of its own."""
    without = without_own_test()
    assert [test for test in TESTED_ELSEWHERE if not (ROOT / "tests" / test).exists()] == []
    stale = [pattern for patterns in TESTED_ELSEWHERE.values() for pattern in patterns if not held(pattern, without)]
    assert stale == [], "these have a test of their own now, or are gone: take them off the list"
