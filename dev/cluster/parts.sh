# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154 # parts; dir and here
# The parts of the control plane and their flags. Read with ".", by
# cluster.sh, which has spawn(), ${dir} and ${here}.

parts="etcd kube-apiserver kube-controller-manager kube-scheduler kwok"

# make_certs: one CA, one server certificate, one key for the tokens of service
# accounts, in the working directory.
make_certs() {
	for f in ca api sa; do
		openssl ecparam -name prime256v1 -genkey -noout -out "$f.key"
	done
	openssl req -x509 -new -key ca.key -subj /CN=kc-ca -days 3650 \
		-out ca.crt -config /dev/null \
		-addext basicConstraints=critical,CA:true \
		-addext keyUsage=critical,keyCertSign,cRLSign
	names=IP:127.0.0.1,IP:10.96.0.1,DNS:localhost,DNS:kubernetes
	names=$names,DNS:kubernetes.default,DNS:kubernetes.default.svc
	printf '%s\n' "subjectAltName=$names" \
		'extendedKeyUsage=serverAuth' >api.ext
	openssl req -new -key api.key -subj /CN=kube-apiserver \
		-config /dev/null -out api.csr
	openssl x509 -req -in api.csr -CA ca.crt -CAkey ca.key -set_serial 2 \
		-days 3650 -extfile api.ext -out api.crt 2>/dev/null
	rm api.csr
}

# make_kubeconfig PORT TOKEN: the administrator's.
make_kubeconfig() {
	cat <<-END
	apiVersion: v1
	kind: Config
	current-context: kc
	clusters:
	- name: kc
	  cluster:
	    server: "https://127.0.0.1:$1"
	    certificate-authority-data: $(openssl base64 -A -in "$dir/ca.crt")
	users:
	- {name: admin, user: {token: $2}}
	contexts:
	- {name: kc, context: {cluster: kc, user: admin}}
	END
}

# make_pod_logs: what "kubectl logs" of any pod gives, in the CRI log format.
make_pod_logs() {
	line='2026-01-01T00:00:00.000000000Z stdout F'
	echo "$line kwok: no container runs here" >"$dir/log/pods"
	cat >"$dir/logs.yaml" <<-END
	apiVersion: kwok.x-k8s.io/v1alpha1
	kind: ClusterLogs
	metadata: {name: all}
	spec: {logs: [{logsFile: '$dir/log/pods'}]}
	END
}

# spawn_etcd CLIENT_PORT PEER_PORT
# No fsync: a power failure may cost a test cluster, an ended process does not.
spawn_etcd() {
	client=http://127.0.0.1:$1
	peers=http://127.0.0.1:$2
	spawn etcd 1 --name=kc --data-dir="$dir/etcd" --unsafe-no-fsync \
		--log-level=error \
		--listen-client-urls="$client" \
		--advertise-client-urls="$client" \
		--listen-peer-urls="$peers" \
		--initial-advertise-peer-urls="$peers" \
		--initial-cluster="kc=$peers"
}

# spawn_api ETCD_PORT PORT
# The reconciler refuses loopback addresses for the Service "kubernetes", so it
# is off; nodes are asked by address, because nothing resolves their names.
spawn_api() {
	spawn kube-apiserver 2 --etcd-servers="http://127.0.0.1:$1" \
		--bind-address=127.0.0.1 --secure-port="$2" \
		--advertise-address=127.0.0.1 --endpoint-reconciler-type=none \
		--tls-cert-file="$dir/api.crt" \
		--tls-private-key-file="$dir/api.key" \
		--client-ca-file="$dir/ca.crt" \
		--token-auth-file="$dir/tokens.csv" --authorization-mode=RBAC \
		--service-account-issuer=https://kubernetes.default.svc \
		--service-account-key-file="$dir/sa.key" \
		--service-account-signing-key-file="$dir/sa.key" \
		--service-cluster-ip-range=10.96.0.0/16 \
		--kubelet-preferred-address-types=InternalIP \
		--allow-privileged=true --profiling=false \
		--etcd-compaction-interval=0
}

# spawn_controllers: all but those that nothing here has work for. There are no
# metrics, so all that autoscalers do is to keep the minimum; they look every
# two seconds (15 in a real cluster), tests need not wait longer.
spawn_controllers() {
	off=-node-ipam-controller,-ttl-controller
	off=$off,-certificatesigningrequest-signing-controller
	off=$off,-certificatesigningrequest-approving-controller
	off=$off,-certificatesigningrequest-cleaner-controller
	off=$off,-persistentvolume-attach-detach-controller
	off=$off,-persistentvolume-expander-controller
	off=$off,-legacy-serviceaccount-token-cleaner-controller
	off=$off,-endpointslice-mirroring-controller
	off=$off,-validatingadmissionpolicy-status-controller
	spawn kube-controller-manager 1 --kubeconfig="$dir/kubeconfig" \
		--leader-elect=false --secure-port=0 --profiling=false \
		--service-account-private-key-file="$dir/sa.key" \
		--root-ca-file="$dir/ca.crt" --controllers="*,$off" \
		--horizontal-pod-autoscaler-sync-period=2s
}

spawn_scheduler() {
	spawn kube-scheduler 1 --kubeconfig="$dir/kubeconfig" \
		--leader-elect=false --secure-port=0 --profiling=false
}

# spawn_kwok PORT: of the kubelets that it stands for.
spawn_kwok() {
	spawn kwok 1 --kubeconfig="$dir/kubeconfig" \
		--config="$here/stages.yaml" --config="$dir/logs.yaml" \
		--manage-all-nodes=true --node-ip=127.0.0.1 --node-port="$1" \
		--server-address="127.0.0.1:$1" \
		--tls-cert-file="$dir/api.crt" \
		--tls-private-key-file="$dir/api.key" \
		--cidr=10.244.0.1/16 --node-lease-duration-seconds=40
}
