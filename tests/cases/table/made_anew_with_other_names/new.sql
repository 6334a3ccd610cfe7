CREATE TABLE events (at date NOT NULL, kind text, CONSTRAINT events_kinds CHECK (kind <> '')) PARTITION BY RANGE (at);
CREATE INDEX events_by_kind ON events (kind);
COMMENT ON INDEX events_by_kind IS 'For reports';
CREATE STATISTICS events_st ON at, kind FROM events;
