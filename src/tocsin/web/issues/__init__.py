"""Issues as pages tell them: words, and the story of one."""
