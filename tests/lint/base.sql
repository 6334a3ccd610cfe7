-- What is there before each case: the migration 1_base.
CREATE TYPE public.status AS ENUM ('new', 'open', 'done');
CREATE DOMAIN public.mail AS text CHECK (VALUE ~ '@');
CREATE SEQUENCE public.s;
CREATE TABLE public.u (id bigint PRIMARY KEY, name text);
CREATE TABLE public.t (
    id bigint PRIMARY KEY,
    a integer,
    b integer NOT NULL DEFAULT 0,
    c text,
    v varchar(10),
    n numeric(10, 2) NOT NULL DEFAULT 0,
    at timestamptz NOT NULL DEFAULT now(),
    u bigint,
    r int4range,
    status public.status NOT NULL DEFAULT 'new',
    CONSTRAINT t_v_key UNIQUE (v),
    CONSTRAINT t_b_check CHECK (b >= 0),
    CONSTRAINT t_u_fkey FOREIGN KEY (u) REFERENCES public.u (id)
);
CREATE INDEX t_c_idx ON public.t (c);
CREATE TABLE public.counter (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
CREATE TABLE public.p (id integer, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE public.p_1 PARTITION OF public.p FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE public.p_2 (id integer, at date NOT NULL);
CREATE MATERIALIZED VIEW public.m AS SELECT id, c FROM public.t;
CREATE UNIQUE INDEX m_id_idx ON public.m (id);
CREATE VIEW public.w AS SELECT id, c FROM public.t;
CREATE FUNCTION public.f(x integer) RETURNS integer LANGUAGE sql STABLE AS 'SELECT x';
CREATE FUNCTION public.g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t_g BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.g();
CREATE TABLE public.secured (id bigint PRIMARY KEY, owner text);
CREATE POLICY own ON public.secured USING (owner = CURRENT_USER);
ALTER TABLE public.secured ENABLE ROW LEVEL SECURITY;
CREATE SCHEMA old;
CREATE TABLE old.x (id bigint);
CREATE TABLE public.k1 (id bigint PRIMARY KEY, a integer);
CREATE TABLE public.k2 (id bigint PRIMARY KEY, a integer);
CREATE TABLE public.k3 (id bigint PRIMARY KEY, a integer);
CREATE TABLE public.k4 (id bigint PRIMARY KEY, a integer);
CREATE TABLE public.k5 (id bigint PRIMARY KEY, a integer);
CREATE TABLE public.k6 (id bigint PRIMARY KEY, a integer);
CREATE TABLE public.keyless (id bigint NOT NULL, c text);
