ALTER TABLE public.t ADD COLUMN d integer;
-- schema:section no-transaction
CREATE INDEX CONCURRENTLY u_name_idx ON public.u (name);
