DO $$ BEGIN PERFORM count(*) FROM public.t; END $$;
