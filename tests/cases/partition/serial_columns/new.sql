CREATE TABLE readings (id serial, station text, value int);
CREATE TABLE labels (id text, station text) PARTITION BY LIST (station);
CREATE TABLE labels_north PARTITION OF labels FOR VALUES IN ('north');
