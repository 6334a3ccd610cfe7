DO $$ BEGIN CLUSTER public.t USING t_pkey; END $$;
