CREATE TABLE public.orders (id bigint, selected text);
