-- SPDX-License-Identifier: Apache-2.0
-- $1 text: namespace; $2 boolean: roaster made it.
SELECT apply_namespace($1, $2)
