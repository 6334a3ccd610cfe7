CREATE EXTENSION citext;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist SCHEMA public;
COMMENT ON EXTENSION pg_trgm IS 'for the search';
CREATE SCHEMA billing;
COMMENT ON SCHEMA billing IS 'money';
CREATE SCHEMA ledger;
CREATE TABLE ledger.applied (id int PRIMARY KEY);
CREATE TYPE public.status AS ENUM ('draft', 'active', 'it''s');
ALTER TYPE public.status ADD VALUE 'first' BEFORE 'draft';
COMMENT ON TYPE public.status IS 'a status';
CREATE SEQUENCE billing.numbers AS integer START 7 INCREMENT 3 MINVALUE 1 MAXVALUE 1000 CACHE 5 CYCLE;
COMMENT ON SEQUENCE billing.numbers IS 'invoice numbers';
CREATE TABLE public.users (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 10) PRIMARY KEY,
    old_id serial,
    dropped int,
    email citext NOT NULL UNIQUE,
    name varchar(120) COLLATE "C" DEFAULT E'a\\b''c',
    state public.status NOT NULL DEFAULT 'draft',
    states public.status[],
    born date DEFAULT '2020-02-29',
    seen timestamptz DEFAULT '2020-02-29 12:00:00+02',
    pause interval DEFAULT '1 day 02:00:00',
    ratio double precision DEFAULT 0.1,
    bytes bytea DEFAULT '\x00ff',
    doubled double precision GENERATED ALWAYS AS (ratio * 2) STORED,
    boss bigint REFERENCES public.users ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT named CHECK (ratio > 0 AND name <> 'x'),
    CONSTRAINT always CHECK (true) NO INHERIT
);
ALTER TABLE public.users DROP COLUMN dropped;
ALTER TABLE public.users ADD CONSTRAINT later CHECK (old_id > 0) NOT VALID;
CREATE INDEX users_name_trgm ON public.users USING gin (name gin_trgm_ops);
CREATE UNIQUE INDEX users_lower ON public.users (lower(name), born DESC NULLS LAST) INCLUDE (seen)
    WITH (fillfactor = 70) WHERE state = 'active';
COMMENT ON TABLE public.users IS E'people\nof all kinds';
COMMENT ON COLUMN public.users.email IS 'unique';
COMMENT ON CONSTRAINT named ON public.users IS 'a check';
COMMENT ON INDEX public.users_lower IS 'an index';
COMMENT ON INDEX public.users_pkey IS 'inside a constraint';
CREATE UNLOGGED TABLE billing.bookings (
    room int, during tsrange, tenant bigint, no int DEFAULT nextval('billing.numbers'),
    UNIQUE NULLS NOT DISTINCT (room, tenant) INCLUDE (during),
    EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (room > 0),
    CONSTRAINT tenant FOREIGN KEY (tenant) REFERENCES public.users (id) MATCH FULL ON UPDATE CASCADE
);
ALTER TABLE billing.bookings ADD CONSTRAINT fast FOREIGN KEY (tenant) REFERENCES public.users NOT VALID;
CREATE SEQUENCE billing.owned OWNED BY billing.bookings.room;
CREATE TABLE public.empty ();
CREATE TABLE public.nested (one public.users, many public.users[]);
CREATE TEMPORARY TABLE pg_class (x int);
