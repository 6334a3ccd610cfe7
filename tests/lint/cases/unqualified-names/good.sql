ALTER TABLE public.t ADD COLUMN d integer;
CREATE TEMPORARY TABLE mine (id bigint);
