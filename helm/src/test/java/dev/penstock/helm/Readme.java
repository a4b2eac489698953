package dev.penstock.helm;

import java.util.List;
import java.util.stream.Collectors;

/** {@code README.md} of the chart: made of {@code values.yaml}. */
final class Readme {
  private Readme() {}

  static String of(List<Value> values) {
    return """
    # Penstock's Helm chart

    Made of [values.yaml](values.yaml) by `make chart`; change that, or the generator.

    ```sh
    helm upgrade --install penstock helm/penstock --namespace penstock --create-namespace --values values.yaml
    ```

    A values file that was written for ingress-nginx's chart can be used as it is: its keys mean here what they mean there, but for
    [those that have no effect](#keys-of-ingress-nginx-without-effect) and [defaults that count as unset](#defaults-of-ingress-nginx-that-count-as-unset). What
    is unknown, of a wrong type or contradicts itself is refused. There are no hooks, and nothing is different when it is rendered
    twice, so `helm template | kubectl apply` and GitOps work.

    To take over the classes of ingress-nginx: `controller.ingressClass` and `controller.ingressClassResource.name` `nginx`,
    `controller.ingressClassResource.controllerValue` `k8s.io/ingress-nginx`.

    ## Values

    | key | default | |
    |---|---|---|
    %s
    ## Keys of ingress-nginx without effect

    They are accepted; `helm install` names those that are set.

    | key | why |
    |---|---|
    %s
    ## Defaults of ingress-nginx that count as unset

    A file with all values of its chart has them, and they cannot be meant for Penstock.

    | key | value, as JSON |
    |---|---|
    %s\
    """
        .formatted(
            values.stream()
                .filter(value -> !value.isClosed())
                .map(value -> row(value.key(), code(value.written()), value.says()))
                .collect(Collectors.joining()),
            NginxKeys.withoutEffect().entrySet().stream()
                .map(key -> row(key.getKey(), key.getValue()))
                .collect(Collectors.joining()),
            NginxKeys.countedAsUnset().entrySet().stream()
                .map(key -> row(key.getKey(), code(key.getValue())))
                .collect(Collectors.joining()));
  }

  private static String row(String key, String... cells) {
    return "| `" + key + "` | " + String.join(" | ", cells) + " |\n";
  }

  private static String code(String text) {
    return text.isEmpty() ? "" : "`" + text.replace("|", "\\|") + "`";
  }
}
