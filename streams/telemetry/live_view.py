"""What a replay shows as it goes: events a second, and each command as it is delivered, with its reason."""

from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from processors.events import Event


class LiveView:
    """Follows the commands that the delivery process prints."""

    def __init__(self, console: Console, commands: Path, total: int, *, quiet: bool) -> None:
        self._console, self._commands, self._quiet = console, commands, quiet
        self._read = 0
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self._progress = Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal)
        self._task = self._progress.add_task("replaying", total=total)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def event(self, event: Event) -> None:
        """Count an event written; show what was delivered meanwhile."""
        speed = self._progress.tasks[0].speed or 0.0
        self._progress.update(self._task, advance=1, description=f"{_day(event.time)}  {speed:.0f} events/s")
        self._show()

    def wait(self) -> None:
        """Show that the rest is being folded."""
        self._progress.update(self._task, description="draining the log")
        self._show()

    def finish(self) -> None:
        """Show the last commands and take the bar away."""
        self._show()
        self._progress.stop()

    def _show(self) -> None:
        if self._quiet:
            return
        with self._commands.open("rb") as lines:
            lines.seek(self._read)
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                self._read += len(line)
                self._console.print(
                    line.decode(errors="replace").rstrip(), markup=False, highlight=False, soft_wrap=True
                )


def _day(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d")
