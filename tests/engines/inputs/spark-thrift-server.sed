# SPDX-License-Identifier: Apache-2.0
# A current image, and the store of this check: without TLS.
s|image: "cloudcheflabs/spark:v3.0.3"|image: "apache/spark:3.5.8"|
s|endpoint: "https://any-endpoint"|endpoint: "http://any-endpoint"|
