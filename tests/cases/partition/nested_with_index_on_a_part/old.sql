-- Of a partition's own partitions only some have the index: it must be attached after its table.
CREATE TABLE events (at integer, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_2 (at integer, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_3 PARTITION OF events FOR VALUES FROM (1000) TO (2000) PARTITION BY RANGE (at);
CREATE TABLE events_31 PARTITION OF events_3 FOR VALUES FROM (1000) TO (1500);
