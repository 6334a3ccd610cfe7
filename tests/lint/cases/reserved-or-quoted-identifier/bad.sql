CREATE TABLE public."Order" (id bigint, "select" text);
