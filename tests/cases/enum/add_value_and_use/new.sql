CREATE TYPE s AS ENUM ('0','a','b','c','d'); CREATE TABLE t (id bigint PRIMARY KEY, s s NOT NULL DEFAULT 'b', CHECK (s <> '0'));
