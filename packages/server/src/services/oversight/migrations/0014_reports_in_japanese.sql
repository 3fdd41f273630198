-- The report on paper for readers of Japanese; a report from before has none.
ALTER TABLE oversight.report ADD COLUMN pdf_ja bytea, ADD COLUMN pdf_ja_hash text;
