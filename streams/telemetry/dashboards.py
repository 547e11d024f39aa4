"""Grafana's dashboards as code: `python -m streams.telemetry.dashboards` writes them to deploy/grafana/dashboards."""

from pathlib import Path
from typing import Any, Literal, NamedTuple

import orjson

FOLDER = Path(__file__).parents[2] / "deploy" / "grafana" / "dashboards"
SCHEMA = (
    41  # of Grafana 12: https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
)
WIDTH, HEIGHT = 24, 8
Shape = Literal["timeseries", "stat", "bargauge", "heatmap", "table"]


class Panel(NamedTuple):
    """One picture: queries by legend, a unit of Grafana, and what it is for. `of_8` is its width in eighths of the row."""

    title: str
    queries: dict[str, str]
    unit: str = "short"
    shape: Shape = "timeseries"
    help: str = ""
    of_8: int = 4


class Dashboard(NamedTuple):
    """A page of panels. `uid` is its address, and never changes."""

    uid: str
    title: str
    help: str
    panels: tuple[Panel, ...]


def _rate(metric: str, *by: str) -> str:
    return (
        f"sum by ({', '.join(by)}) (rate({metric}[$__rate_interval]))"
        if by
        else f"sum(rate({metric}[$__rate_interval]))"
    )


def _quantile(q: float, metric: str, *by: str) -> str:
    return f"histogram_quantile({q}, sum by ({', '.join(('le', *by))}) (rate({metric}_bucket[$__rate_interval])))"


def _most(number: int, query: str) -> str:
    """Return the highest of a query's series: most of those whose labels are known beforehand stay at 0."""
    return f"topk({number}, {query})"


def _times(metric: str, *by: str) -> str:
    return f"sum by ({', '.join(by)}) (increase({metric}[$__range]))"


PER_1000 = "1000 * {above} / clamp_min({below}, 1)"
OVER = PER_1000.format(
    above="sum(increase(lotse_over_trigger_total[7d]))", below="sum(increase(lotse_sends_total[7d]))"
)

NONE = " or vector(0)"  # of what comes with a fault or a rare event alone: its absence is 0

DASHBOARDS = (
    Dashboard("lotse-overview", "Lotse: overview", "Is it well, is it in time, is it careful?", (
        Panel("Events and ticks a second", {"{{stage}}": _rate("lotse_records_folded_total", "stage")}, "ops", of_8=4),
        Panel("Behind the log", {"{{stage}}": "max by (stage) (lotse_behind_seconds)"}, "s", help="Age of the last folded record.", of_8=4),
        Panel("Sent", {"sent": "sum(increase(lotse_sends_total[$__range]))"}, "none", "stat", of_8=2),
        Panel("Not sent", {"not sent": 'sum(increase(lotse_decisions_total{verdict!="send"}[$__range]))'}, "none", "stat", "Held or dropped, each with a reason.", 2),
        Panel("Too much, per 1,000 sends in 7 days", {"at fault": OVER}, "none", "stat", "Dismissed, snoozed, opted out, not helpful, wrong moment, already solved.", 2),
        Panel("Dead letters", {"dead letters": "sum(increase(lotse_dead_letters_total[$__range]))"}, "none", "stat", of_8=2),
        Panel("Decisions by reason", {"{{reason}}": _most(12, _rate("lotse_decisions_total", "reason"))}, "ops", of_8=8),
        Panel("Sends by playbook", {"{{playbook}}": _most(20, _times("lotse_sends_total", "playbook"))}, "none", "bargauge", of_8=4),
        Panel("Signals by kind", {"{{kind}}": _most(15, _times("lotse_detections_total", "kind"))}, "none", "bargauge", of_8=4),
    )),
    Dashboard("lotse-over-triggering", "Lotse: over-triggering", "What is too much, by what showed it, by playbook and channel.", (
        Panel("Per 1,000 sends, 7 days", {"at fault": OVER}, "none", "stat", of_8=2),
        Panel("What showed it", {"{{part}}": "sum by (part) (increase(lotse_over_trigger_total[7d]))"}, "none", "bargauge", of_8=6),
        Panel("By playbook, per 1,000 of its sends", {"{{playbook}}": _most(20, PER_1000.format(above="sum by (playbook) (increase(lotse_over_trigger_total[7d]))", below="sum by (playbook) (increase(lotse_sends_total[7d]))"))}, "none", "bargauge", of_8=4),
        Panel("By channel, per 1,000 of its sends", {"{{channel}}": PER_1000.format(above="sum by (channel) (increase(lotse_over_trigger_total[7d]))", below="sum by (channel) (increase(lotse_sends_total[7d]))")}, "none", "bargauge", of_8=4),
        Panel("Guards: playbooks that send another share", {"{{playbook}} sends {{share}}": "sum by (playbook, share) (increase(lotse_volume_changes_total[7d]))" + NONE}, "none", "bargauge", of_8=4),
        Panel("Called back, by why", {"{{reason}}": "sum by (reason) (increase(lotse_recalls_total[7d]))"}, "none", "bargauge", of_8=4),
        Panel("Held back, by reason", {"{{reason}}": _most(20, 'sum by (reason) (increase(lotse_decisions_total{verdict!="send"}[$__range]))')}, "none", "bargauge", "Each non-send has exactly one reason.", 8),
        Panel("Messages to one member in a week", {"{{share}}": "max by (share) (lotse_member_week_sends)"}, "none", "bargauge", "Half of those who got any got at most (0.5), 95 of 100 (0.95), the most to one (1).", 4),
        Panel("Same theme again within a week", {"{{playbook}}, {{channel}}": _most(12, "sum by (playbook, channel) (increase(lotse_repeated_sends_total[7d]))")}, "none", "bargauge", "Messages of 7 days of a theme that the member had got within a week.", 4),
        Panel("Two wanted within the hour", {"{{playbook}}, {{channel}}": _most(12, "sum by (playbook, channel) (increase(lotse_collisions_total[7d]))")}, "none", "bargauge", "Given within an hour of another's message, or lost to another at the same moment (channel none).", 4),
        Panel("Lost to another, and missed the goal", {"{{playbook}}": _most(12, "max by (playbook) (lotse_regret_ratio)")}, "percentunit", "bargauge", "Of what lost and was not given later, as the console last counted its measures.", 4),
        Panel("How long before trouble help had come", {"{{trouble}}": "max by (trouble) (lotse_lead_seconds)"}, "s", "bargauge", "Median, of those who got a message before; as the console last counted its measures.", 4),
        Panel("Waved away within ten minutes", {"{{playbook}}": _most(12, "max by (playbook) (lotse_waved_away_ratio)")}, "percentunit", "bargauge", "Share of the messages of 7 days.", 4),
        Panel("Needless: did it without help", {"{{playbook}}": _most(12, "max by (playbook) (lotse_needless_ratio)")}, "percentunit", "bargauge", "Of the members whom a coin left without help, as the console last counted its measures.", 4),
        Panel("Sends over time", {"{{playbook}}": _most(12, _rate("lotse_sends_total", "playbook"))}, "ops", of_8=8),
    )),
    Dashboard("lotse-throughput", "Lotse: throughput and latency", "How fast, how late, how well kept.", (
        Panel("Records a second", {"{{stage}}": _rate("lotse_records_folded_total", "stage")}, "ops"),
        Panel("Records per second of folding", {"{{stage}}": f"{_rate('lotse_records_folded_total', 'stage')} / {_rate('lotse_folding_seconds_total', 'stage')}"}, "ops", help="What one core would do if it did nothing else."),
        Panel("Event to command", {"p50": _quantile(0.5, "lotse_command_latency_seconds"), "p99": _quantile(0.99, "lotse_command_latency_seconds")}, "s"),
        Panel("Lag", {"{{topic}} {{partition}}": "lotse_lag_records"}, "none", help="Records that are not folded yet, or commands without an end."),
        Panel("Cuts", {"p50 {{stage}}": _quantile(0.5, "lotse_cut_seconds", "stage"), "p99 {{stage}}": _quantile(0.99, "lotse_cut_seconds", "stage")}, "s", help="From the beginning of a checkpoint to its commit."),
        Panel("Opening a partition", {"p99 {{stage}}": _quantile(0.99, "lotse_recovery_seconds", "stage"), "states a second": _rate("lotse_recovered_records_total")}, "s"),
        Panel("Rebalances", {"rebalances": "sum(increase(lotse_rebalances_total[$__range]))"}, "none", "stat", of_8=2),
        Panel("Repeated and unknown", {"repeated": _rate("lotse_repeated_records_total"), "unknown types": _rate("lotse_unknown_types_total")}, "ops", of_8=3),
        Panel("Dead letters", {"{{topic}} {{reason}}": _most(8, _times("lotse_dead_letters_total", "topic", "reason"))}, "none", "bargauge", of_8=3),
        Panel("Memory", {"{{job}} {{instance}}": "process_resident_memory_bytes"}, "bytes"),
        Panel("CPU", {"{{job}} {{instance}}": "rate(process_cpu_seconds_total[$__rate_interval])"}, "percentunit"),
        Panel("Outputs acknowledged", {"{{topic}}": _rate("lotse_outputs_acknowledged_total", "topic")}, "ops"),
        Panel("States written by cuts", {"{{stage}}": _rate("lotse_cut_states_total", "stage")}, "ops"),
    )),
    Dashboard("lotse-delivery", "Lotse: delivery", "What became of commands, by channel.", (
        Panel("Ends by channel and result", {"{{channel}} {{via}} {{result}}": _most(12, _rate("lotse_deliveries_total", "channel", "via", "result"))}, "ops"),
        Panel("Attempts by result", {"{{channel}} {{via}} {{result}}": _most(12, _rate("lotse_delivery_attempts_total", "channel", "via", "result"))}, "ops"),
        Panel("How long an attempt takes", {"p50 {{via}}": _quantile(0.5, "lotse_delivery_attempt_seconds", "via"), "p99 {{via}}": _quantile(0.99, "lotse_delivery_attempt_seconds", "via")}, "s"),
        Panel("From due to delivered", {"p99 {{channel}}": _quantile(0.99, "lotse_delivery_age_seconds", "channel")}, "s"),
        Panel("Retries and rate limits", {"retries {{via}}": _rate("lotse_delivery_retries_total", "via"), "limited {{via}}": _rate("lotse_delivery_rate_limited_total", "via")}, "ops"),
        Panel("Waiting", {"parked": "sum(lotse_delivery_parked_commands)", "held": "sum(lotse_delivery_held_commands)", "paused partitions": "sum(lotse_delivery_paused_partitions)"}, "none"),
        Panel("Orders in force", {"{{kind}}": "max by (kind) (lotse_control_orders)"}, "none", "stat", "Kill switches and silences.", 4),
        Panel("Delivery record silent", {"errors": "sum(increase(lotse_store_errors_total[$__range]))", "keys thrown away": "max(lotse_store_evicted_keys)"}, "none", "stat", "Questions to Redis without an answer, and keys it has thrown away.", 4),
    )),
    Dashboard("lotse-gateway", "Lotse: gateway", "What comes in, and what is refused.", (
        Panel("Answers by status", {"{{door}} {{status}}": _rate("lotse_gateway_answers_total", "door", "status")}, "ops"),
        Panel("Events taken in", {"{{door}}": _rate("lotse_gateway_events_total", "door")}, "ops"),
        Panel("Time to answer", {"p50 {{door}}": _quantile(0.5, "lotse_gateway_answer_seconds", "door"), "p99 {{door}}": _quantile(0.99, "lotse_gateway_answer_seconds", "door")}, "s"),
        Panel("Refused, by reason", {"{{door}} {{reason}}": _most(12, _rate("lotse_gateway_refused_total", "door", "reason"))}, "ops"),
        Panel("Ignored and invalid", {"ignored {{door}}": _rate("lotse_gateway_ignored_total", "door"), "invalid {{door}}": _rate("lotse_gateway_invalid_total", "door")}, "ops"),
        Panel("Waits for the broker", {"bytes": "sum(lotse_gateway_pending_bytes)", "acknowledged a second": _rate("lotse_gateway_acknowledged_total")}, "short"),
    )),
    Dashboard("lotse-pages", "Lotse: pages", "Pages that members open, what they press there, and the operators' console.", (
        Panel("Answers of pages", {"{{method}} {{status}}": _rate("lotse_page_requests_total", "method", "status")}, "ops"),
        Panel("Presses", {"{{action}} {{result}}": _rate("lotse_presses_total", "action", "result")}, "ops"),
        Panel("Answers of the console", {"{{method}} {{status}}": _rate("lotse_console_requests_total", "method", "status")}, "ops"),
        Panel("What the console has not read yet", {"records": "max(lotse_console_behind_records)"}, "none"),
    )),
    Dashboard("lotse-content", "Lotse: content and gaps", "What is missing, what wants a look, and whom messages reach.", (
        Panel("Gaps told, by kind", {"{{kind}}": "sum by (kind) (increase(lotse_content_gaps_total[$__range]))"}, "none", "bargauge", "lotse gaps names them.", 4),
        Panel("Questions asked by many, unanswered, explained again", {"{{kind}}": 'sum by (kind) (increase(lotse_detections_total{kind=~"asked_by_many|unanswered|explained_again|asked_again"}[$__range]))'}, "none", "bargauge", of_8=4),
        Panel("Catalog: what wants a look", {"{{level}} {{check}}": "sum by (level, check) (lotse_catalog_findings)" + NONE}, "none", "bargauge", "lotse catalog health says what and how to mend it.", 4),
        Panel("Whom messages reach, by tenth of activity", {"{{community}} {{decile}}": "max by (community, decile) (lotse_coverage_ratio)"}, "percentunit", "bargauge", "Share who got something in four weeks; 1 is the quietest tenth. Groups smaller than 10 are not told.", 4),
    )),
    Dashboard("lotse-experiments", "Lotse: experiments", "Who is left out by a coin, and what rests because it did not help.", (
        Panel("Left out by a coin", {"{{reason}}": 'sum by (reason) (increase(lotse_decisions_total{reason=~"holdout|randomised_out|canary_excluded"}[$__range]))'}, "none", "bargauge", "lotse report tells what they teach.", 4),
        Panel("Playbooks held back by their effect", {"{{reason}}": 'sum by (reason) (increase(lotse_decisions_total{reason=~"resting|volume_controlled"}[$__range]))'}, "none", "bargauge", of_8=4),
        Panel("Share left to the coin", {"left out": PER_1000.format(above='sum(increase(lotse_decisions_total{reason=~"holdout|randomised_out|canary_excluded"}[7d]))', below="sum(increase(lotse_decisions_total[7d]))")}, "none", "stat", "Of 1,000 decisions of 7 days.", 4),
        Panel("Coins and sends over time", {"{{reason}}": 'sum by (reason) (rate(lotse_decisions_total{reason=~"sent|holdout|randomised_out|canary_excluded"}[$__rate_interval]))'}, "ops", help="A holdout that suddenly grows or ends is a change of a playbook."),
    )),
    Dashboard("lotse-safety", "Lotse: safety", "Counts of the safety lane alone: signals, what waits for a person, looks, helplines.", (
        Panel("Safety: signals", {"{{kind}}": 'sum by (kind) (increase(lotse_detections_total{kind=~"distress|concern"}[$__range]))'}, "none", "stat", "Counts only.", 4),
        Panel("Waits for a person's look", {"{{queue}}": "max by (queue) (lotse_review_queue_items)"}, "none", "stat", "The console's page Review shows them, to whom they are for.", 4),
        Panel("How long the oldest waits", {"{{queue}}": "max by (queue) (lotse_review_queue_waiting_seconds)"}, "s", of_8=4),
        Panel("Looks at whom an item is about", {"{{queue}}": "sum by (queue) (increase(lotse_review_reveals_total[$__range]))"}, "none", "stat", "Each is in the console's record, with its reason.", 4),
        Panel("Days until the first helpline is to be looked at again", {"days": "min(lotse_catalog_helpline_expiry_seconds) / 86400"}, "none", "stat", of_8=4),
        Panel("No helpline for somebody who needed one", {"unverified": 'sum(increase(lotse_decisions_total{reason="helpline_unverified"}[$__range]))'}, "none", "stat", "Counts only; runbook helpline-expiry.", 4),
    )),
)  # fmt: skip


def model(one: Dashboard) -> dict[str, Any]:
    """Return a dashboard in Grafana's JSON model."""
    panels, x, y = [], 0, 0
    for number, panel in enumerate(one.panels, 1):
        width = WIDTH * panel.of_8 // 8
        if x + width > WIDTH:
            x, y = 0, y + HEIGHT
        panels.append(_panel(number, panel, {"h": HEIGHT, "w": width, "x": x, "y": y}))
        x += width
    return {
        "uid": one.uid, "title": one.title, "description": one.help, "tags": ["lotse"], "schemaVersion": SCHEMA, "version": 1,
        "editable": False, "refresh": "30s", "time": {"from": "now-6h", "to": "now"}, "timezone": "browser", "graphTooltip": 1,
        "annotations": {"list": []}, "templating": {"list": []},
        "links": [{"type": "dashboards", "tags": ["lotse"], "title": "Lotse", "asDropdown": True, "includeVars": False, "keepTime": True}],
        "panels": panels,
    }  # fmt: skip


def _panel(number: int, panel: Panel, place: dict[str, int]) -> dict[str, Any]:
    source = {"type": "prometheus", "uid": "prometheus"}
    over_time = panel.shape in ("timeseries", "heatmap")
    targets = [
        {
            "refId": chr(65 + place),
            "datasource": source,
            "expr": expr,
            "legendFormat": legend,
            "range": over_time,
            "instant": not over_time,
        }
        for place, (legend, expr) in enumerate(panel.queries.items())
    ]
    options: dict[str, Any] = {}
    if panel.shape != "timeseries":
        options = {
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            "orientation": "horizontal",
        }
    return {
        "id": number, "type": panel.shape, "title": panel.title, "description": panel.help, "datasource": source, "gridPos": place,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []}, "options": options, "targets": targets,
    }  # fmt: skip


def files() -> dict[Path, bytes]:
    """Return the files and what is in them."""
    return {
        FOLDER / f"{one.uid}.json": orjson.dumps(model(one), option=orjson.OPT_INDENT_2) + b"\n" for one in DASHBOARDS
    }


if __name__ == "__main__":
    for path, content in files().items():
        path.write_bytes(content)
