ALTER TABLE public.t ADD CONSTRAINT a_is CHECK (a IS NOT NULL) NOT VALID;
CREATE INDEX u_name_idx ON public.u (name);
