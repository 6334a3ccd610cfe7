CREATE TYPE point_3d AS (x float8, y float8, z float8);
CREATE FUNCTION point_from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE STRICT AS 'prsd_lextype';
CREATE FUNCTION point_to_sql(internal) RETURNS point_3d LANGUAGE internal IMMUTABLE STRICT AS 'record_recv';
CREATE TRANSFORM FOR point_3d LANGUAGE plpgsql
    (FROM SQL WITH FUNCTION point_from_sql(internal), TO SQL WITH FUNCTION point_to_sql(internal));
COMMENT ON TRANSFORM FOR point_3d LANGUAGE plpgsql IS 'As an array';
CREATE FUNCTION height(point_3d) RETURNS float8 LANGUAGE plpgsql TRANSFORM FOR TYPE point_3d
    AS 'BEGIN RETURN ($1).z; END';
