CREATE TABLE denied (id serial PRIMARY KEY, item int UNIQUE, CONSTRAINT few CHECK (item < 10));
ALTER TABLE denied RENAME TO allowed;
