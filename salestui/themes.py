"""The program's own themes, light and dark, with the colours of outcomes and due days."""

from __future__ import annotations

from textual.theme import Theme

MEANINGS = {
    "outcome-won": "#7cc58a",
    "outcome-lost": "#f1707a",
    "outcome-postponed": "#c9a2f0",
    "due-late": "#f1707a",
    "due-today": "#7cc58a",
    "stalled": "#e8a33d",
}
"""Variables that the stylesheets name, for themes that do not set them; words or signs say each too."""

DARK = Theme(
    name="salestui-dark",
    primary="#6ea8fe",
    secondary="#5aa9a0",
    accent="#f2b866",
    warning="#e8a33d",
    error="#f1707a",
    success="#7cc58a",
    foreground="#d7dce2",
    background="#12161c",
    surface="#181d25",
    panel="#222935",
    dark=True,
    variables={
        "block-cursor-background": "#2f4a73",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#222c3b",
        "footer-background": "#1b212a",
        "footer-key-foreground": "#f2b866",
        "footer-description-foreground": "#a9b3c0",
        "border": "#3b4757",
        "border-blurred": "#3b4757",
        "input-selection-background": "#2f4a73",
        **MEANINGS,
    },
)

LIGHT = Theme(
    name="salestui-light",
    primary="#1f5fbf",
    secondary="#0f766e",
    accent="#9a4d00",
    warning="#8a5300",
    error="#b3202c",
    success="#1c7a36",
    foreground="#1b2027",
    background="#fbfbf9",
    surface="#f2f3f1",
    panel="#e4e7ea",
    dark=False,
    variables={
        "block-cursor-background": "#1f5fbf",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#d5e0f0",
        "footer-background": "#e9ecee",
        "footer-key-foreground": "#9a4d00",
        "footer-description-foreground": "#3c4650",
        "border": "#a9b3bd",
        "border-blurred": "#a9b3bd",
        "input-selection-background": "#bcd3f2",
        "outcome-won": "#1c7a36",
        "outcome-lost": "#b3202c",
        "outcome-postponed": "#6b3fa0",
        "due-late": "#b3202c",
        "due-today": "#1c7a36",
        "stalled": "#8a5300",
    },
)

THEMES = (DARK, LIGHT)
