ALTER TABLE public.t ADD CONSTRAINT t_a_check CHECK (a > 0) NOT VALID;
CREATE UNIQUE INDEX u_name_idx ON public.u (name);
