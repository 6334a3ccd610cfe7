CREATE FOREIGN DATA WRAPPER files;
CREATE SERVER here FOREIGN DATA WRAPPER files;
CREATE SERVER there FOREIGN DATA WRAPPER files;
CREATE FOREIGN TABLE log (id int OPTIONS (position '1') NOT NULL, line text DEFAULT 'x', gone date OPTIONS (position '3'),
    CONSTRAINT positive CHECK (id > 0)) SERVER here OPTIONS (path '/a', format 'csv');
CREATE FOREIGN TABLE moves (a int) SERVER here;
CREATE FOREIGN TABLE drops (a int) SERVER here;
CREATE FOREIGN TABLE becomes_plain (a int) SERVER here;
COMMENT ON FOREIGN TABLE log IS 'one';
COMMENT ON COLUMN log.line IS 'one';
CREATE VIEW errors AS SELECT id, line FROM log WHERE line LIKE 'E%';
