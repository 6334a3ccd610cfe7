CREATE TABLE t (id int PRIMARY KEY, a varchar(10) DEFAULT 'x' CHECK (a IN ('x', 'it''s', ']')), b varchar NOT NULL,
    c boolean GENERATED ALWAYS AS (b IN ('y', 'z')) STORED, d varchar[] DEFAULT ARRAY['a', 'b']);
CREATE INDEX t_b ON t (id) WHERE b NOT IN ('y', 'z');
