"""Timing: when to talk openly about the behaviours."""

from experiments.claims.claim import Claim, pattern

CLAIMS = (
    Claim(
        name="open-talk-too-early",
        topic="Timing",
        quote="The system behaviours do not always work as a route into a conversation",
        says="Talking openly about the behaviours from the first day is worse than never doing so.",
        compared="Practice at month 120: open talk from the first day minus no open talk",
        check=pattern("P6a"),
    ),
    Claim(
        name="open-talk-waits",
        topic="Timing",
        quote="conversations about system behaviours need to be embedded within the work in a place",
        says="Waiting with open talk until relationships are ready is better than starting on the first day.",
        compared="Practice at month 120: open talk once relationships are ready, minus from the first day",
        check=pattern("P6c"),
    ),
    Claim(
        name="open-talk-in-time",
        topic="Timing",
        quote="conversations about behaviours can become more overt as the work and relationships mature",
        says="Open talk once relationships are ready is better than no open talk at all.",
        compared="Practice at month 120: open talk once relationships are ready, minus no open talk",
        check=pattern("P6b"),
    ),
)
