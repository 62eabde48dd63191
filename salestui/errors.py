"""What the program says when it will not do something."""


class Refused(Exception):
    """One plain sentence for the user: what was refused, why, and how to mend it. Exit code 2."""


class Conflict(Refused):
    """Someone else has changed the row since it was read; the sentence says who and when."""


class StoreUnusable(Refused):
    """The store cannot be opened, read or written; the data are untouched."""
