-- min: 17
CREATE DOMAIN renamed AS text CONSTRAINT before NOT NULL;
CREATE DOMAIN comes AS text;
CREATE DOMAIN gets_a_name AS text NOT NULL;
CREATE DOMAIN stays AS text CONSTRAINT given NOT NULL CHECK (VALUE <> '');
CREATE TABLE t (of comes);
