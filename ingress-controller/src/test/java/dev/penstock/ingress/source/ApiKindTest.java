package dev.penstock.ingress.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.model.Diagnostic;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is kept of the API's objects. */
class ApiKindTest {
  private static final String LONG = "x".repeat(100_000);
  private static final String OURS = "nginx.ingress.kubernetes.io/whitelist-source-range";

  private static byte[] object(String kind, String annotation, String value) {
    return """
    {"kind": "%s", "metadata": {"name": "a", "namespace": "shop", "annotations": {"%s": "%s"}},
     "spec": {"defaultBackend": {"service": {"name": "web", "port": {"number": 80}}}}}
    """
        .formatted(kind, annotation, value)
        .getBytes(UTF_8);
  }

  private static String ingressValue(String annotation, String value) throws IOException {
    IngressObject read = ApiKind.INGRESS.object(object("Ingress", annotation, value)).value();
    return String.valueOf(Objects.requireNonNull(read).annotations().values().get(annotation));
  }

  @Test
  void ofAServiceNoAnnotationIsKeptThatNobodyReads() throws IOException {
    ServiceObject read = ApiKind.SERVICE.object(object("Service", "example.com/x", LONG)).value();

    assertThat(Objects.requireNonNull(read).annotations()).isEmpty();
  }

  @Test
  void ofAnIngressALongValueOfSomebodyElsesAnnotationIsCut() throws IOException {
    assertThat(ingressValue("example.com/x", LONG)).hasSize(256);
  }

  @Test
  void ofAnIngressAnAnnotationOfOursThatIsTooLongCannotBeRead() throws IOException {
    assertThat(ingressValue(OURS, "10.0.0.0/8")).isEqualTo("10.0.0.0/8");
    assertThat(ingressValue(OURS, LONG)).isEqualTo("(cannot be read)");
  }

  @Test
  void whateverAnApiServerStoresInManagedFieldsIsPassedOver() throws IOException {
    String many = "{\"f:a\": ".repeat(9_000) + "{}" + "}".repeat(9_000);
    for (String fields :
        List.of(many, "{\"" + LONG + "\": {}}", "9".repeat(5_000), "\"\\ud800ÿ\"")) {
      String json =
          """
          {"metadata": {"resourceVersion": "7"}, "items": [
           {"metadata": {"name": "a", "namespace": "shop", "managedFields": [{"fieldsV1": %s}]}},
           {"metadata": {"name": "b", "namespace": "shop"}}]}
          """
              .formatted(fields);
      byte[] bytes = json.getBytes(ISO_8859_1); // in which ÿ is no UTF-8

      assertThat(ApiKind.INGRESS.page(bytes, bytes.length, false).objects())
          .extracting(each -> each.key().name())
          .containsExactly("a", "b");
    }
  }

  @Test
  void whatIsReadMayNotBeNestedWithoutEnd() {
    String deep = "[".repeat(200) + "]".repeat(200);
    byte[] json = "{\"metadata\": {\"name\": \"a\"}, \"spec\": %s}".formatted(deep).getBytes(UTF_8);

    assertThatThrownBy(() -> ApiKind.INGRESS.object(json))
        .hasMessage("it is nested deeper than 100 levels");
  }

  @Test
  void anObjectThatIsCutAnywhereIsKnownByItsNameAndToldOnIt() throws IOException {
    String ingress =
        """
        {"kind": "Ingress", "metadata": {"name": "a", "namespace": "shop", "resourceVersion": "7",
          "labels": {"a": "b"}, "annotations": {"%s": "10.0.0.0/8"}, "managedFields": [{"x": {}}]},
         "spec": {"rules": [{"host": "a.test", "http": {"paths": [{"path": "/", "x": [1, true]}]}}]}}
        """
            .formatted(OURS);
    String event = "{\"type\": \"MODIFIED\", \"object\": " + ingress + "}";
    String page = "{\"metadata\": {\"resourceVersion\": \"9\"}, \"items\": [" + ingress + "]}";
    int known = "\"resourceVersion\": \"7\"".length();

    for (int cut = event.indexOf("\"resourceVersion") + known; cut < event.length(); cut++) {
      ApiEvent<IngressObject> read =
          ApiKind.INGRESS.event(event.substring(0, cut).getBytes(UTF_8), true);
      assertThat(read).isInstanceOfSatisfying(ApiEvent.Present.class, each -> told(each.object()));
    }
    for (int cut = page.lastIndexOf("\"resourceVersion") + known; cut < page.length(); cut++) {
      ApiPage<IngressObject> read = ApiKind.INGRESS.page(page.getBytes(UTF_8), cut, true);
      assertThat(read.version()).isEqualTo("9");
      assertThat(read.objects()).singleElement().satisfies(ApiKindTest::told);
    }
  }

  private static void told(ApiObject<?> object) {
    assertThat(object.key()).hasToString("shop/a");
    assertThat(object.version()).isEqualTo("7");
    assertThat(object.diagnostics())
        .extracting(Diagnostic::message)
        .anyMatch(each -> each.startsWith("the object is too large as JSON to be read as a "));
  }

  @Test
  void ofWhatIsCutTheProtectionThatWasReadClosesItsHosts() throws IOException {
    String cut =
        """
        {"type": "ADDED", "object": {"metadata": {"name": "a", "namespace": "shop",
          "resourceVersion": "7", "annotations": {"%s": "10.0.0.0/8"}},
         "spec": {"rules": [{"host": "a.test"}, {"host": "b.t\
        """
            .formatted(OURS);

    ApiEvent<IngressObject> read = ApiKind.INGRESS.event(cut.strip().getBytes(UTF_8), true);

    IngressObject kept = ((ApiEvent.Present<IngressObject>) read).object().value();
    assertThat(Objects.requireNonNull(kept).isBroken()).isTrue();
    assertThat(kept.rules()).extracting(IngressObject.Rule::host).contains("a.test");
  }

  @Test
  void ofTheAddressesOfAServiceTheClusterIpsAreKeptAlone() throws IOException {
    String json =
        """
        {"kind": "Service", "metadata": {"name": "a", "namespace": "shop"},
         "spec": {"clusterIP": "10.96.0.7", "clusterIPs": ["10.96.0.7", "fd00::7"],
                  "externalIPs": ["192.0.2.1"], "ports": [{"port": 80}]},
         "status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.2"}, {"hostname": "lb.test"}]}}}
        """;

    assertThat(clusterIps(json)).containsExactly("10.96.0.7", "fd00::7");
    assertThat(clusterIps(json.replaceAll("10.96.0.7|fd00::7", "None"))).isEmpty();
  }

  @Test
  void ofAServiceThatIsTooLargeTheClusterIpsAreKept() throws IOException {
    String json =
        """
        {"kind": "Service", "metadata": {"name": "a", "namespace": "shop"},
         "spec": {"clusterIP": "10.96.0.7", "ports": [{"port": 80}],
          "externalIPs": ["192.0.2.1%s"]}}
        """
            .formatted("\", \"192.0.2.1".repeat(200_000));

    assertThat(clusterIps(json)).containsExactly("10.96.0.7");
  }

  private static List<String> clusterIps(String json) throws IOException {
    return Objects.requireNonNull(ApiKind.SERVICE.object(json.getBytes(UTF_8)).value())
        .clusterIps();
  }
}
