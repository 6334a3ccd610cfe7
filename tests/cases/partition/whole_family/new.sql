CREATE TABLE other (id int PRIMARY KEY);
CREATE TABLE log (
    id bigint NOT NULL,
    at date NOT NULL DEFAULT current_date,
    region text NOT NULL CHECK (region <> ''),
    other_id int REFERENCES other,
    note text,
    PRIMARY KEY (id, at, region)
) PARTITION BY RANGE (at, id);
CREATE TABLE log_2025 PARTITION OF log FOR VALUES FROM ('2025-01-01', MINVALUE) TO ('2026-01-01', MINVALUE);
CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01', MINVALUE) TO ('2027-01-01', MINVALUE)
    PARTITION BY LIST (region);
CREATE TABLE log_2026_eu PARTITION OF log_2026 (note DEFAULT 'eu', CONSTRAINT eu_only CHECK (region = 'eu')) FOR VALUES IN ('eu');
CREATE TABLE log_2026_rest PARTITION OF log_2026 DEFAULT;
CREATE TABLE log_rest PARTITION OF log DEFAULT;
CREATE INDEX ON log (note);
CREATE INDEX by_length ON log (length(note), (id % 7));
CREATE INDEX ON log_2026_eu (id);
CREATE TABLE hashed (id int, code text) PARTITION BY HASH (lower(code));
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE uses (log_id bigint, at date, region text, FOREIGN KEY (log_id, at, region) REFERENCES log);
COMMENT ON TABLE log_2025 IS 'last year';
COMMENT ON COLUMN log_2025.note IS 'its note';
