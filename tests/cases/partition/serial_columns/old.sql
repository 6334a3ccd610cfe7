-- The key goes: the table is made anew, and its sequence with it.
CREATE TABLE readings (id serial, station text, value int) PARTITION BY LIST (station);
CREATE TABLE readings_north PARTITION OF readings FOR VALUES IN ('north');
-- Its numbers become words, in the partition as well: the sequence goes alone.
CREATE TABLE labels (id serial, station text) PARTITION BY LIST (station);
CREATE TABLE labels_north PARTITION OF labels FOR VALUES IN ('north');
