"""Draw what an analysis found: one figure a file, in the house style, the same bytes every time."""

from experiments.analysis.figures import indices, region, scores, steps, walks, way
from experiments.analysis.findings import Analysis, Finding
from experiments.figures.sheet import Picture
from experiments.figures.style import house_style


def draw_figures(analysis: Analysis) -> tuple[Picture, ...]:
    """Return the figures of every subject in reading order; `Picture.scenario` is the subject's key."""
    with house_style():
        return tuple(picture for finding in analysis.findings for picture in _of(analysis, finding))


def _of(analysis: Analysis, finding: Finding) -> list[Picture]:
    pictures = []
    if finding.indices is not None:
        pictures.append(indices.draw(analysis, finding, finding.indices))
    if finding.screening is not None:
        pictures.append(walks.draw(analysis, finding, finding.screening))
    if finding.steps is not None:
        pictures.append(steps.draw(analysis, finding, finding.steps))
    search = finding.search
    if search is not None and search.region is not None:
        if search.region.limits:
            pictures.append(region.draw(analysis, finding, search, search.region))
        pictures.append(way.draw(analysis, finding, search, search.region))
    if finding.scores is not None:
        pictures.append(scores.draw(analysis, finding, finding.scores))
    return pictures
