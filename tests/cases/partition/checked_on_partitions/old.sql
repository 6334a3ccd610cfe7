-- Partitions know that the check holds, their parent does not.
CREATE TABLE reading (sensor int, value int) PARTITION BY LIST (sensor);
ALTER TABLE reading ADD CONSTRAINT in_range CHECK (value > 0) NOT VALID;
CREATE TABLE reading_1 PARTITION OF reading FOR VALUES IN (1);
CREATE TABLE reading_2 PARTITION OF reading FOR VALUES IN (2);
