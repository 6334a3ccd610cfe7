CREATE FUNCTION receive(internal) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'int4recv';
CREATE TRANSFORM FOR integer LANGUAGE plpgsql
    (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION receive(internal));
CREATE TRANSFORM FOR text LANGUAGE plpgsql (TO SQL WITH FUNCTION textrecv(internal));
CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE plpgsql TRANSFORM FOR TYPE integer
    AS 'BEGIN RETURN $1 * 2; END';
