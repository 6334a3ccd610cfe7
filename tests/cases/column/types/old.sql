CREATE TABLE t (a varchar(20), b int, c text, d numeric(10,2), e timestamptz, f text, g text[], h json, i text DEFAULT 'x', j int CHECK (j > 0), k boolean);
