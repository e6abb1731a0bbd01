-- SPDX-License-Identifier: Apache-2.0
-- Wake the appliers; in a transaction of its own.
NOTIFY roaster_wake
