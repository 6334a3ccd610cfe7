CREATE TABLE keep (id int PRIMARY KEY);
CREATE TABLE parent (a int, twice int GENERATED ALWAYS AS (a * 2) STORED);
CREATE TABLE child (a int, twice int GENERATED ALWAYS AS (a * 2) STORED, note text);
ALTER TABLE child INHERIT parent;
CREATE TABLE plain (note text) INHERITS (parent);
