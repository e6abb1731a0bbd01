-- SPDX-License-Identifier: Apache-2.0
-- What /readyz asks. applier_age_ms NULL: none was ever seen.
-- schema integer, applier_age_ms bigint
SELECT (SELECT max(number) FROM schema_version) AS schema,
       (SELECT (extract(epoch FROM now() - max(seen_at)) * 1000)::bigint
          FROM server_node WHERE process = 'apply') AS applier_age_ms
