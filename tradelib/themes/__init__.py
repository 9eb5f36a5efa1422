"""The three stories: one module of tables, sentences and charts for each notebook."""
