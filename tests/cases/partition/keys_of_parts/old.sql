-- Indexes of partitions that are attached, to keys of the whole that not all partitions have.
CREATE TABLE event (id int NOT NULL, region text NOT NULL, at date) PARTITION BY LIST (region);
CREATE TABLE event_eu PARTITION OF event FOR VALUES IN ('eu');
CREATE TABLE event_us PARTITION OF event FOR VALUES IN ('us');
ALTER TABLE ONLY event ADD CONSTRAINT event_key UNIQUE (region, id);
CREATE UNIQUE INDEX event_eu_key ON event_eu (region, id);
ALTER TABLE event_eu ADD CONSTRAINT event_eu_key UNIQUE USING INDEX event_eu_key;
ALTER INDEX event_key ATTACH PARTITION event_eu_key;
CREATE INDEX event_at ON ONLY event (at);
CREATE INDEX event_eu_at ON event_eu (at);
CREATE INDEX event_us_at ON event_us (at);
ALTER INDEX event_at ATTACH PARTITION event_eu_at;
ALTER INDEX event_at ATTACH PARTITION event_us_at;
