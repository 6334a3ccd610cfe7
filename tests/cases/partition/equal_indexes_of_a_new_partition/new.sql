CREATE TABLE events (kind text NOT NULL, at date NOT NULL, note text, UNIQUE (kind, at)) PARTITION BY LIST (kind);
CREATE INDEX events_by_day ON events (at, note);
CREATE TABLE clicks (kind text NOT NULL, at date NOT NULL, note text);
ALTER TABLE events ATTACH PARTITION clicks FOR VALUES IN ('click');
CREATE INDEX clicks_of_my_own ON clicks (at, note);
CREATE INDEX clicks_noted ON clicks (at, note) WHERE note IS NOT NULL;
CREATE TABLE views PARTITION OF events FOR VALUES IN ('view');
ALTER TABLE views ADD PRIMARY KEY (kind, at);
