CREATE TABLE t (id int PRIMARY KEY, flag boolean NOT NULL DEFAULT false, doc jsonb DEFAULT '{}', at timestamptz DEFAULT now(), tags text[] DEFAULT '{a}');
CREATE INDEX t_doc ON t USING gin (doc);
CREATE INDEX t_flag ON t (id) WHERE flag;
