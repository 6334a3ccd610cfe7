CREATE TYPE pair AS (a int, b text);
CREATE TABLE joins OF pair;
CREATE TABLE leaves (a int, b text);
CREATE TABLE fresh OF pair (a NOT NULL, PRIMARY KEY (a));
