CREATE FOREIGN DATA WRAPPER files;
CREATE SERVER here FOREIGN DATA WRAPPER files;
CREATE SERVER there FOREIGN DATA WRAPPER files;
CREATE FOREIGN TABLE log (id bigint OPTIONS (position '2', "Odd" 'y'), line text COLLATE "C", added uuid OPTIONS (position '4'),
    CONSTRAINT positive CHECK (id > 1)) SERVER here OPTIONS (path '/b', header 'true');
CREATE FOREIGN TABLE moves (a int OPTIONS (x 'y')) SERVER there;
CREATE FOREIGN TABLE fresh (a int OPTIONS (x 'it''s'), b text NOT NULL DEFAULT 'z') SERVER there OPTIONS (path '/c');
CREATE TABLE becomes_plain (a int);
COMMENT ON FOREIGN TABLE log IS 'two';
COMMENT ON COLUMN log.line IS 'two';
CREATE VIEW errors AS SELECT id, line FROM log WHERE line LIKE 'E%';
