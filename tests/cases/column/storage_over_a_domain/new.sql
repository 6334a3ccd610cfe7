CREATE DOMAIN money_ AS numeric(10,2);
CREATE DOMAIN price AS money_;
CREATE DOMAIN label AS text;
CREATE TABLE t (a price, b label);
