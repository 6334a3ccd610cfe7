CREATE TABLE people (id bigint NOT NULL, token uuid, email text, nick text, a integer, b integer,
    CONSTRAINT people_token_key PRIMARY KEY (token),
    CONSTRAINT people_pkey UNIQUE (id) WITH (fillfactor = 80),
    CONSTRAINT people_nick_key UNIQUE (nick, a) INCLUDE (email),
    CONSTRAINT people_email_key UNIQUE NULLS NOT DISTINCT (email) DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX people_b_key ON people (b);

CREATE TABLE friends (of bigint REFERENCES people (id), since date, nick text, token uuid REFERENCES people);
CREATE TABLE plain (id bigint CONSTRAINT plain_key PRIMARY KEY);
