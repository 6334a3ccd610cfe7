-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, a timestamp DEFAULT now(), b date DEFAULT CURRENT_TIMESTAMP);
