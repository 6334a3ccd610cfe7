-- Names that Rust does not take as they are, that collide, or that are as long as names can be.
CREATE SCHEMA "My ""Schema""";
CREATE SCHEMA type;
CREATE TYPE "enum" AS ENUM ('a-b', 'a_b', 'A B', '1', '🦀', 'Self', 'it''s "x"', '\');
CREATE TYPE "Table" AS ENUM ('x');
CREATE TYPE blank AS ENUM (' ');
CREATE TABLE "user" (id integer PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY, "ID" integer UNIQUE);
CREATE TABLE "Users" (id integer PRIMARY KEY);
CREATE TABLE options (id integer PRIMARY KEY);
CREATE TABLE string (id integer PRIMARY KEY);
CREATE TABLE "2fa" (
    "2nd" integer,
    type "enum" NOT NULL,
    self "Table",
    "crate" integer,
    "_" integer,
    "__" integer,
    "fn" integer,
    "createdAt" integer,
    created_at integer,
    "with space" integer,
    "with-space" integer,
    "🦀" integer,
    "quo""te" integer,
    "größe" integer,
    " " integer,
    name text,
    blank blank,
    column_name_that_is_exactly_sixty_three_bytes_long_which_is_max integer,
    PRIMARY KEY (type, "fn"),
    CHECK ("quo""te" > 0 AND "🦀" > 1),
    UNIQUE ("with space", "with-space"),
    CONSTRAINT "odd ""name"" 🦀" UNIQUE (column_name_that_is_exactly_sixty_three_bytes_long_which_is_max)
) ;
ALTER TABLE "2fa" ALTER type SET NOT NULL, ALTER "fn" SET NOT NULL;
CREATE INDEX ON "2fa" ("createdAt", "größe" DESC, lower(name));
CREATE INDEX "I ""am"" odd" ON "2fa" (" ");
CREATE TABLE table_name_that_is_exactly_sixty_three_bytes_long_as_names_can (
    id bigserial PRIMARY KEY,
    column_name_that_is_exactly_sixty_three_bytes_long_which_is_max integer
        REFERENCES "2fa" (column_name_that_is_exactly_sixty_three_bytes_long_which_is_max)
        CHECK (column_name_that_is_exactly_sixty_three_bytes_long_which_is_max > 0)
);
CREATE TABLE "My ""Schema""".users (
    id integer PRIMARY KEY REFERENCES public.users ("ID"),
    "type" public."enum",
    "fn" integer,
    FOREIGN KEY ("type", "fn") REFERENCES "2fa" (type, "fn")
);
CREATE TABLE type."mod" ("type" integer PRIMARY KEY);
CREATE TABLE type.self ("type" integer REFERENCES type."mod");
COMMENT ON COLUMN "2fa"."🦀" IS '  ';
COMMENT ON COLUMN "2fa"."fn" IS E'a"#b\r\nc';
