CREATE TABLE other (id integer);
CREATE TABLE runs (id integer, day date, what text) PARTITION BY RANGE (day);
CREATE TABLE runs_a PARTITION OF runs FOR VALUES FROM ('2026-01-01') TO ('2026-02-01') PARTITION BY LIST (what);
CREATE TABLE runs_a_x PARTITION OF runs_a FOR VALUES IN ('x');
CREATE INDEX runs_what ON ONLY runs (what);
