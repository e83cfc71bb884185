"""Hold what the two dashboards share, apart from the peer, which can't be imported without altair."""

ORGANISATIONS = 60
SLIDER = "Initial trust"
