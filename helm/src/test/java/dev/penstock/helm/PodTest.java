package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pods are made of. */
class PodTest {
  @Test
  void theFlagsFollowTheObjects() {
    assertThat(Chart.render().args())
        .containsExactly(
            "ingress",
            "--admin-port=10254",
            "--configmap=penstock/penstock",
            "--controller-class=penstock.dev/ingress-controller",
            "--drain-timeout=60s",
            "--election-id=penstock-leader",
            "--http-port=8080",
            "--https-port=8443",
            "--ingress-class=penstock",
            "--public-http-port=80",
            "--public-https-port=443",
            "--publish-service=penstock/penstock",
            "--state-dir=/state");
  }

  @Test
  void aFlagOfOnesOwnGoesBeforeThatOfTheChart() {
    List<String> args =
        Chart.render(
                "controller: {extraArgs: {drain-timeout: 45s, no-access-log: '', events: false,"
                    + " max-connections: 10000000, publish-status-address: '{{ .Release.Name }}.test'}}")
            .args();

    assertThat(args)
        .contains(
            "--drain-timeout=45s",
            "--no-access-log",
            "--events=false",
            "--max-connections=10000000",
            "--publish-status-address=penstock.test")
        .doesNotContain("--drain-timeout=60s");
  }

  @Test
  void flagsInAListDoTheSameAsInAMap() {
    assertThat(
            Chart.render(
                    "controller: {extraArgs: [--no-access-log, --drain-timeout=45s, --v=2, '--server-header=a=b']}")
                .args())
        .isEqualTo(
            Chart.render(
                    "controller: {extraArgs: {no-access-log: '', drain-timeout: 45s, server-header: a=b}}")
                .args());
  }

  @Test
  void whoHasLittleTimeToEndDrainsForThatLong() {
    assertThat(Chart.render("controller: {terminationGracePeriodSeconds: 300}").args())
        .contains("--drain-timeout=285s")
        .noneMatch(flag -> flag.startsWith("--drain-min"));
    assertThat(Chart.render("controller: {terminationGracePeriodSeconds: 20}").args())
        .contains("--drain-timeout=5s", "--drain-min=5s");
    assertThat(Chart.render("controller: {terminationGracePeriodSeconds: 0}").args())
        .contains("--drain-timeout=0s", "--drain-min=0s");
  }

  @Test
  void theImageIsNamedByRegistryNameTagAndDigest() {
    String digest = "sha256:" + "0f".repeat(32);

    assertThat(image("")).isEqualTo("penstock.dev/penstock:dev");
    assertThat(image("global: {image: {registry: r.test}}")).isEqualTo("r.test/penstock:dev");
    assertThat(image("controller: {image: {repository: r.test:5000/p, tag: '1'}}"))
        .isEqualTo("r.test:5000/p:1");
    assertThat(image("controller: {image: {registry: r.test, image: p, digest: '" + digest + "'}}"))
        .isEqualTo("r.test/p:dev@" + digest);
  }

  @Test
  void aTagThatIngressNginxCouldHaveIsThatOfTheImageThatIsNamed() {
    String repository = "controller: {image: {repository: r.test/penstock, tag: v1.0.1}}";

    assertThat(image(repository)).isEqualTo("r.test/penstock:v1.0.1");
    assertThat(image("controller: {image: {image: edge/penstock, tag: v1.0.1}}"))
        .isEqualTo("penstock.dev/edge/penstock:v1.0.1");
    assertThat(Chart.notes(repository)).doesNotContain("count as unset");
  }

  @Test
  void theImageOfIngressNginxIsNotPulled() {
    String digest = "sha256:" + "0f".repeat(32);

    assertThat(
            image(
                "controller: {image: {registry: registry.k8s.io, image: ingress-nginx/controller,"
                    + " tag: v1.15.1, digest: '"
                    + digest
                    + "'}}"))
        .isEqualTo("penstock.dev/penstock:dev");
    assertThat(image("controller: {image: {tag: v1.12.0, digest: '" + digest + "'}}"))
        .isEqualTo("penstock.dev/penstock:dev");
    assertThat(image("controller: {image: {repository: mirror.test/ingress-nginx/controller}}"))
        .isEqualTo("penstock.dev/penstock:dev");
    assertThat(
            image(
                "{global: {image: {registry: mirror.test}}, controller: {image: {image: ingress-nginx/controller}}}"))
        .isEqualTo("mirror.test/penstock:dev");
  }

  private static String image(String values) {
    return Chart.render(values).container().path("image").asText();
  }

  @Test
  void whatIngressNginxSaysByDefaultOfItsOwnProcessCountsAsUnset() {
    Manifest manifest =
        Chart.render(
            """
            controller:
              image: {runAsUser: 101, runAsGroup: 82, readOnlyRootFilesystem: false, allowPrivilegeEscalation: true}
              containerPort: {http: 80, https: 443}
              readinessProbe: {httpGet: {path: /healthz, port: 10254, scheme: HTTP}, initialDelaySeconds: 10}
              lifecycle: {preStop: {exec: {command: [/wait-shutdown]}}}
              resources: {requests: {cpu: 100m, memory: 90Mi}}
            """);
    JsonNode container = manifest.container();

    assertThat(manifest.pod().at("/securityContext/runAsUser").asInt()).isEqualTo(65532);
    assertThat(manifest.pod().at("/securityContext/runAsGroup").asInt()).isEqualTo(65532);
    assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean()).isFalse();
    assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(8080);
    assertThat(container.at("/ports/1/containerPort").asInt()).isEqualTo(8443);
    assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/readyz");
    assertThat(container.at("/readinessProbe/initialDelaySeconds").asInt()).isEqualTo(10);
    assertThat(container.has("lifecycle")).isFalse();
    assertThat(container.at("/resources/requests/memory").asText()).isEqualTo("256Mi");
  }

  @Test
  void lowPortsAreOpenedByTheSysctlAlone() {
    Manifest low = Chart.render("controller: {containerPort: {http: 81, https: 8443}}");

    assertThat(low.pod().at("/securityContext/sysctls"))
        .singleElement()
        .satisfies(sysctl -> {
          assertThat(sysctl.path("name").asText()).isEqualTo("net.ipv4.ip_unprivileged_port_start");
          assertThat(sysctl.path("value").asText()).isEqualTo("0");
        });
    assertThat(low.args()).contains("--http-port=81");
    assertThat(Chart.render().pod().at("/securityContext").has("sysctls")).isFalse();
  }

  @Test
  void theSecurityContextOfOnesOwnIsMergedAndGoesBefore() {
    Manifest manifest =
        Chart.render(
            """
            controller:
              containerPort: {http: 81, https: 8443}
              sysctls: {net.ipv4.tcp_syncookies: 1}
              podSecurityContext:
                runAsUser: 1000680000
                seccompProfile: {type: Localhost, localhostProfile: gateway.json}
                sysctls: [{name: net.ipv4.ip_local_port_range, value: 1024 65535}]
                fsGroup: 1000680000
            """);
    JsonNode security = manifest.pod().path("securityContext");

    assertThat(security.path("runAsUser").asText()).isEqualTo("1000680000");
    assertThat(security.path("runAsGroup").asText()).isEqualTo("65532");
    assertThat(security.path("runAsNonRoot").asBoolean()).isTrue();
    assertThat(security.path("fsGroup").asText()).isEqualTo("1000680000");
    assertThat(security.at("/seccompProfile/localhostProfile").asText()).isEqualTo("gateway.json");
    assertThat(security.path("sysctls"))
        .extracting(sysctl -> sysctl.path("name").asText() + "=" + sysctl.path("value").asText())
        .containsExactly(
            "net.ipv4.ip_local_port_range=1024 65535",
            "net.ipv4.ip_unprivileged_port_start=0",
            "net.ipv4.tcp_syncookies=1");
    assertThat(manifest.webhook().pod().at("/securityContext/runAsUser").asText())
        .isEqualTo("1000680000");
  }

  @Test
  void theContainersSecurityContextOfOnesOwnTakesNothingOfTheRestrictedOneAway() {
    assertThat(containerSecurity("{runAsUser: 1000}"))
        .hasToString(
            "{\"allowPrivilegeEscalation\":false,\"readOnlyRootFilesystem\":true,"
                + "\"capabilities\":{\"drop\":[\"ALL\"]},\"runAsUser\":1000}");
    assertThat(
            containerSecurity(
                "{capabilities: {drop: [NET_RAW]}, allowPrivilegeEscalation: null, readOnlyRootFilesystem: null}"))
        .isEqualTo(containerSecurity("{}"));
    assertThat(containerSecurity("{readOnlyRootFilesystem: false}").path("readOnlyRootFilesystem"))
        .hasToString("false");
  }

  private static JsonNode containerSecurity(String values) {
    return Chart.render("controller: {containerSecurityContext: " + values + "}")
        .container()
        .path("securityContext");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "podSecurityContext: null",
        "podSecurityContext: {seccompProfile: null, runAsNonRoot: null}",
        "image: {seccompProfile: null, runAsNonRoot: null}"
      })
  void aNullTakesNothingAwayThatRestrictedPodSecurityAsksFor(String values) {
    assertThat(Chart.render("controller: {" + values + "}").pod().path("securityContext"))
        .isEqualTo(Chart.render().pod().path("securityContext"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"image", "podSecurityContext"})
  void theClusterChoosesTheUserWhereItIsNull(String path) {
    Manifest manifest =
        Chart.render("controller: {" + path + ": {runAsUser: null, runAsGroup: null}}");

    for (Manifest part : List.of(manifest, manifest.webhook())) {
      assertThat(part.pod().path("securityContext").has("runAsUser")).isFalse();
      assertThat(part.pod().path("securityContext").has("runAsGroup")).isFalse();
      assertThat(part.pod().at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "128Mi, , -Xmx32m -XX:MaxNewSize=8m -Dio.netty.maxDirectMemory=33554432",
    "256Mi, , -Xmx64m -XX:MaxNewSize=16m -Dio.netty.maxDirectMemory=67108864",
    "512M, , -Xmx180m -XX:MaxNewSize=45m -Dio.netty.maxDirectMemory=188743680",
    "640Mi, , ",
    "1.5Gi, , ",
    "256Mi, -Xmx100m, -Xmx100m"
  })
  void whereTheMemoryLimitIsLowHeapAndBuffersAreSmaller(String limit, String own, String options) {
    String extra = own == null ? "" : ", extraEnvs: [{name: _JAVA_OPTIONS, value: " + own + "}]";
    Manifest manifest =
        Chart.render("controller: {resources: {limits: {memory: " + limit + "}}" + extra + "}");

    assertThat(manifest.container().path("env").valueStream())
        .filteredOn(variable -> variable.path("name").asText().equals("_JAVA_OPTIONS"))
        .map(variable -> variable.path("value").asText())
        .isEqualTo(options == null ? List.of() : List.of(options));
  }

  @ParameterizedTest
  @CsvSource({
    "{memory: 128Mi}, 128Mi, 100m",
    "{memory: 0.25Gi}, 256Mi, 100m",
    "'{cpu: 0.05, memory: 1Gi}', 256Mi, 0.05",
    "{cpu: 1}, 256Mi, 100m"
  })
  void aLimitBelowWhatIsRequestedByDefaultIsRequestedInstead(
      String limits, String memory, String cpu) {
    String resources = "resources: {limits: " + limits + "}";
    Manifest manifest =
        Chart.render("controller: {" + resources + ", admissionWebhooks: {" + resources + "}}");
    JsonNode requests = manifest.container().at("/resources/requests");

    assertThat(requests.path("memory").asText()).isEqualTo(memory);
    assertThat(requests.path("cpu").asText()).isEqualTo(cpu);
    assertThat(manifest.webhook().container().at("/resources/requests/memory").asText())
        .isEqualTo(memory.equals("128Mi") ? memory : "192Mi");
  }

  @Test
  void moreRequestedThanTheLimitByDefaultIsTheLimit() {
    String resources = "resources: {requests: {memory: 1Gi}}";
    Manifest manifest =
        Chart.render("controller: {" + resources + ", admissionWebhooks: {" + resources + "}}");

    for (Manifest part : List.of(manifest, manifest.webhook())) {
      assertThat(part.container().at("/resources/requests/memory").asText()).isEqualTo("1Gi");
      assertThat(part.container().at("/resources/limits/memory").asText()).isEqualTo("1Gi");
    }
  }

  @Test
  void whatSelectsThePodsOfIngressNginxSelectsThese() {
    Manifest manifest =
        Chart.render(
            """
            controller:
              affinity:
                podAntiAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                    - topologyKey: kubernetes.io/hostname
                      labelSelector:
                        matchExpressions:
                          - {key: app.kubernetes.io/name, operator: In, values: [ingress-nginx]}
                          - {key: app.kubernetes.io/instance, operator: In, values: [ingress-nginx]}
              topologySpreadConstraints:
                - topologyKey: topology.kubernetes.io/zone
                  maxSkew: 1
                  whenUnsatisfiable: ScheduleAnyway
                  labelSelector:
                    matchLabels:
                      app.kubernetes.io/name: ingress-nginx
                      app.kubernetes.io/part-of: ingress-nginx
            """);
    String selector =
        "/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/labelSelector";
    JsonNode spread = manifest.pod().at("/topologySpreadConstraints/0/labelSelector/matchLabels");

    assertThat(manifest.pod().at(selector + "/matchExpressions").toString())
        .contains("\"values\":[\"penstock\"]", "\"values\":[\"ingress-nginx\"]");
    assertThat(spread.path("app.kubernetes.io/name").asText()).isEqualTo("penstock");
    assertThat(spread.path("app.kubernetes.io/part-of").asText()).isEqualTo("ingress-nginx");
  }

  @Test
  void twoPodsThatNeedTheSamePortOfANodeAreNeverThereTogether() {
    JsonNode free = Chart.render().one(Kind.Deployment).at("/spec/strategy/rollingUpdate");
    JsonNode bound =
        Chart.render("controller: {hostPort: {enabled: true}}")
            .one(Kind.Deployment)
            .at("/spec/strategy/rollingUpdate");

    assertThat(free.path("maxSurge").asInt()).isEqualTo(1);
    assertThat(free.path("maxUnavailable").asInt()).isZero();
    assertThat(bound.path("maxSurge").asInt()).isZero();
    assertThat(bound.path("maxUnavailable").asInt()).isEqualTo(1);
  }

  @Test
  void onTheNodesNetworkClientsComeToThePortsOfTheProcess() {
    String node = "hostNetwork: true, containerPort: {http: 8080, https: 8443}";

    assertThat(Chart.render("controller: {" + node + ", service: {enabled: false}}").args())
        .contains("--public-http-port=8080", "--public-https-port=8443");
    assertThat(Chart.render("controller: {" + node + "}").args())
        .contains("--public-https-port=443");
  }

  @Test
  void portsOfTheNodeLeadToThoseOfTheContainer() {
    Manifest manifest =
        Chart.render(
            "controller: {kind: DaemonSet, hostPort: {enabled: true, ports: {http: 8000}}}");

    assertThat(manifest.one(Kind.DaemonSet).at("/spec").has("replicas")).isFalse();
    assertThat(manifest.container().at("/ports/0/hostPort").asInt()).isEqualTo(8000);
    assertThat(manifest.container().at("/ports/0/containerPort").asInt()).isEqualTo(8080);
    assertThat(manifest.args()).contains("--public-http-port=8000", "--public-https-port=443");
  }

  @Test
  void theTokenIsGivenToThePodsAndByTheAccountToNobody() {
    Manifest manifest = Chart.render();

    assertThat(manifest.pod().path("automountServiceAccountToken").asBoolean()).isTrue();
    assertThat(
            manifest.one(Kind.ServiceAccount).path("automountServiceAccountToken").asBoolean(true))
        .isFalse();
  }

  @Test
  void theStateIsInMemory() {
    assertThat(Chart.render().pod().at("/volumes/0/emptyDir/medium").asText()).isEqualTo("Memory");
  }
}
