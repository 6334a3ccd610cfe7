-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, a timestamptz DEFAULT now(), b date DEFAULT CURRENT_DATE, c varchar(3) DEFAULT 'x');
