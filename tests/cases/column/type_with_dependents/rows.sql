INSERT INTO parent VALUES (1);
INSERT INTO t (parent, code, n) VALUES (1, '17', 12);
INSERT INTO child VALUES (1);
