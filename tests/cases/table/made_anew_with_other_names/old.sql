-- The table becomes partitioned, so it is made anew; its parts have other names in the same step.
CREATE TABLE events (at date NOT NULL, kind text, CONSTRAINT kinds CHECK (kind <> ''));
CREATE INDEX by_kind ON events (kind);
COMMENT ON INDEX by_kind IS 'For reports';
CREATE STATISTICS st ON at, kind FROM events;
