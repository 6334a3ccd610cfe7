DO $$ BEGIN ALTER TABLE public.t ADD COLUMN d integer; END $$;
