-- A log-out token is noted as taken in the transaction that ends its sessions: neither happens without the other.
GRANT INSERT ON platform.sso_logout_token TO gatehouse_app;
