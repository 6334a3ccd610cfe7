CREATE DOMAIN email AS text CONSTRAINT looks CHECK (VALUE LIKE '%@%') CONSTRAINT old_name CHECK (VALUE <> '');
CREATE DOMAIN amount AS numeric(12, 2) DEFAULT 0;
CREATE DOMAIN strict_email AS email;
CREATE DOMAIN gone AS int CHECK (VALUE > 0) CHECK (VALUE < 10);
CREATE TABLE users (id int, mail email, other strict_email, due amount);
ALTER DOMAIN amount ADD CONSTRAINT later CHECK (VALUE > -100) NOT VALID;
COMMENT ON DOMAIN email IS 'one';
COMMENT ON CONSTRAINT looks ON DOMAIN email IS 'has an @';
