ALTER TABLE public.t ADD CONSTRAINT t_a_fkey FOREIGN KEY (id) REFERENCES public.t (id) NOT VALID;
-- schema:section
ALTER TABLE public.t VALIDATE CONSTRAINT t_a_fkey;
