-- loose
SET idle_in_transaction_session_timeout = '1min';
ALTER TABLE public.t ADD COLUMN d integer;
