CREATE TYPE pair AS (a int, b text);
CREATE TABLE joins (a int, b text);
CREATE TABLE leaves OF pair;
