-- loose
SET statement_timeout = '1min';
ALTER TABLE public.t ADD COLUMN d integer;
