"""Every way in: the command line, the JSON API, and the pages. Thin: each calls flow or a view and shows the result."""
