"""What a user is told when something given is wrong, and the exit codes of the command line."""

WRONG, UNREACHABLE, NO = 2, 3, 1
INTERRUPTED = 130  # what Typer ends with

# The one list of exit codes; the README shows it as a table. A worker's own codes are in runtime/exits.py.
EXIT_CODES = {
    0: "done",
    NO: "the answer is no: lint problems, a scenario fails, not proved, not well, nothing known of a member",
    WRONG: "something given is wrong: an option, a setting, a file",
    UNREACHABLE: "a server is not there, or a topic on it",
    INTERRUPTED: "interrupted with Ctrl-C",
}
EXIT_CODES_TOLD = f"Exit codes: {'; '.join(f'{code} {meaning}' for code, meaning in EXIT_CODES.items())}."


class UserError(Exception):
    """One message that says what, where and how to mend it; `code` is the exit code."""

    def __init__(self, message: str, code: int = WRONG) -> None:
        super().__init__(message)
        self.code = code
