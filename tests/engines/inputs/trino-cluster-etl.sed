# SPDX-License-Identifier: Apache-2.0
# What Trino 384 took and 476 does not.
s|tag: "384"|tag: "476"|
# Java 25 does not start with it.
/-XX:-UseBiasedLocking/d
# "No factory for connector 'hive_hadoop2'"
s|connector.name=hive-hadoop2|connector.name=hive|
# "Configuration property ... was not used": gone, and the S3 client has other
# names. It stalls without a region.
/hive.allow-drop-table=/d
/hive.s3.ssl.enabled=/d
s|^\( *\)hive.s3.path-style-access=|\1fs.native-s3.enabled=true\n\1s3.region=us-east-1\n\1s3.path-style-access=|
s|hive.s3.max-connections=|s3.max-connections=|
s|hive.s3.aws-|s3.aws-|
# The store of this check: without TLS.
s|hive.s3.endpoint=https:|s3.endpoint=http:|
