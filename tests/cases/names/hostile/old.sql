CREATE SCHEMA "S ""1";
CREATE TYPE "S ""1"."e;--" AS ENUM ('it''s', '$$', 'a\b');
CREATE TABLE "S ""1"."select" (
    "user" int CONSTRAINT "pk;" PRIMARY KEY,
    "🦀" "S ""1"."e;--" DEFAULT 'it''s' CONSTRAINT "c'k" CHECK ("🦀" <> '$$'),
    "a.b" int[],
    "%" text,
    "ééééééééééééééééééééééééééééééé" int GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX "i/*" ON "S ""1"."select" ("%", "a.b") WHERE "🦀" = 'a\b';
COMMENT ON COLUMN "S ""1"."select"."🦀" IS E'line\n-- two; ''\\';
