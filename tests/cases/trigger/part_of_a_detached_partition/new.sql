CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'begin return null; end';
CREATE TABLE m (a int) PARTITION BY RANGE (a);
CREATE TABLE m_1 (a int);
CREATE TABLE m_2 (a int);
CREATE TRIGGER noted AFTER INSERT ON m FOR EACH ROW EXECUTE FUNCTION note();
-- One of its own takes the name.
CREATE TRIGGER noted AFTER DELETE ON m_2 FOR EACH ROW EXECUTE FUNCTION note();
