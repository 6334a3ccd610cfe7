CREATE FOREIGN DATA WRAPPER files;
CREATE SERVER here FOREIGN DATA WRAPPER files;
CREATE TABLE logs (id integer, line text NOT NULL, since date, CONSTRAINT positive CHECK (id > 1));
CREATE FOREIGN TABLE old_logs (host text OPTIONS (position '1')) INHERITS (logs) SERVER here OPTIONS (path '/x');
CREATE FOREIGN TABLE fresh () INHERITS (logs) SERVER here;
CREATE FOREIGN TABLE alone (id integer, line text, CONSTRAINT positive CHECK (id > 0)) SERVER here;
CREATE FOREIGN TABLE above (id integer, added text) SERVER here;
CREATE TABLE below (note text) INHERITS (above);
