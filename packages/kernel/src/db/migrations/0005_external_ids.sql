-- The id that the operator's own automation gave an org names one org of the instance.
CREATE UNIQUE INDEX org_by_external_id ON gatehouse.org (external_id) WHERE external_id IS NOT NULL;
