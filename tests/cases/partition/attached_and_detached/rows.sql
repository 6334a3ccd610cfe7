INSERT INTO p VALUES (1, 'a'), (11, 'b');
INSERT INTO joins VALUES (21, 'c');
