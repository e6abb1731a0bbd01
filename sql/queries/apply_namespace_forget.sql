-- SPDX-License-Identifier: Apache-2.0
-- $1 text: namespace.
SELECT apply_namespace_forget($1)
