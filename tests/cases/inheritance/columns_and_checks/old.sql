CREATE TABLE base (id int NOT NULL, a text, gone int, kept int, CONSTRAINT c1 CHECK (id > 0));
CREATE TABLE heir (b text, kept int) INHERITS (base);
CREATE TABLE both_ways (a text, c text) INHERITS (base);
