INSERT INTO t VALUES (1, '{a,c}', 'a', '{{a},{c}}', '{x}'), (2, '{}', NULL, '{a}', NULL);
