"""Hold a place of a visitor's own: read files, tell what is wrong row by row, change it, write it as a folder.

Nothing here touches a disk or knows of a page. `arriving` makes a `Draft` of files, `checking` says what is wrong with
it by the rules that `behaviours place check` uses, `files` writes it, `keeping` limits what visitors' places take.
"""
