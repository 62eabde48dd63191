"""A name where there is room for two letters."""


def initials(name: str | None) -> str:
    """Return the first letters of the first and the last word: "Żaneta Maria Ek" is "ŻE"."""
    words = [word for word in (name or "")[:200].split() if word[0].isalnum()]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))
