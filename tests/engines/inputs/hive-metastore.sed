# SPDX-License-Identifier: Apache-2.0
# A current image of the same line, and the store of this check: without TLS.
s|image: cloudcheflabs/hivemetastore:v3.0.0|image: apache/hive:standalone-metastore-3.1.3|
s|endpoint: https://any-endpoint|endpoint: http://any-endpoint|
