ALTER TABLE public.t ADD CONSTRAINT t_a_fkey FOREIGN KEY (id) REFERENCES public.t (id);
