CREATE TYPE pair AS (a int, b text);
CREATE TABLE pairs OF pair (PRIMARY KEY (a));
CREATE TABLE more OF pair (b DEFAULT 'x');
CREATE TABLE goes OF pair;
CREATE TYPE retyped AS (a text);
CREATE TABLE retypes OF retyped;
CREATE TYPE shrinks AS (a int, b int);
CREATE TABLE shrinks_too OF shrinks;
CREATE TABLE of_shrunk (a int, c int);
