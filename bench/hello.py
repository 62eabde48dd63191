"""The floor under every screen: the smallest Textual app that answers a key."""

from textual.app import App, ComposeResult
from textual.events import Key
from textual.widgets import Static


class Hello(App[None]):
    """Says hello and counts the keys pressed."""

    count = 0

    def compose(self) -> ComposeResult:
        yield Static("Hello, world", id="words")

    def on_key(self, event: Key) -> None:
        self.count += 1
        self.query_one("#words", Static).update(f"Hello, world {self.count}")


if __name__ == "__main__":
    Hello().run()
