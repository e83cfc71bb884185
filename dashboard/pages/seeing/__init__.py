"""Parts of the page Place: the whole place, its network, one organisation, the place's own notes."""
