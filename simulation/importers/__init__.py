"""Import the stakeholder maps that people have: workbooks, CSV pairs, Kumu, GraphML, GEXF, Pajek, lists, matrices.

`import_map` goes from bytes to two tables and a list of what was assumed; `place_files` from there to the texts
of a place's files. Neither touches a disk, so that a page takes uploads by the same way. How it goes on within:
reading (bytes to sheets and tables), recognition (what each table is, by headings and by evidence; what is not sure
is one of the questions), elements, ends (who is meant), weights, selecting (organisations and their kinds), merging
(one relationship a pair).
"""

from simulation.importers.choices import Choices
from simulation.importers.importer import Imported, import_map, place_files
from simulation.importers.tables import Upload

__all__ = ["Choices", "Imported", "Upload", "import_map", "place_files"]
