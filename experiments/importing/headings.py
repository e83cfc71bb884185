"""List what people call a table's columns, in the languages that maps are made in, without accents."""


def _all(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for text in texts for word in text.split(",") if word.strip()))


LABEL = _all(
    "label, name, organisation, organization, organisation name, organization name, org name, org, stakeholder, "
    "stakeholder name, actor, actor name, node, node name, element, element name, agency, agency name, partner, "
    "partner name, member, entity, entity name, title, full name, display name, group name, organisations, "
    "organizations, stakeholders, actors, vertex, vertex name, body, node label, charity, company, institution, "
    "shared name, your organisation, your organization, name of organisation, name of organization",
    "nom, nom de l organisation, organisme, structure, acteur, intitule, denomination",
    "nombre, organizacion, entidad, actor, nombre de la organizacion, etiqueta",
    "name der organisation, bezeichnung, akteur, einrichtung, organisationsname",
    "nome, organizacao, entidade, ator, instituicao, nome da organizacao",
    "organizzazione, ente, attore, denominazione, nome organizzazione, etichetta",
    "enw, sefydliad, mudiad, enw r sefydliad, naam, organisatie, 名称, 组织, 机构, 机构名称, 组织名称, 姓名",
)
ID = _all(
    "id, key, code, node id, element id, org id, organisation id, organization id, actor id, stakeholder id, "
    "identifier, ref, reference, no, nr, number, abbreviation, abbr, acronym, short name, index, #",
    "identifiant, cle, numero, sigle, codigo, clave, sigla, kennung, schlussel, nummer, kurzel, chiave, codice, "
    "rhif, cod, 编号, 代码",
)
WEAK_ID = frozenset(
    _all("key, code, ref, reference, no, nr, number, abbreviation, abbr, acronym, short name, index, #, numero, cle, "
         "sigle, codigo, clave, sigla, schlussel, nummer, kurzel, chiave, codice, rhif, cod, 编号, 代码")
)  # fmt: skip
"""Names of columns that are ids only where what stands in them tells rows apart."""
TYPE = _all(
    "type, element type, category, kind, sector, nature, group, class, node type, org type, organisation type, "
    "organization type, stakeholder type, actor type, type of organisation, type of organization, classification, "
    "stakeholder group, entity type, vertex type, role type, type of body, legal form",
    "categorie, type d organisation, secteur, statut, tipo, categoria, sector, tipo de organizacion, typ, kategorie, "
    "art, sektor, bereich, tipo de organizacao, setor, settore, tipo di organizzazione, math, categori, sector, "
    "soort, 类型, 类别",
)
ROLE = _all("role, function, remit, fonction, funcion, rolle, funcao, ruolo, rol, 角色")
TIE = _all(
    "type, connection type, relation, relationship, relationship type, relation type, tie type, tie, link type, "
    "edge type, kind, nature, category, label, interaction, how, type of relationship, nature of relationship, "
    "nature of tie, description, shared interaction",
    "lien, type de lien, type de relation, relacion, tipo de relacion, tipo, beziehung, art der beziehung, typ, art, "
    "relacao, tipo de relacao, relazione, tipo di relazione, perthynas, math, relatie, 关系, 关系类型",
)
WEIGHT = _all(
    "weight, strength, value, frequency, intensity, count, tie strength, score, edge weight, relationship strength, "
    "closeness, width",
    "poids, force, frequence, peso, fuerza, frecuencia, gewicht, starke, forca, forza, frequenza, pwysau, cryfder, "
    "权重",
)
NETWORK = _all("map, network, layer, reseau, red, netzwerk, rede, rete, rhwydwaith")

PARENTS = frozenset(
    _all("parent, parent id, parent name, part of, belongs to, sits within, within, under, reports to, managed by, "
         "umbrella, superior, mother organisation, parent organisation, parent organization, "
         "rattache a, depend de, parte de, depende de, pertenece a, gehort zu, ubergeordnet, teil von, pertence a, "
         "fa parte di, dipende da, rhan o, 上级, 所属")
)  # fmt: skip
"""Names of a column that says what an organisation is part of."""
GROUPS = frozenset(
    _all("partnership, partnerships, partnership name, member of, membership, memberships, affiliation, affiliations, "
         "coalition, alliance, consortium, partenariat, membre de, miembro de, alianza, mitglied von, mitglied in, "
         "gremium, membro de, parceria, membro di, partenariato, aelod o, partneriaeth, 伙伴关系")
)  # fmt: skip
"""Names of a column that says what organisations are members of."""
WEAK_GROUPS = frozenset(
    _all("forum, network, board, group, committee, working group, task group, programme, event, events, meeting, "
         "meetings, project, projects, attended, comite, comitato, reunion, evento, proyecto, projet, projekt, 成员")
)  # fmt: skip
"""Names of a column that does so only where an organisation stands in several rows."""
ENDS = (
    ("from", "to"), ("source", "target"), ("src", "dst"), ("src", "tgt"), ("source", "destination"), ("src", "dest"),
    ("sender", "receiver"), ("giver", "receiver"), ("ego", "alter"), ("tail", "head"), ("funder", "recipient"),
    ("funder", "grantee"), ("sender", "recipient"), ("giver", "recipient"), ("startnode", "endnode"),
    ("origine", "destination"), ("source", "cible"), ("emetteur", "recepteur"), ("origen", "destino"),
    ("fuente", "destino"), ("emisor", "receptor"), ("desde", "hasta"), ("origem", "destino"), ("von", "nach"),
    ("von", "zu"), ("von", "an"), ("quelle", "ziel"), ("start", "ziel"), ("origine", "destinazione"),
    ("sorgente", "destinazione"), ("oddi wrth", "at"), ("van", "naar"), ("bron", "doel"), ("来源", "目标"),
    ("起点", "终点"),
)  # fmt: skip
"""Words that name the two ends of a tie."""
WEAK_ENDS = (
    ("in", "out"), ("start", "end"), ("origin", "destination"), ("1", "2"), ("a", "b"), ("i", "j"), ("x", "y"),
    ("one", "other"), ("first", "second"), ("de", "a"), ("de", "para"), ("de", "vers"), ("da", "a"), ("da", "para"),
    ("o", "i"), ("debut", "fin"), ("inicio", "fin"),
)  # fmt: skip
"""Words that name two ends only where what stands in the columns, and what else the table holds, agrees."""

NAMING = frozenset(
    _all("name, organisation, organization, org, charity, agency, body, stakeholder, actor, member, partner, company, "
         "institution, service, provider, team, department, node, entity, element, vertex, party, funder, group, "
         "nom, organisme, structure, acteur, association, nombre, organizacion, entidad, akteur, einrichtung, "
         "nome, organizacao, ator, instituicao, organizzazione, ente, attore, enw, sefydliad, mudiad, naam")
)  # fmt: skip
"""Words in the name of a column that holds names of organisations."""
NOT_NAMING = frozenset(
    _all("id, type, kind, category, sector, class, address, email, mail, website, web, url, link, phone, tel, mobile, "
         "postcode, zip, postal, contact, person, people, number, no, count, size, staff, date, year, since, "
         "valid, start, end, from, to, until, role, budget, income, turnover, status, description, notes, note, "
         "comment, comments, first, last, surname, short, line, street, town, city, county, region, area, ward, "
         "country, district, lat, lon, latitude, longitude, position, influence, interest, power, project, product, "
         "timestamp, time, language, job, user, domain, active, data, what, why, how, when, where, manager, officer, "
         "code, key, ref, map, sheet, file, column, field, variable, event, meeting, programme, program, activity, "
         "adresse, telephone, courriel, ville, direccion, correo, telefono, ciudad, strasse, ort, plz, endereco, "
         "cidade, indirizzo, cap, cyfeiriad, tipo, typ, categorie, categoria, kategorie, math")
)  # fmt: skip
"""Words in the name of a column that holds something else, whatever other words are there."""
NOT_ENDS = NOT_NAMING - frozenset(_all("id, code, key, start, end, from, to, ref, person, user, domain, no, number"))
"""Words beside those for ends that make a column one about the ends, or about something else."""
CODEBOOK = frozenset(
    _all("codebook, code book, columns, data dictionary, dictionary, read me, readme, notes, note, cover, cover sheet, "
         "about, legend, key, lists, list, lookup, lookups, look ups, guide, guidance, instructions, metadata, "
         "info, information, contents, title, title page, changelog, change log, version, versions, sources, "
         "variables, fields, definitions, glossary, codes, help, introduction, front page, front sheet, settings, "
         "lisez moi, leeme, liesmich, leia me, leggimi, dropdowns, drop downs, validation, options, field guide")
)  # fmt: skip
"""Names of sheets that say something about the others."""
MEANING = frozenset(
    _all("meaning, what it means, description, definition, explanation, explained, what it is, notes, details, "
         "what this means, means, signification, significado, bedeutung, significato, ystyr, example, examples")
)  # fmt: skip
"""Names of a codebook's second column."""
