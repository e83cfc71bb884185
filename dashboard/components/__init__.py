"""Offer the pieces that pages are made of; each has a name that is read aloud."""

from dashboard.components.about import About, about_parameter
from dashboard.components.browser import Download, TabMemory, zipped
from dashboard.components.chart import Chart
from dashboard.components.controls import Choice, NumberSlider, PrintButton, TextField
from dashboard.components.layout import (
    Box,
    Button,
    Columns,
    Controls,
    Fold,
    Headlines,
    Message,
    Perhaps,
    Section,
    Table,
    Text,
)

__all__ = [
    "About", "Box", "Button", "Chart", "Choice", "Columns", "Controls", "Download", "Fold", "Headlines", "Message",
    "NumberSlider", "Perhaps", "PrintButton", "Section", "TabMemory", "Table", "Text", "TextField", "about_parameter",
    "zipped",
]  # fmt: skip
