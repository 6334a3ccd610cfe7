-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, unit_price double precision, paid money);
