"""Views: one read each, the same data for page, API and command. They read the store and never write."""
