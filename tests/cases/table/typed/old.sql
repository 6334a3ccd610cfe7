CREATE TYPE pair AS (a int, b text);
CREATE TABLE joins (a int, c int);
CREATE TABLE leaves OF pair;
