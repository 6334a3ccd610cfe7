ALTER TYPE public.status ADD VALUE 'closed' AFTER 'done';
