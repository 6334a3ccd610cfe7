CREATE TABLE base (id bigint NOT NULL, a varchar(20) DEFAULT 'x', fresh int DEFAULT 1, CONSTRAINT c2 CHECK (id > 10), CONSTRAINT only_here CHECK (id < 99) NO INHERIT);
CREATE TABLE heir (b text, kept int) INHERITS (base);
ALTER TABLE heir ALTER fresh SET DEFAULT 2;
CREATE TABLE both_ways (a varchar(20), c text) INHERITS (base);
CREATE TABLE further (d text) INHERITS (heir);
