-- What would let somebody see rows that are not theirs: one row for each flaw.
-- `mine` is the login with every role that it may become.
WITH mine AS (
    SELECT r.oid, r.rolname, r.rolsuper, r.rolbypassrls
    FROM pg_roles r WHERE pg_has_role(session_user, r.oid, 'MEMBER')
), relations AS (
    SELECT c.oid, c.relname, c.relkind, c.relowner, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, c.relacl
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
), parties AS (
    SELECT r.oid, r.rolname FROM pg_roles r
    WHERE r.rolname IN ('relevo_tenant', 'relevo_operator', 'relevo_vendor', 'relevo_worker')
), acts (name, letter) AS (
    VALUES ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')
)
SELECT 'LOGIN_IS_SUPERUSER' AS reason, rolname::text AS what FROM mine WHERE rolsuper
UNION ALL
SELECT 'LOGIN_BYPASSES_POLICIES', rolname FROM mine WHERE rolbypassrls
UNION ALL
SELECT 'LOGIN_OWNS_TABLE', relname FROM relations JOIN mine ON mine.oid = relowner
UNION ALL
SELECT 'TABLE_POLICY_NOT_FORCED', relname FROM relations
WHERE relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity)
UNION ALL
-- Each party that may do something to a table has a policy of its own for it.
SELECT 'TABLE_POLICY_MISSING', format('%s: %s for %s', c.relname, acts.name, parties.rolname)
FROM relations c, parties, acts
WHERE c.relkind IN ('r', 'p') AND has_table_privilege(parties.oid, c.oid, acts.name)
AND NOT EXISTS (
    SELECT FROM pg_policy p
    WHERE p.polrelid = c.oid AND p.polcmd IN ('*', acts.letter::"char") AND parties.oid = ANY (p.polroles)
)
UNION ALL
-- A policy that says nothing opens the table to tenant or vendor.
SELECT 'TABLE_POLICY_OPEN', format('%s: %s', c.relname, p.polname)
FROM relations c JOIN pg_policy p ON p.polrelid = c.oid
WHERE pg_get_expr(p.polqual, p.polrelid) = 'true'
AND EXISTS (SELECT FROM parties WHERE rolname IN ('relevo_tenant', 'relevo_vendor') AND parties.oid = ANY (p.polroles))
UNION ALL
SELECT 'TABLE_OPEN_TO_PUBLIC', c.relname FROM relations c
WHERE EXISTS (SELECT FROM aclexplode(c.relacl) acl WHERE acl.grantee = 0)
OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND 0 = ANY (p.polroles))
UNION ALL
-- A materialized view keeps what its owner saw, and can have no policy.
SELECT 'VIEW_NOT_INVOKER', relname FROM relations
WHERE relkind = 'm' OR relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)
UNION ALL
SELECT 'FUNCTION_IS_DEFINER', proname FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND prosecdef
ORDER BY 1, 2
