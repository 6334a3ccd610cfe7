INSERT INTO t VALUES (1, 4, '{1,2}', ROW(3, 'x, "y"'), '{a,b}', 'it''s', 'loud', '[1,5)');
INSERT INTO u VALUES (1);
