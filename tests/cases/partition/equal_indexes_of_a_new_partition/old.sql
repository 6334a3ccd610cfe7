CREATE TABLE events (kind text NOT NULL, at date NOT NULL, note text) PARTITION BY LIST (kind);
CREATE INDEX events_by_day ON events (at, note);
CREATE TABLE clicks (kind text NOT NULL, at date NOT NULL, note text);
-- The same as the one that is to be attached, and older.
CREATE INDEX clicks_of_my_own ON clicks (at, note);
-- Another condition: it is no rival.
CREATE INDEX clicks_noted ON clicks (at, note) WHERE note IS NOT NULL;
