ALTER TABLE public.k1 ADD COLUMN d integer;
ALTER TABLE public.k2 ADD COLUMN d integer;
ALTER TABLE public.k3 ADD COLUMN d integer;
ALTER TABLE public.k4 ADD COLUMN d integer;
ALTER TABLE public.k5 ADD COLUMN d integer;
ALTER TABLE public.k6 ADD COLUMN d integer;
