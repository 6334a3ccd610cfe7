ALTER TABLE public.t ADD COLUMN d bigint;
ALTER TABLE public.t ADD CONSTRAINT t_d_fkey FOREIGN KEY (d) REFERENCES public.u (id) NOT VALID;
-- schema:section
ALTER TABLE public.t VALIDATE CONSTRAINT t_d_fkey;
