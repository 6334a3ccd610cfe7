ALTER TYPE public.status ADD VALUE 'closed' AFTER 'done';
-- schema:section
ALTER TABLE public.t ALTER COLUMN status SET DEFAULT 'closed';
