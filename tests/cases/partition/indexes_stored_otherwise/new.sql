CREATE TABLE m (a int, b int, PRIMARY KEY (a) WITH (fillfactor = 80)) PARTITION BY RANGE (a);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);
CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM (10) TO (20);
CREATE INDEX m_b ON m (b);
ALTER INDEX m_1_pkey SET (fillfactor = 50);
ALTER INDEX m_2_pkey RESET (fillfactor);
ALTER INDEX m_1_b_idx SET (fillfactor = 60);
ALTER INDEX m_2_b_idx SET (fillfactor = 70);
