ALTER TYPE public.status ADD VALUE 'closed';
