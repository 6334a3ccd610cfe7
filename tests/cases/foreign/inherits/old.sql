-- Foreign tables inherit from tables, and tables from foreign ones.
CREATE FOREIGN DATA WRAPPER files;
CREATE SERVER here FOREIGN DATA WRAPPER files;
CREATE TABLE logs (id integer, line text, gone date, CONSTRAINT positive CHECK (id > 0));
CREATE FOREIGN TABLE old_logs (host text) INHERITS (logs) SERVER here;
CREATE FOREIGN TABLE alone (id integer, line text, CONSTRAINT positive CHECK (id > 0)) SERVER here;
CREATE FOREIGN TABLE above (id integer) SERVER here;
CREATE TABLE below (note text) INHERITS (above);
