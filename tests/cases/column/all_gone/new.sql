CREATE TABLE t (c uuid PRIMARY KEY, d text);
