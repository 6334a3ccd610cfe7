CREATE TYPE point_3d AS (x float8, y float8, z float8);
