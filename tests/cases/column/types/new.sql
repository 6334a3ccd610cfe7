CREATE TABLE t (a varchar(40), b bigint, c int, d numeric(12,2), e date, f text[], g uuid[], h jsonb, i varchar(10) DEFAULT 'y', j text CHECK (j > '0'), k int);
