-- Usage is what programs call: what a person's session asks for, such as the screens that keep themselves fresh, is no use
-- of the API. The days so far hold both, and only the path tells them apart.
GRANT SELECT (user_id) ON gatehouse.api_call TO gatehouse_writer;
DELETE FROM platform.usage_day WHERE route LIKE '/dashboard/%';
