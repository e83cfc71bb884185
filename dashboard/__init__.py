'''The pages to see, compare and share runs in a browser.

How a page is made: a folder in `pages/`, listed in `pages/__init__.py`, with PATH, TITLE, LEAD and a component `Page`.
The shell (`app.py`) gives it the heading, the navigation, the caveat and a session.

    PATH, TITLE, LEAD = "/trust", "Trust", "How trust between organisations grows and breaks."

    @solara.component
    def Page() -> solara.Element:
        """Show the page."""
        session = use_session()                              # dashboard.session: what the address says
        found, scenario = session.run(), session.chosen.scenario
        line = line_of(found, "trust", name="Trust", route=scenario.route.name)
        drawing = line_chart([line], "trust", title="Trust over time", month=session.month,
                             source=source_of(session.settings, scenario))
        slider = NumberSlider("Month", session.month, low=0, high=scenario.months, about=About("The month read."),
                              on_move=lambda month: session.show(month=int(month)),      # redraws
                              on_choose=lambda month: session.commit(month=int(month)))  # and writes the address
        return Box(Controls(slider, label="What is looked at"), Section("Trust", Chart(drawing)), kind="b-stack")

- A thing that has to be in the address is a line in `Settings` (`address.py`), of a kind that stands there too. The
  address is the truth: keep nothing that a link should bring back in `use_state`, nothing of a visitor's in a module.
- Runs come from `runs.run(scenario, seed, detail=, explain=)`: kept for everybody, read-only, asked for again freely.
- What takes longer than a moment is handed as `Work` to the page's `Jobs` (`jobs.py`): bounded, fair, cancellable.
- Charts are pure functions that return a `Drawing` (`charts/`): ECharts' option, words, a table. `Chart` shows it with
  its table, its About and its files (SVG, PNG, CSV). Series may name the table's columns in `encode`.
- Controls are the browser's own (`components/`, `*.vue`). Each gets a label and an `About`; `about_parameter(name)`
  says what the model's table says. Bad input is a `Message`, never a traceback. A click on a chart needs a keyboard's
  way too.
- Hooks (`use_memo` and so on) stand at the top of a component, never in a branch or loop: make a component of those.
- Tests (`tests/dashboard/`): `show(tab, "/trust")` on the fixture `tab` costs little; `new_visitor(size=PHONE)` is
  somebody else; both fail a test on any outside request, missing file, console or page error. `check_accessible(page)`,
  `check_width(page)`, `settled(page)` are in `browsers.py`; every page listed is checked by
  `pages/test_every_page.py`.
  What comes after an event comes later: use Playwright's `expect(...)`, which waits.
'''
