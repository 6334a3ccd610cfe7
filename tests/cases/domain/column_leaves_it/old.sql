CREATE DOMAIN percent AS int CHECK (VALUE BETWEEN 0 AND 100);
CREATE DOMAIN note AS text;
CREATE TYPE state AS ENUM ('on', 'off');
CREATE TYPE point2 AS (x int, y int);
CREATE TABLE t (share percent DEFAULT 5, note note, notes note[], state state DEFAULT 'on', at point2);
CREATE DOMAIN kept AS int;
CREATE TABLE k (a kept, b kept[]);
