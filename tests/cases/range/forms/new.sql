CREATE TYPE floats AS RANGE (subtype = numeric, multirange_type_name = floats_multirange);
CREATE TYPE texts AS RANGE (subtype = text, collation = "POSIX");
CREATE TYPE renamed AS RANGE (subtype = int, multirange_type_name = many_after);
CREATE TYPE plain AS RANGE (subtype = date);
CREATE TABLE t (f floats, fs floats[], m floats_multirange, x texts, EXCLUDE USING gist (f WITH &&));
COMMENT ON TYPE floats IS 'of numbers';
