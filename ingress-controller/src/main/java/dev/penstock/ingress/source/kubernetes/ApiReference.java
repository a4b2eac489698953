package dev.penstock.ingress.source.kubernetes;

/**
 * An object as others refer to it.
 *
 * @param apiVersion such as {@code networking.k8s.io/v1}
 * @param namespace empty for cluster-scoped objects
 * @param uid so that another object of the same name is not meant
 */
record ApiReference(String apiVersion, String kind, String namespace, String name, String uid) {
  /** As the API has it in {@code regarding}. */
  String json() {
    return "{\"apiVersion\":"
        + ApiWrite.quoted(apiVersion)
        + ",\"kind\":"
        + ApiWrite.quoted(kind)
        + (namespace.isEmpty() ? "" : ",\"namespace\":" + ApiWrite.quoted(namespace))
        + ",\"name\":"
        + ApiWrite.quoted(name)
        + ",\"uid\":"
        + ApiWrite.quoted(uid)
        + "}";
  }
}
