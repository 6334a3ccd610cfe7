CREATE TABLE m (a int, b int, CONSTRAINT m_key PRIMARY KEY (a, b)) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
CREATE INDEX m_b ON m (b);
-- Those of the partition keep their names.
ALTER TABLE m RENAME CONSTRAINT m_key TO m_pkey;
ALTER INDEX m_b RENAME TO m_by_b;
