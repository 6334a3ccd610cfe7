CREATE TABLE other (id int PRIMARY KEY);
CREATE TABLE p (id int NOT NULL, region text, amount int, gone text, kept int) PARTITION BY LIST (region);
CREATE TABLE p_eu PARTITION OF p FOR VALUES IN ('eu');
CREATE TABLE p_us PARTITION OF p FOR VALUES IN ('us') PARTITION BY RANGE (id);
CREATE TABLE p_us_1 PARTITION OF p_us FOR VALUES FROM (0) TO (100);
CREATE INDEX p_gone_idx ON p (gone);
CREATE INDEX on_amount ON p (amount);
ALTER TABLE p ADD CONSTRAINT small CHECK (amount < 1000);
