-- catalog
-- config: naming
CREATE TABLE "Users" (id bigint PRIMARY KEY, "firstName" text, CONSTRAINT positive CHECK (id > 0));
CREATE INDEX by_name ON "Users" ("firstName");
