CREATE DOMAIN email AS text NOT NULL CONSTRAINT looks CHECK (VALUE LIKE '%_@_%') CONSTRAINT new_name CHECK (VALUE <> '');
CREATE DOMAIN amount AS numeric(12, 2) DEFAULT 1.5;
CREATE DOMAIN strict_email AS email CONSTRAINT lower CHECK (VALUE = lower(VALUE));
CREATE TABLE users (id int, mail email, other strict_email, due amount);
ALTER DOMAIN amount ADD CONSTRAINT later CHECK (VALUE > -100);
CREATE DOMAIN fresh AS varchar(20) COLLATE "C" DEFAULT 'x' NOT NULL CHECK (length(VALUE) > 0);
COMMENT ON DOMAIN email IS 'two';
COMMENT ON CONSTRAINT looks ON DOMAIN email IS 'has an @ inside';
