-- min: 15
CREATE TABLE t (e text, f text UNIQUE NULLS NOT DISTINCT);
