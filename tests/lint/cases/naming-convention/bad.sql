-- catalog
-- config: naming
CREATE TABLE "Users" (id bigint PRIMARY KEY, "firstName" text);
CREATE INDEX by_name ON "Users" ("firstName");
