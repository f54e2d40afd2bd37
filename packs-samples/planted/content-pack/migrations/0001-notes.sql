CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  who TEXT NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  written_at TEXT NOT NULL
);
CREATE INDEX notes_who ON notes (who);
