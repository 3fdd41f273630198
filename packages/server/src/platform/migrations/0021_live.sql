CALL gatehouse.hint_at('platform.security_notice', 'notices', 'INSERT OR DELETE OR UPDATE OF title, message');
