-- loose
SET lock_timeout = '5s';
ALTER TABLE public.t ADD COLUMN d integer;
