ALTER TABLE public.t ADD COLUMN d text;
ALTER TABLE public.t ADD CONSTRAINT d_valid CHECK (d ~ '@') NOT VALID;
