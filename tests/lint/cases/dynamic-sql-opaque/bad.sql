DO $$ BEGIN EXECUTE format('COMMENT ON TABLE %I.t IS %L', 'public', 'x'); END $$;
