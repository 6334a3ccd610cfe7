-- Functions that depend on a transform stay.
CREATE FUNCTION recv(internal) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'int4recv';
CREATE TRANSFORM FOR integer LANGUAGE plpgsql (FROM SQL WITH FUNCTION prsd_lextype(internal));
CREATE TRANSFORM FOR text LANGUAGE sql (TO SQL WITH FUNCTION textrecv(internal));
CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE plpgsql TRANSFORM FOR TYPE integer
    AS 'BEGIN RETURN $1 * 2; END';
