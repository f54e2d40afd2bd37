-- What SQLite takes, of the kinds that other readers of SQL stumble over.
CREATE TABLE IF NOT EXISTS notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL COLLATE NOCASE CHECK (length(title) > 0),
  body TEXT NOT NULL DEFAULT '',
  tags TEXT DEFAULT (json_array()) CHECK (json_valid(tags)),
  words INTEGER GENERATED ALWAYS AS (length(body) - length(replace(body, ' ', '')) + 1) STORED,
  made TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
  parent INTEGER REFERENCES notes (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT one_title UNIQUE (title, made) ON CONFLICT IGNORE
) STRICT;
CREATE TABLE tags (note INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (note, tag), FOREIGN KEY (note) REFERENCES notes ON UPDATE CASCADE) STRICT, WITHOUT ROWID;
CREATE TABLE loose (a, b INT, c "any type" DEFAULT -1, d DECIMAL(10, 5) AS (a || b) VIRTUAL, "order" text);
CREATE TABLE copied AS SELECT * FROM notes;
CREATE TEMP TABLE scratch (x);
CREATE VIRTUAL TABLE notes_fts USING fts5(title, body, content='notes', content_rowid='id', tokenize = "unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE places USING rtree(id, minX, maxX, minY, maxY);
CREATE TRIGGER notes_ai AFTER INSERT ON notes BEGIN
  INSERT INTO notes_fts(rowid, title, body) VALUES (new.id, new.title, new.body);
END;
CREATE TRIGGER IF NOT EXISTS notes_au AFTER UPDATE OF title, body ON notes FOR EACH ROW WHEN old.title IS NOT new.title BEGIN
  INSERT INTO notes_fts(notes_fts, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
  UPDATE tags SET tag = CASE WHEN tag = 'a' THEN 'b' ELSE tag END WHERE note = new.id;
  SELECT RAISE(ABORT, 'no') WHERE new.title = '';
END;
CREATE TRIGGER v INSTEAD OF DELETE ON shown BEGIN SELECT 1; END;
CREATE VIEW IF NOT EXISTS shown (id, title) AS SELECT id, title FROM notes WHERE title NOT LIKE '\_%' ESCAPE '\';
CREATE UNIQUE INDEX IF NOT EXISTS by_title ON notes (lower(title), made DESC) WHERE parent IS NULL;
CREATE INDEX by_tag ON tags (tag COLLATE RTRIM);
INSERT INTO notes (title) VALUES ('a'), ('b') ON CONFLICT (title, made) DO UPDATE SET title = excluded.title WHERE excluded.title <> '' RETURNING id, title;
INSERT OR REPLACE INTO tags SELECT id, 'x' FROM notes WHERE true ON CONFLICT DO NOTHING;
REPLACE INTO tags DEFAULT VALUES;
UPDATE OR IGNORE notes SET (title, body) = (SELECT tag, 'b' FROM tags LIMIT 1) FROM tags AS t WHERE t.note = notes.id;
WITH RECURSIVE up(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM up WHERE n < 10) INSERT INTO scratch SELECT n FROM up;
WITH gone AS MATERIALIZED (SELECT id FROM notes) DELETE FROM tags WHERE note IN gone;
SELECT id, row_number() OVER (PARTITION BY parent ORDER BY made ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM notes WINDOW w AS (ORDER BY id);
SELECT count(*) FILTER (WHERE parent IS NULL), group_concat(title, ', ' ORDER BY title) FROM notes GROUP BY 1 HAVING count(*) > 0;
SELECT body ->> '$.a', body -> 'b', x'00ff', 1e3, 0xFF, .5, 1_000, 'it''s', "a""b", [c d], `e` FROM notes;
SELECT * FROM notes AS n LEFT JOIN tags USING (note) NATURAL JOIN scratch CROSS JOIN json_each(n.tags) AS j ON j.value IS NOT DISTINCT FROM 1;
SELECT a FROM (VALUES (1), (2)) UNION SELECT 2 EXCEPT SELECT 3 INTERSECT SELECT 4 ORDER BY 1 NULLS LAST LIMIT 5 OFFSET 1;
SELECT * FROM notes_fts WHERE notes_fts MATCH 'a NEAR b' ORDER BY rank;
SELECT CAST(a AS REAL), a COLLATE NOCASE, a GLOB '*', a REGEXP 'b', a BETWEEN 1 AND 2, NOT EXISTS (SELECT 1), ~a, a IS b FROM loose;
ALTER TABLE loose ADD COLUMN e TEXT NOT NULL DEFAULT '';
ALTER TABLE loose RENAME COLUMN e TO f;
ALTER TABLE loose DROP COLUMN f;
ALTER TABLE loose RENAME TO looser;
DROP VIEW IF EXISTS shown;
DROP INDEX by_tag;
DROP TRIGGER notes_au;
PRAGMA user_version = 3;
PRAGMA foreign_key_check;
REINDEX;
ANALYZE main.notes
