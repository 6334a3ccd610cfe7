ALTER TABLE public.t ADD CONSTRAINT t_a_check CHECK (a > 0) NOT VALID;
-- schema:section
ALTER TABLE public.t VALIDATE CONSTRAINT t_a_check;
