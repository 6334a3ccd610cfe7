ALTER TYPE public.status ADD VALUE 'closed' AFTER 'done';
ALTER TABLE public.t ALTER COLUMN status SET DEFAULT 'closed';
