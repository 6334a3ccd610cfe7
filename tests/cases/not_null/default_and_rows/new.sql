CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 3, b text NOT NULL DEFAULT 'z', c timestamptz NOT NULL DEFAULT now(), d uuid NOT NULL DEFAULT gen_random_uuid());
