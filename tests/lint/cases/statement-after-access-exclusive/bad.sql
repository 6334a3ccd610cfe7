ALTER TABLE public.t ADD COLUMN d integer;
CREATE INDEX u_name_idx ON public.u (name);
