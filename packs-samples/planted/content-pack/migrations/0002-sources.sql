CREATE TABLE sources (
  note INTEGER NOT NULL REFERENCES notes (id),
  name TEXT NOT NULL,
  date TEXT,
);
