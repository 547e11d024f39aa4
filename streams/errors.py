"""What a user is told when something given is wrong."""

WRONG, UNREACHABLE, NO = 2, 3, 1


class UserError(Exception):
    """One message that says what, where and how to mend it; `code` is the exit code."""

    def __init__(self, message: str, code: int = WRONG) -> None:
        super().__init__(message)
        self.code = code
