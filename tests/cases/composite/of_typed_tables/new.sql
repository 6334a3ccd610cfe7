CREATE TYPE pair AS (a int, c int);
CREATE TABLE pairs OF pair (PRIMARY KEY (a));
CREATE TABLE more OF pair (c NOT NULL);
CREATE TABLE comes OF pair;
CREATE TYPE retyped AS (a int, b bool);
CREATE TABLE retypes OF retyped;
CREATE TYPE shrinks AS (a int);
CREATE TABLE shrinks_too OF shrinks;
CREATE TABLE of_shrunk OF shrinks;
