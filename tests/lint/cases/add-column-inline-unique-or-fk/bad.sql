ALTER TABLE public.t ADD COLUMN d bigint REFERENCES public.u (id), ADD COLUMN e integer UNIQUE, ADD COLUMN f integer CHECK (f > 0);
