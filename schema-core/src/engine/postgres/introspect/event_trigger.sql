SELECT e.oid, e.evtname::text, e.evtevent::text, COALESCE(e.evttags, '{}'), n.nspname::text, p.proname::text,
       e.evtenabled::text
FROM pg_event_trigger e
JOIN pg_proc p ON p.oid = e.evtfoid
JOIN pg_namespace n ON n.oid = p.pronamespace
