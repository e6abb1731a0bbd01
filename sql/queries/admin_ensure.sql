-- SPDX-License-Identifier: Apache-2.0
-- $1 text: password hash for the first admin.
-- is_made boolean
SELECT admin_ensure($1) AS is_made
