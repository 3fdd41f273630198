-- What /readyz writes to see whether writing works: one row of a whole page, replaced each time. Kept as it is in the page.
CREATE TABLE gatehouse.readiness (filler text NOT NULL);
ALTER TABLE gatehouse.readiness ALTER COLUMN filler SET STORAGE PLAIN;
