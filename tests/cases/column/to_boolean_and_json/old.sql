CREATE TABLE t (id int PRIMARY KEY, flag int NOT NULL DEFAULT 0 CHECK (flag IN (0, 1)), doc text DEFAULT '{}', at timestamp DEFAULT now(), tags text DEFAULT 'a');
CREATE INDEX t_doc ON t (doc);
CREATE INDEX t_flag ON t (id) WHERE flag = 1;
