CREATE TABLE event (id int NOT NULL, region text NOT NULL, at date) PARTITION BY LIST (region);
CREATE TABLE event_eu PARTITION OF event FOR VALUES IN ('eu');
CREATE TABLE event_us PARTITION OF event FOR VALUES IN ('us');
ALTER TABLE ONLY event ADD CONSTRAINT event_key UNIQUE (region, id);
CREATE UNIQUE INDEX event_eu_key ON event_eu (region, id);
CREATE INDEX event_at ON ONLY event (at);
CREATE INDEX event_us_at ON event_us (at);
ALTER INDEX event_at ATTACH PARTITION event_us_at;
