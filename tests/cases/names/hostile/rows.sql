INSERT INTO "S ""1"."select" VALUES (1, 'a\b', '{1}', '%s');
