-- SPDX-License-Identifier: Apache-2.0
-- $1 text: name; $2 text: value.
SELECT apply_fact($1, $2)
