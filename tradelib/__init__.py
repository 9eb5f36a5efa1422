"""China's foreign trade in the news: every printed figure as an interval."""
